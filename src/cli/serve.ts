import { anyAccountExists } from '../accounts/account-store.ts'
import { newSetupLink, setupLinkMs } from '../accounts/setup-link.ts'
import { systemClock } from '../core/clock.ts'
import { systemRandom } from '../core/random.ts'
import { checkAddress } from '../http/listen.ts'
import { createLog } from '../log.ts'
import { type RunningServer, startServer } from '../main.ts'
import { Misuse, openStoreOf, parseFlags, parseNumberFlag } from './options.ts'

export async function serve(args: readonly string[]): Promise<number> {
  const flags = parseFlags('serve', args)
  const host = flags.host ?? '127.0.0.1'
  const port = parseNumberFlag(flags.port ?? '4100', 'port', 0, 65_535)
  const publicUrl = flags['public-url'] === undefined ? {} : { publicUrl: parsePublicUrl(flags['public-url']) }
  const stop = waitForSignal()

  if (port !== 0) await checkAddress({ host, port })
  const store = await openStoreOf(flags)
  let server: RunningServer
  try {
    server = await startServer(
      store,
      { host, port, ...publicUrl },
      { clock: systemClock, random: systemRandom, log: createLog() },
    )
  } catch (error) {
    await store.storage.close()
    throw error
  }
  const shown = publicUrl.publicUrl?.origin ?? server.url
  print(`Sallyport serves the console and the AWS API (iam, sts) at ${shown}`)
  print(`Data: ${store.description}`)
  const { reader } = store.storage
  if (!(await anyAccountExists(reader))) {
    const token = await store.storage.transaction((tx) => newSetupLink(tx, systemRandom, systemClock.now()))
    print(`No account exists yet. Create one within ${setupLinkMs / 60_000} minutes, with this link, which works once:`)
    print(`  ${shown}/setup#token=${token}`)
  }
  print(`ready ${server.url}`)
  await stop
  await server.close()
  return 0
}

const print = (line: string) => process.stdout.write(`${line}\n`)

/** Listens from the first moment: a signal during the start stops it as soon as it stands. */
const waitForSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })

function parsePublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.username === ''
  )
    return url
  throw new Misuse(`got --public-url ${JSON.stringify(text)}, expected an address such as https://aws.example.com`)
}
