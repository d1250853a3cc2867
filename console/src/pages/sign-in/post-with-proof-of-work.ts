import type { Challenge } from 'altcha-lib/types'
import { type Answer, isRecord, type Refusal } from '../../http/refusal.ts'
import { postJson } from '../../http/request.ts'
import type { StepAnswer } from './sign-in-step.ts'
import { solveProofOfWork } from './solve-proof-of-work.ts'

const solveAttemptsMax = 3 // a challenge may expire while a slow machine works on it

function findChallenge(refusal: Refusal): Challenge | undefined {
  if (refusal.code !== 'ProofOfWorkRequired') return undefined
  const challenge = refusal.body['challenge']
  return isRecord(challenge) && isRecord(challenge['parameters']) ? (challenge as unknown as Challenge) : undefined
}

const notSolved: Refusal = {
  status: 0,
  code: 'ProofOfWorkFailed',
  title: 'The security check did not finish',
  message: 'Your browser could not finish the calculation in time. Try again.',
  retryAfterSeconds: 0,
  body: {},
}

/** Posts a password; when the server wants work first, does it and posts again. `onWork` tells when work begins and ends. */
export async function postWithProofOfWork(
  path: string,
  body: Readonly<Record<string, string>>,
  onWork: (working: boolean) => void,
): Promise<Answer<StepAnswer>> {
  let answer = await postJson<StepAnswer>(path, body)
  for (let attempt = 0; attempt < solveAttemptsMax && !answer.ok; attempt += 1) {
    const challenge = findChallenge(answer.refusal)
    if (challenge === undefined) return answer
    onWork(true)
    const proofOfWork = await solveProofOfWork(challenge)
    onWork(false)
    if (proofOfWork === undefined) return { ok: false, refusal: notSolved }
    answer = await postJson<StepAnswer>(path, { ...body, proofOfWork })
  }
  return answer
}
