import net from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** `pass`: bytes flow. `stall`: nothing arrives any more, on old connections and new ones, and nobody is told. `refuse`: nobody listens. */
  set(mode: 'pass' | 'stall' | 'refuse'): Promise<void>
  /** Breaks every connection. With `answerOf`, each breaks instead when the server answers a message that holds this text. */
  cut(answerOf?: string): void
  /** The connections of this moment never get another byte, and nobody is told; new ones do. */
  silence(): void
  close(): Promise<void>
}

/** Stands between a server and its database, and fails as networks do. */
export async function tcpProxy(to: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>()
  let stalled = false
  let cutAnswerOf: string | undefined
  let generation = 0
  const server = net.createServer((near) => {
    const far = net.connect(to)
    let isAsked = false
    const born = generation
    const isSilent = () => stalled || born < generation
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (chunk) => {
      if (isSilent()) return
      isAsked ||= cutAnswerOf !== undefined && chunk.includes(cutAnswerOf)
      far.write(chunk)
    })
    far.on('data', (chunk) => {
      if (isSilent()) return
      if (isAsked) near.destroy()
      else near.write(chunk)
    })
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as net.AddressInfo
  const stopListening = () =>
    new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
  const cut = (answerOf?: string) => {
    cutAnswerOf = answerOf
    if (answerOf === undefined) for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    async set(mode) {
      stalled = mode === 'stall'
      if (mode !== 'refuse') {
        // What was held back is lost: connections of before are of no use.
        if (mode === 'pass') cut()
        if (!server.listening) await listen(port)
        return
      }
      const closed = stopListening()
      cut()
      await closed
    },
    cut,
    silence: () => {
      generation++
    },
    async close() {
      const closed = stopListening()
      cut()
      await closed
    },
  }
}
