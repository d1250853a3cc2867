/** Whom an address stands for: IPv4 one by one, IPv6 by the /64 that a single customer has at least (RFC 6177 §2). */
export function sourceNetwork(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  // An IPv4 address at the end stands for two groups; it is never among the first four.
  const right = tail === undefined || tail === '' ? [] : tail.replace(/[^:]+\.[^:]+$/, '0:0').split(':')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(gap, 0)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
