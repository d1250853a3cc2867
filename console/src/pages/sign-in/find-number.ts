/** The proof of work that the server asks for: a number below `numbers` for which SHA-256 of `salt:number` is `target`. */
export interface Challenge {
  readonly token: string
  readonly numbers: number
  readonly salt: string
  readonly target: string
}

const encoder = new TextEncoder()

/** Undefined: no number is the one, so the challenge was not the server's. */
export async function findNumber({ numbers, salt, target }: Challenge): Promise<number | undefined> {
  const wanted = Uint8Array.from(target.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  for (let number = 0; number < numbers; number += 1) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(`${salt}:${number}`)))
    if (hash.every((byte, index) => byte === wanted[index])) return number
  }
  return undefined
}

/** What the next request carries. */
export const toProof = ({ token }: Challenge, number: number): string => `${token}:${number}`
