/**
 * Forged requests: a state-changing request must come from our own page. It carries a token that only such a page can read,
 * bound to this browser and to its session; what the browser itself says of the request's origin must agree (ASVS V3.5).
 */
import { createHmac } from 'node:crypto'
import { sameText } from '../core/hash.ts'
import type { Sealer } from '../credentials/seal.ts'
import { WebRefusal } from '../sign-in/web.ts'

/** `form` is the browser's own random cookie, `session` its session's, if it has one. */
export function antiForgeryToken(sealer: Sealer, form: string, session: string | undefined): string {
  return createHmac('sha256', sealer.subkey('anti-forgery'))
    .update(`${form} ${session ?? ''}`)
    .digest('base64url')
}

interface Headers {
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly token: string | undefined
}

/** What is only read is read by our own pages and by who types its address, not by other sites (ASVS V3.2.1). */
export function checkReader(fetchSite: string | undefined): void {
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') throw forged()
}

export function checkAntiForgery(headers: Headers, ownOrigin: string, expected: string | undefined): void {
  const foreign =
    (headers.origin !== undefined && headers.origin !== ownOrigin) ||
    (headers.fetchSite !== undefined && headers.fetchSite !== 'same-origin')
  if (!foreign && expected !== undefined && headers.token !== undefined && sameText(headers.token, expected)) return
  throw forged()
}

const forged = () =>
  new WebRefusal(
    403,
    'Forbidden',
    'This request was refused',
    'It did not come from a page of this server that is still current. Reload the page and try again.',
  )
