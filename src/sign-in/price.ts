/** What an attempt at a password costs before it is looked at: proof of work, for guessing programs and when the queue is long. */
import { hashQueue } from '../credentials/password/hash-password.ts'
import { findSolvedProof, type SolvedProof, setChallenge } from '../credentials/proof-of-work.ts'
import type { Tx } from '../storage/schema.ts'
import type { KnownBrowser } from '../throttle/known-browsers.ts'
import { type PasswordSubject, proofOfWorkDue, proofOfWorkForPlace } from '../throttle/password-tries.ts'
import { spendProof } from '../throttle/spent-proofs.ts'
import type { SignInParts } from './parts.ts'
import { proofOfWorkRequired } from './refusals.ts'
import { findText, type WebRequest } from './web.ts'

const proofLengthMax = 512

/** The price has been found to be paid. */
export interface Payment {
  /** Whether it pays for a try beyond the free ones, too. */
  readonly forTry: boolean
  /** Spends the proof, if the price was one. Throws the refusal with a new challenge when it was spent before. */
  spend(tx: Tx): Promise<void>
  /** Throws the refusal with a challenge when a try has a price by now that has not been paid. */
  askAgain(): Promise<void>
}

/**
 * Throws the refusal with a challenge when a price is due and the request does not pay it. A proof is good for one attempt at the name that
 * it was set for; one that was set while tries were cheaper does not pay for a dearer one. A browser that is trusted pays nothing.
 */
export async function payFor(
  parts: SignInParts,
  request: WebRequest,
  subject: PasswordSubject,
  browser: KnownBrowser | undefined,
): Promise<Payment> {
  const text = findText(request.body, 'proofOfWork', proofLengthMax)
  const now = await parts.sharedTime()
  const forTry = browser === undefined ? await proofOfWorkDue(parts.storage.reader, subject, now) : 0
  const forPlace = browser === undefined ? proofOfWorkForPlace(hashQueue.lengths().open) : 0
  const purpose = `password ${subject.accountId} ${subject.subject}`
  const ask = (numbers: number, why: 'tries' | 'queue') =>
    proofOfWorkRequired(setChallenge(parts.sealer, parts.random, { numbers, purpose }, now), why)
  const askForAll = () => ask(Math.max(forTry, forPlace), forTry > 0 ? 'tries' : 'queue')

  const proof = text === undefined ? undefined : findSolvedProof(parts.sealer, text, purpose, now)
  if (!pays(proof, forTry, forPlace)) throw askForAll()
  const spent = forTry > 0 || forPlace > 0 ? proof : undefined
  return {
    forTry: forTry > 0,
    async spend(tx) {
      if (spent !== undefined && !(await spendProof(tx, spent))) throw askForAll()
    },
    async askAgain() {
      const dueNow = forTry > 0 ? 0 : await proofOfWorkDue(parts.storage.reader, subject, now)
      if (dueNow > 0) throw ask(dueNow, 'tries')
    },
  }
}

/** The queue may have grown since its price was named: whoever has paid a price of its own is not asked once more. */
const pays = (proof: SolvedProof | undefined, forTry: number, forPlace: number): boolean =>
  proof === undefined ? forTry === 0 && forPlace === 0 : proof.numbers >= forTry
