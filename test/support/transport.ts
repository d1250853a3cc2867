import http from 'node:http'
import https from 'node:https'
import { type Answer, type CheckOptions, checkAnswer } from './answers.ts'

export type HeaderPairs = readonly (readonly [name: string, value: string])[]

export interface Sent {
  readonly method: string
  /** Absolute. The path goes out as it stands: nothing is normalised. */
  readonly url: string
  readonly headers: HeaderPairs
  readonly body?: string | Uint8Array
}

/** An answer that has been read to its end. */
export interface ReadAnswer extends Answer {
  readonly body: Buffer
}

/** One request over a connection of its own, so that nothing of an earlier one helps it. Every answer passes the hook. */
export async function send(request: Sent, options: CheckOptions = {}): Promise<ReadAnswer> {
  const answer = await exchange(request)
  checkAnswer(request, answer, options)
  return answer
}

function exchange({ method, url, headers, body }: Sent): Promise<ReadAnswer> {
  const [, protocol, host = '', target = '/'] = /^(https?:)\/\/([^/?]+)(.*)$/.exec(url) ?? []
  const { hostname, port } = new URL(`${protocol}//${host}`)
  const request = (protocol === 'https:' ? https : http).request({
    hostname,
    port,
    method,
    path: target.startsWith('/') ? target : `/${target}`,
    agent: false,
    setHost: false,
    ...(protocol === 'https:' ? { rejectUnauthorized: false } : {}),
  })
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  if (!given.has('host')) request.setHeader('Host', host)
  for (const name of given) {
    const values = headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value)
    request.setHeader(name, values.length === 1 ? (values[0] ?? '') : values)
  }
  const isSized = given.has('content-length') || given.has('transfer-encoding')
  if (body !== undefined && !isSized) request.setHeader('Content-Length', Buffer.byteLength(body))
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const raw = response.rawHeaders
        const pairs = raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []))
        resolve({ status: response.statusCode ?? 0, headers: pairs, body: Buffer.concat(chunks) })
      })
    })
    request.end(body)
  })
}
