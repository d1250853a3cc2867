import { toSignInAddress } from './return-path.ts'

/** Leaves for the sign-in page, which says why and leads back. Never settles: nothing on this page may go on. */
export function sessionEnded(): Promise<never> {
  window.location.replace(toSignInAddress(window.location.pathname, 'session-ended'))
  return new Promise<never>(() => {})
}
