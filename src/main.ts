/** Builds the parts and connects them. The only place where they meet. */
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { authorize } from './authorization/authorize.ts'
import { createDispatcher } from './aws-api/dispatcher.ts'
import { createAuditSink } from './cloudtrail/event-store.ts'
import type { Clock } from './core/clock.ts'
import { OperatorError } from './core/errors.ts'
import type { Log } from './core/log.ts'
import type { Random } from './core/random.ts'
import { createSealer } from './credentials/seal.ts'
import { createListener } from './http/listener.ts'
import { ownHosts } from './http/own-hosts.ts'
import { createStaticFiles } from './http/static-files.ts'
import { iamHandlers } from './iam/handlers.ts'
import type { Store } from './open-store.ts'
import type { SignInParts } from './sign-in/parts.ts'
import { createCredentialReader } from './sts/find-credential.ts'
import { stsHandlers } from './sts/handlers.ts'
import { tidy } from './tidy.ts'

export interface ServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
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

/** How long requests that have begun may take when the server stops (security: F-30). */
const closeMs = 10_000

/** How often leftovers are swept. */
const tidyMs = 60_000

export async function startServer(
  store: Store,
  options: ServerOptions,
  outside: { clock: Clock; random: Random; log: Log },
): Promise<RunningServer> {
  const { clock, random, log } = outside
  const { storage, sealer } = store
  const tokenSealer = createSealer(sealer.subkey('session tokens'), random)
  const audit = createAuditSink(storage, clock, random)
  const signIn: SignInParts = { storage, sealer, tokenSealer, audit, clock, random }
  const dispatcher = createDispatcher({
    services: [iamHandlers(sealer), stsHandlers()],
    credentials: createCredentialReader({ storage, sealer, tokenSealer, clock }),
    authorize,
    store: storage,
    audit,
    clock,
    random,
    log,
  })
  let isOwnHost = (_host: string) => false
  const server = createListener({
    dispatcher,
    signIn,
    files: createStaticFiles(consoleFolder),
    isReady: () => isReady(store, clock, log),
    isOwnHost: (host) => isOwnHost(host),
    publicUrl: options.publicUrl,
    log,
  })
  const port = await listen(server, options)
  isOwnHost = ownHosts({ host: options.host, port }, options.publicUrl)
  const sweep = setInterval(() => {
    tidy(storage, clock.now()).catch((error: unknown) =>
      log.warn({ reason: String(error) }, 'leftovers could not be swept'),
    )
  }, tidyMs)
  sweep.unref()

  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      clearInterval(sweep)
      await closeServer(server)
      await storage.close()
    },
  }
}

function listen(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen({ host, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): OperatorError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new OperatorError(
        `port ${port} on ${host} is in use: stop what uses it, or choose another one with --port`,
        { cause: error },
      )
    case 'EACCES':
      return new OperatorError(`port ${port} may not be used by this user: choose one above 1023 with --port`, {
        cause: error,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new OperatorError(`${host} is no address of this machine: choose another one with --host`, {
        cause: error,
      })
    default:
      return new OperatorError(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error })
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), closeMs)
  await closed
  clearTimeout(late)
}

/** A node whose clock is further from the database's would judge codes by a time of its own (security: V6.5.8). */
const clockSkewMsMax = 2000

async function isReady({ storage }: Store, clock: Clock, log: Log): Promise<boolean> {
  try {
    if (storage.engine === 'sqlite') {
      await sql`select 1`.execute(storage.reader)
      return true
    }
    const { rows } = await sql<{
      now: number
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(storage.reader)
    const skewMs = Math.abs(Number(rows[0]?.now) - clock.now())
    if (skewMs > clockSkewMsMax) log.warn({ skewMs }, 'the clock of this machine differs from the database')
    return skewMs <= clockSkewMsMax
  } catch (error) {
    log.warn({ reason: String(error) }, 'the store does not answer')
    return false
  }
}
