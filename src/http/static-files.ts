/** The built console: hashed files under /assets/, and one page for all its addresses. Read once, served precompressed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pagePolicy } from './headers.ts'

export interface StaticAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** A hashed name never changes its content; fetch it once and keep it. */
const assetCaching = 'public, max-age=31536000, immutable'

export function createStaticFiles(folder: string) {
  const names = listFiles(folder)
  const files = new Map<string, StaticAnswer>()

  function read(name: string, accepted: string): StaticAnswer | undefined {
    if (!names.has(name)) return undefined
    const [encoding, ending] = encodings.find(([each, end]) => accepted.includes(each) && names.has(name + end)) ?? [
      '',
      '',
    ]
    const key = name + ending
    const known = files.get(key)
    if (known !== undefined) return known
    const answer = { headers: headersOf(name, encoding), body: readFileSync(join(folder, key)) }
    files.set(key, answer)
    return answer
  }

  return {
    /** Undefined: there is no such file. */
    asset: (path: string, accepted: string) => read(path.slice(1), accepted),
    page: (accepted: string) => read('index.html', accepted),
  }
}

/** What can be asked for is what was there at the start: no path of a request ever reaches the file system. */
function listFiles(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set()
  return new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')))
}

function headersOf(name: string, encoding: string): Record<string, string> {
  const isPage = name === 'index.html'
  return {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    vary: 'accept-encoding',
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    ...(isPage ? { 'content-security-policy': pagePolicy } : { 'cache-control': assetCaching }),
  }
}
