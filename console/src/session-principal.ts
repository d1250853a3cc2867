// Whose session this page was opened for. Cookies belong to the browser and not to a tab: another tab may have signed in as
// somebody else, and nothing that was begun here may then be done in that one's name.
import { homePath } from './console-paths.ts'

let opened: string | undefined

/** Whether the session is that of the principal that this page was opened for; the first one that is seen is. */
export function isOwnPrincipal({ arn }: { readonly arn: string }): boolean {
  opened ??= arn
  return opened === arn
}

export const sessionChangedNotice = 'session-changed'

/** Leaves for the home page of the other principal, which says so. Never settles: nothing on this page may go on. */
export function sessionChanged(): Promise<never> {
  window.location.replace(`${homePath}?notice=${sessionChangedNotice}`)
  return new Promise<never>(() => {})
}
