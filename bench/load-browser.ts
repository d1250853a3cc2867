/** A browser as far as cookies, one connection and the anti-forgery token go: light enough for load. */
import http from 'node:http'

export interface LoadAnswer {
  readonly status: number
  readonly body: {
    readonly error?: { readonly code: string; readonly retryAfterSeconds?: number }
    readonly step?: { readonly name: string }
    readonly [name: string]: unknown
  }
}

export function newLoadBrowser(url: string) {
  const cookies = new Map<string, string>()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  let token = ''

  const headersOf = (body: string | undefined): Record<string, string> => ({
    cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-anti-forgery': token }),
  })

  const ask = (method: string, target: string, body?: string): Promise<LoadAnswer> =>
    new Promise((resolve, reject) => {
      const request = http.request(`${url}${target}`, { method, agent, headers: headersOf(body) }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) {
            const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
            if (value === '') cookies.delete(name)
            else cookies.set(name, value)
          }
          const text = Buffer.concat(chunks).toString()
          resolve({
            status: response.statusCode ?? 0,
            body: text === '' ? {} : (JSON.parse(text) as LoadAnswer['body']),
          })
        })
      })
      request.once('error', reject)
      request.end(body)
    })

  return {
    async open() {
      const { body } = await ask('GET', '/sign-in/state')
      token = String(body['antiForgery'])
    },
    post: (target: string, body: object) => ask('POST', target, JSON.stringify(body)),
    /** The same request as text, for a connection of its own. */
    requestText(target: string, body: object): string {
      const text = JSON.stringify(body)
      const headers = { host: new URL(url).host, ...headersOf(text), 'content-length': String(Buffer.byteLength(text)) }
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      return `POST ${target} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
    },
    close: () => agent.destroy(),
  }
}

export type LoadBrowser = ReturnType<typeof newLoadBrowser>
