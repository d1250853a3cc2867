import { type Answer, isRecord, type Refusal } from '../../http/refusal.ts'
import { postJson } from '../../http/request.ts'
import type { Challenge } from './find-number.ts'
import type { StepAnswer } from './sign-in-step.ts'
import { solveProofOfWork } from './solve-proof-of-work.ts'

const attemptsMax = 8 // a challenge may expire while a slow machine works on it, and a busy server may be busy for a while

function findChallenge(refusal: Refusal): Challenge | undefined {
  if (refusal.code !== 'ProofOfWorkRequired') return undefined
  const challenge = refusal.body['challenge']
  return isRecord(challenge) && typeof challenge['token'] === 'string' ? (challenge as unknown as Challenge) : undefined
}

/** What keeps a password from being looked at. */
export type Work = 'calculating' | 'waiting'

/** The password was not looked at. */
const isBusy = ({ code }: Refusal): boolean => code === 'ServerBusy'

const pause = (seconds: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, 1000 * seconds))

const notSolved: Refusal = {
  status: 0,
  code: 'ProofOfWorkFailed',
  title: 'The security check did not finish',
  message: 'Your browser could not finish the calculation in time. Try again.',
  retryAfterSeconds: 0,
  body: {},
}

/**
 * Posts a password; when the server wants work first, does it and posts again; when it is busy, waits as long as it says and posts again.
 * `onWork` tells what is done meanwhile.
 */
export async function postWithProofOfWork(
  path: string,
  body: Readonly<Record<string, string>>,
  onWork: (work: Work) => void,
): Promise<Answer<StepAnswer>> {
  let proof: { proofOfWork?: string } = {}
  let answer = await postJson<StepAnswer>(path, body)
  for (let attempt = 0; attempt < attemptsMax && !answer.ok; attempt += 1) {
    const { refusal } = answer
    const challenge = findChallenge(refusal)
    if (challenge === undefined && !isBusy(refusal)) return answer
    onWork(challenge === undefined ? 'waiting' : 'calculating')
    if (challenge === undefined) {
      // Nothing was spent: the proof that was not looked at is still good.
      await pause(refusal.retryAfterSeconds)
    } else {
      const proofOfWork = await solveProofOfWork(challenge)
      if (proofOfWork === undefined) return { ok: false, refusal: notSolved }
      proof = { proofOfWork }
    }
    answer = await postJson<StepAnswer>(path, { ...body, ...proof })
  }
  return answer
}
