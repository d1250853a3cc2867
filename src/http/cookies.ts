/** Cookies by their short names. Where the browser came by https they are `__Host-` cookies (ASVS V3.3). */
import type { Cookie, CookieName } from '../sign-in/web.ts'

/** No browser sends more; what is longer is not ours. */
const headerLengthMax = 8192

const fullName = (name: CookieName, secure: boolean): string =>
  secure ? `__Host-sallyport-${name}` : `sallyport-${name}`

/** The first cookie of a name counts for nothing if there is a second one: it may have been planted. */
export function readCookie(header: string | undefined, name: CookieName, secure: boolean): string | undefined {
  if (header === undefined || header.length > headerLengthMax) return undefined
  const prefix = `${fullName(name, secure)}=`
  const values = header
    .split(';')
    .flatMap((pair) => (pair.trimStart().startsWith(prefix) ? [pair.trimStart().slice(prefix.length).trimEnd()] : []))
  const value = values.length === 1 ? values[0] : undefined
  return value !== undefined && /^[\w.-]{1,200}$/.test(value) ? value : undefined
}

export function toSetCookie({ name, value, maxAgeSeconds }: Cookie, secure: boolean): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  return `${fullName(name, secure)}=${value}; Path=/; HttpOnly; SameSite=Strict${age}${secure ? '; Secure' : ''}`
}
