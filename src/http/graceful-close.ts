/**
 * Stops a server without dropping a request (security: F-30). Node's own `close()` destroys every connection that is idle at
 * that moment, with the request that may just be on its way. Here the listening ends first; whoever still sends a request on
 * an open connection gets its answer with `Connection: close`; what stays silent is closed a moment later.
 */
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'

/** Longer than a request is on its way; a connection that is silent for so long is nobody's loss. */
const silentMs = 500

/** How long requests that have begun may take. */
const closeMs = 10_000

/** To be called before the server gets requests; what it returns stops the server. */
export function gracefulClose(server: Server): () => Promise<void> {
  let closing = false
  server.prependListener('request', (_message, response) => {
    if (closing) response.shouldKeepAlive = false
  })
  return async () => {
    // What the kernel has taken by now is accepted first; the little that it takes between here and the close it resets itself.
    await new Promise((resolve) => setImmediate(resolve))
    closing = true
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
    // Also ends what `http.Server` does in the background.
    const silent = setTimeout(() => server.close(), silentMs)
    const late = setTimeout(() => server.closeAllConnections(), closeMs)
    await closed
    clearTimeout(silent)
    clearTimeout(late)
    server.close()
  }
}
