/** What an attempt at a password costs before it is looked at: proof of work, for guessing programs and when the queue is long. */
import { hashQueue } from '../credentials/password/hash-password.ts'
import { findSolvedProof, type SolvedProof, setChallenge } from '../credentials/proof-of-work.ts'
import { type PasswordSubject, passwordPrice, proofOfWorkForPlace } from '../rate-limits/password-attempts.ts'
import { spendProof } from '../rate-limits/spent-proofs.ts'
import type { TrustedBrowser } from '../rate-limits/trusted-browsers.ts'
import type { Tx } from '../storage/schema.ts'
import type { SignInParts } from './parts.ts'
import { proofOfWorkRequired, tooManyPasswords } from './refusals.ts'
import { findText, type WebRequest } from './web.ts'

const proofLengthMax = 512

/** The price has been found to be paid. */
export interface Payment {
  /** Whether it pays for an attempt beyond the free ones, too. */
  readonly forAttempt: boolean
  /** There is a proof to be spent. */
  readonly isDue: boolean
  /** Spends it, if there is one. Throws the refusal with a new challenge when it was spent before. */
  spend(tx: Tx): Promise<void>
}

/**
 * Throws the refusal with a challenge when a price is due and the request does not pay it, and the refusal of the day when there is no
 * attempt at any price. A proof is good for one attempt at the name that it was set for; one that was set while attempts were cheaper does not
 * pay for a dearer one. A browser that is trusted pays nothing for its attempts, nor for the place that it has of its own.
 */
export async function payFor(
  parts: SignInParts,
  request: WebRequest,
  subject: PasswordSubject,
  browser: TrustedBrowser | undefined,
): Promise<Payment> {
  const text = findText(request.body, 'proofOfWork', proofLengthMax)
  const now = await parts.sharedTime()
  const price = browser === undefined ? await passwordPrice(parts.storage.reader, subject, now) : free
  if (!price.open) throw tooManyPasswords(price.waitMs)
  const hasOwnPlace = browser !== undefined && !hashQueue.isWaiting(browser.tokenHash)
  const forPlace = hasOwnPlace ? 0 : proofOfWorkForPlace(hashQueue.lengths().open)
  const purpose = `password ${subject.accountId} ${subject.subject}`
  const ask = () => {
    const numbers = Math.max(price.numbers, forPlace)
    const challenge = setChallenge(parts.sealer, parts.random, { numbers, purpose }, now)
    return proofOfWorkRequired(challenge, price.numbers > 0 ? 'attempts' : 'queue')
  }

  const proof = text === undefined ? undefined : findSolvedProof(parts.sealer, text, purpose, now)
  if (!pays(proof, price.numbers, forPlace)) throw ask()
  const isDue = proof !== undefined && (price.numbers > 0 || forPlace > 0)
  return {
    forAttempt: price.numbers > 0,
    isDue,
    async spend(tx) {
      if (isDue && !(await spendProof(tx, proof))) throw ask()
    },
  }
}

const free = { open: true, numbers: 0 } as const

/** The queue may have doubled while its price was being paid, but not more: else cheap proofs would be kept for when it is long. */
const pays = (proof: SolvedProof | undefined, forAttempt: number, forPlace: number): boolean =>
  proof === undefined
    ? forAttempt === 0 && forPlace === 0
    : proof.numbers >= forAttempt && 2 * proof.numbers >= forPlace
