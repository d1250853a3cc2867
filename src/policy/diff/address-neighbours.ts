/**
 * For address ranges: the first and last address of each, and their neighbours outside. Between two such points no
 * range begins or ends, so these addresses tell all combinations of ranges apart.
 */

const wordsOf = { 4: 32, 6: 128 } as const

interface Range {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

export function addressNeighbours(ranges: readonly string[]): string[] {
  const found = new Set<string>()
  const parsed = ranges.map(parseRange).filter((range) => range !== undefined)
  for (const { family, first, last } of parsed) {
    const max = (1n << BigInt(wordsOf[family])) - 1n
    for (const address of [first - 1n, first, last, last + 1n]) {
      if (address >= 0n && address <= max) found.add(format(family, address))
    }
  }
  // An address of the other family, and one of each where no range could be read.
  if (!parsed.some((range) => range.family === 4)) found.add('192.0.2.1')
  if (!parsed.some((range) => range.family === 6)) found.add('2001:db8::1')
  return [...found]
}

function parseRange(text: string): Range | undefined {
  const [address = '', bits] = text.split('/')
  const family = address.includes(':') ? 6 : 4
  const value = family === 4 ? parse4(address) : parse6(address)
  if (value === undefined) return undefined
  const width = wordsOf[family]
  const length = bits === undefined ? width : Number(bits)
  if (!Number.isInteger(length) || length < 0 || length > width) return undefined
  const rest = (1n << BigInt(width - length)) - 1n
  return { family, first: value & ~rest, last: value | rest }
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function parse6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

function format(family: 4 | 6, value: bigint): string {
  const size = family === 4 ? 8n : 16n
  const count = family === 4 ? 4 : 8
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n),
  )
  return family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}
