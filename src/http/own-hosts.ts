/** Under which names pages are served: a page under a foreign name would be somebody else's (security: A-27). */
export function ownHosts(
  listening: { readonly host: string; readonly port: number },
  publicUrl: URL | undefined,
): (host: string) => boolean {
  const bare = (name: string) => (name.includes(':') ? `[${name}]` : name)
  const names = ['127.0.0.1', 'localhost', '[::1]', bare(listening.host)]
  const hosts = new Set(
    names.flatMap((name) => (listening.port === 80 ? [name, `${name}:80`] : [`${name}:${listening.port}`])),
  )
  if (publicUrl !== undefined) hosts.add(publicUrl.host)
  return (host) => hosts.has(host.toLowerCase())
}
