/** The one-time token of `#token=…`. A fragment is never sent to a server, and so stands in no log. */
export function readSetupToken(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token')
  return token === null || token === '' ? undefined : token
}
