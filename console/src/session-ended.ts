import { toSignInAddress } from './return-path.ts'

/** Leaves for the sign-in page, which says why and leads back. Never settles: nothing on this page may go on. */
export function sessionEnded(notice: 'session-ended' | 'sign-in-needed' = 'session-ended'): Promise<never> {
  window.location.replace(toSignInAddress(window.location.pathname, notice))
  return new Promise<never>(() => {})
}
