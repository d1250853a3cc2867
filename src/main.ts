/** Builds the parts and connects them. The only place where they meet. */
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { authorize } from './authorization/authorize.ts'
import { createDispatcher } from './aws-api/dispatcher.ts'
import { createAuditSink } from './cloudtrail/event-store.ts'
import type { Clock } from './core/clock.ts'
import type { Log } from './core/log.ts'
import { type Random, randomUuid } from './core/random.ts'
import { createSealer } from './credentials/seal.ts'
import { gracefulClose } from './http/graceful-close.ts'
import { type Address, listen } from './http/listen.ts'
import { createListener } from './http/listener.ts'
import { ownHosts } from './http/own-hosts.ts'
import { createStaticFiles } from './http/static-files.ts'
import { iamHandlers } from './iam/handlers.ts'
import type { Store } from './open-store.ts'
import { purgeExpired } from './purge-expired.ts'
import type { SignInParts } from './sign-in/parts.ts'
import { createRefusalCounts } from './sign-in/refusal-counts.ts'
import { setMeta } from './storage/meta.ts'
import { type SharedTime, sharedTimeOf } from './storage/shared-time.ts'
import { createCredentialReader } from './sts/find-credential.ts'
import { stsHandlers } from './sts/handlers.ts'

export interface ServerOptions extends Address {
  /** Set when browsers come by another address than the one listened on, as through a proxy with TLS. */
  readonly publicUrl?: URL
}

export interface RunningServer {
  /** `http://127.0.0.1:4100` */
  readonly url: string
  /** Stops accepting, answers what has begun, closes the store. */
  close(): Promise<void>
}

/** Beside the compiled program, also when the sources are run. */
const consoleFolder = fileURLToPath(new URL('../dist/console/', import.meta.url))

/** How often leftovers are swept and counted refusals are recorded. */
const purgeMs = 60_000

export async function startServer(
  store: Store,
  options: ServerOptions,
  outside: {
    readonly clock: Clock
    readonly random: Random
    readonly log: Log
    /** Absent: the store's own. */
    readonly sharedTime?: SharedTime
  },
): Promise<RunningServer> {
  const { clock, random, log } = outside
  const { storage, sealer } = store
  const tokenSealer = createSealer(sealer.subkey('session tokens'), random)
  const audit = createAuditSink(storage, clock, random)
  const refusals = createRefusalCounts(storage, audit, clock, `${hostname()} ${randomUuid(random).slice(0, 8)}`)
  const sharedTime = outside.sharedTime ?? sharedTimeOf(storage, clock)
  const signIn: SignInParts = { storage, sealer, tokenSealer, audit, refusals, clock, sharedTime, random }
  const dispatcher = createDispatcher({
    services: [iamHandlers(sealer, sharedTime), stsHandlers()],
    credentials: createCredentialReader({ storage, sealer, tokenSealer, clock }),
    authorize,
    store: storage,
    audit,
    clock,
    random,
    log,
  })
  let isOwnHost = (_host: string) => false
  const { server, idle } = createListener({
    dispatcher,
    signIn,
    files: createStaticFiles(consoleFolder),
    isReady: createReadiness(store, clock, log),
    isOwnHost: (host) => isOwnHost(host),
    publicUrl: options.publicUrl,
    log,
  })
  const close = gracefulClose(server)
  const port = await listen(server, options)
  isOwnHost = ownHosts({ host: options.host, port }, options.publicUrl)
  const flushRefusals = () =>
    refusals.flush().catch((error: unknown) => log.warn({ reason: String(error) }, 'refusals could not be recorded'))
  const purge = async () => purgeExpired(storage, await sharedTime())
  const sweep = setInterval(() => {
    void flushRefusals()
    purge().catch((error: unknown) => log.warn({ reason: String(error) }, 'leftovers could not be swept'))
  }, purgeMs)
  sweep.unref()

  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      clearInterval(sweep)
      await close()
      await idle()
      await flushRefusals()
      await storage.close()
    },
  }
}

/** A node whose clock is further from the database's would judge codes by a time of its own (security: V6.5.8). */
const clockSkewMsMax = 2000

/** Everybody may ask for readiness, and an answer costs a write: it is looked into once a second. */
const readinessMs = 1000

function createReadiness(store: Store, clock: Clock, log: Log): () => Promise<boolean> {
  let last: { readonly at: number; readonly ready: Promise<boolean> } | undefined
  return () => {
    const now = clock.now()
    if (last === undefined || Math.abs(now - last.at) >= readinessMs)
      last = { at: now, ready: isReady(store, clock, log) }
    return last.ready
  }
}

/** Ready: the store takes a write (a full disk still gives reads), and the clock agrees with it. */
async function isReady({ storage }: Store, clock: Clock, log: Log): Promise<boolean> {
  try {
    await setMeta(storage.reader, 'ready-at', String(clock.now()))
    const skewMs = Math.abs((await sharedTimeOf(storage, clock)()) - clock.now())
    if (skewMs > clockSkewMsMax) log.warn({ skewMs }, 'the clock of this machine differs from the database')
    return skewMs <= clockSkewMsMax
  } catch (error) {
    log.warn({ reason: String(error) }, 'the store takes no writes')
    return false
  }
}
