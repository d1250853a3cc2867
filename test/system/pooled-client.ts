import http from 'node:http'
import { checkAnswer } from '../support/answers.ts'
import { createCanaries } from '../support/canaries.ts'

export interface PooledAnswer {
  readonly status: number
  readonly body: Buffer
  json<T>(): T
}

export interface PooledClient {
  readonly url: string
  request(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<PooledAnswer>
  /** Closes its idle connections. */
  close(): void
}

/** Many requests over few connections, for rounds by the thousand. Every answer still passes the hook. */
export function pooledClient(url: string, connections = 16): PooledClient {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  return {
    url,
    request: (method, path, headers, body) => exchange(agent, { method, url: `${url}${path}` }, headers, body),
    close: () => agent.destroy(),
  }
}

function exchange(
  agent: http.Agent,
  asked: { readonly method: string; readonly url: string },
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Promise<PooledAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(asked.url, { agent, method: asked.method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const raw = response.rawHeaders
        const pairs = raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []))
        const answer = { status: response.statusCode ?? 0, headers: pairs, body: Buffer.concat(chunks) }
        try {
          // A registry of its own: the secrets of thousands of rounds would make each search slower than the last.
          checkAnswer(asked, answer, { canaries: createCanaries() })
          resolve({ ...answer, json: <T>() => JSON.parse(answer.body.toString()) as T })
        } catch (error) {
          reject(error)
        }
      })
    })
    request.once('error', reject)
    request.end(body)
  })
}
