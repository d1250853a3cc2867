// Where a person goes after signing in. Only pages of this console are accepted (security.md V3.7.2): a return path comes
// in by the address bar, where anybody may have written it.

import { homePath } from './console-paths.ts'

const consolePath = /^\/console\/[A-Za-z0-9/_-]*$/

export function toReturnPath(requested: string | null | undefined): string {
  return requested !== null && requested !== undefined && consolePath.test(requested) && !requested.includes('//')
    ? requested
    : homePath
}

export type SignInNotice = 'session-ended' | 'sign-in-needed' | 'signed-out'

export function toSignInAddress(path: string, notice: SignInNotice): string {
  const returnPath = toReturnPath(path)
  if (notice === 'signed-out') return '/sign-in?notice=signed-out'
  if (notice === 'sign-in-needed' && returnPath === homePath) return '/sign-in' // the usual way in needs no words
  const query = new URLSearchParams({ notice, ...(returnPath === homePath ? {} : { return: returnPath }) })
  return `/sign-in?${query}`
}
