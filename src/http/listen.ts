/** The address that a server listens on, and why it may not. */
import { createServer, type Server } from 'node:net'
import { OperatorError } from '../core/errors.ts'

export interface Address {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** Returns the port. Throws an `OperatorError` with one clear sentence. */
export function listen(server: Server, { host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen({ host, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Refuses like `listen`, before anything else is begun: a start that cannot succeed leaves nothing behind. */
export async function checkAddress(address: Address): Promise<void> {
  const server = createServer((socket) => socket.destroy())
  await listen(server, address)
  await new Promise((resolve) => server.close(resolve))
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
