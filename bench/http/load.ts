/**
 * Load, and what it costs. Connections share out the requests, so that no two of them send the same one at the same moment: what a
 * server may look up once for several callers is then looked up for each.
 */
import net from 'node:net'
import autocannon from 'autocannon'

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Load {
  /** Where the server listens; the Host stays the one that was signed. */
  readonly port: number
  readonly requests: readonly SignedRequest[]
  readonly connections: number
  readonly seconds: number
}

export interface Answered {
  readonly answers: number
  readonly perSecond: number
}

/** Connections that are kept, one request at a time on each: what the AWS SDKs do. Throws unless every answer is a 200. */
export async function loadKeptConnections({ port, requests, connections, seconds }: Load): Promise<Answered> {
  let next = 0
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    setupClient: (client) => {
      const own = shareOf(requests, next++, connections)
      client.setRequests(own.map(({ headers, body }) => ({ method: 'POST', path: '/', headers: { ...headers }, body })))
    },
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors under load`)
  return { answers: result['2xx'], perSecond: result['2xx'] / result.duration }
}

/**
 * A new connection for each request, which the server closes: what a server that keeps none can be compared by. On connections
 * that are kept, a client of such a server sends into a closing one and waits for its own time limit.
 */
export async function loadNewConnections({ port, requests, connections, seconds }: Load): Promise<Answered> {
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const work = async (own: readonly Buffer[]): Promise<number> => {
    let answers = 0
    for (; performance.now() < until; answers++) await exchange(port, own[answers % own.length] ?? Buffer.alloc(0))
    return answers
  }
  const raw = requests.map(toBytes)
  const counts = await Promise.all(Array.from({ length: connections }, (_, at) => work(shareOf(raw, at, connections))))
  const answers = counts.reduce((sum, count) => sum + count, 0)
  return { answers, perSecond: (answers * 1000) / (performance.now() - startedAt) }
}

/** The n-th connection's part of all. */
function shareOf<T>(all: readonly T[], connection: number, connections: number): readonly T[] {
  const own = all.filter((_, index) => index % connections === connection)
  if (own.length === 0) throw new RangeError(`got ${all.length} requests for ${connections} connections`)
  return own
}

function toBytes({ headers, body }: SignedRequest): Buffer {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

/** One request on a connection of its own. Rejects unless the answer is a 200. */
function exchange(port: number, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('connect', () => socket.write(request))
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('close', () => {
      if (/^HTTP\/1\.[01] 200 /.test(answer)) resolve()
      else reject(new Error(`refused under load: ${answer.slice(0, 500)}`))
    })
  })
}
