import type { Random } from './random.ts'

/** Twelve decimal digits. */
export type AccountId = string & { readonly brand: 'AccountId' }

/** Stands for the account of a name that is nobody's: the same is looked up for it, and written for it, as for everybody's. */
export const nobody = '' as AccountId

/** Throws a `RangeError` for anything but twelve digits. */
export function parseAccountId(text: string): AccountId {
  if (!/^[0-9]{12}$/.test(text)) throw new RangeError(`got account id ${JSON.stringify(text)}, expected 12 digits`)
  return text as AccountId
}

/** A random id from 100000000000 to 999999999999: AWS's ids may begin with 0, ours do not, so that no tool drops it. */
export function newAccountId(random: Random): AccountId {
  const span = 900_000_000_000n
  for (;;) {
    const value = random.bytes(8).readBigUInt64BE()
    // Values of the last, incomplete span are drawn again: each id is then equally likely.
    if (value < (2n ** 64n / span) * span) return parseAccountId((100_000_000_000n + (value % span)).toString())
  }
}
