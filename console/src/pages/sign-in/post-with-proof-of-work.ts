import { type Answer, isRecord, type Refusal } from '../../http/refusal.ts'
import { postJson } from '../../http/request.ts'
import type { Challenge } from './find-number.ts'
import type { StepAnswer } from './sign-in-step.ts'
import { solveProofOfWork } from './solve-proof-of-work.ts'

const attemptsMax = 4 // a challenge may expire while a slow machine works on it

function findChallenge(refusal: Refusal): Challenge | undefined {
  if (refusal.code !== 'ProofOfWorkRequired') return undefined
  const challenge = refusal.body['challenge']
  return isRecord(challenge) && typeof challenge['token'] === 'string' ? (challenge as unknown as Challenge) : undefined
}

/** What keeps a password from being looked at. */
export type Work = 'calculating' | 'waiting'

/** The password was not looked at. */
const isBusy = ({ status, retryAfterSeconds }: Refusal): boolean => status === 503 && retryAfterSeconds > 0

const pause = (seconds: number): Promise<object> =>
  new Promise((resolve) => window.setTimeout(() => resolve({}), 1000 * seconds))

async function workOn(challenge: Challenge): Promise<object | undefined> {
  const proofOfWork = await solveProofOfWork(challenge)
  return proofOfWork === undefined ? undefined : { proofOfWork }
}

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
  let answer = await postJson<StepAnswer>(path, body)
  for (let attempt = 0; attempt < attemptsMax && !answer.ok; attempt += 1) {
    const { refusal } = answer
    const challenge = findChallenge(refusal)
    if (challenge === undefined && !isBusy(refusal)) return answer
    onWork(challenge === undefined ? 'waiting' : 'calculating')
    const more = challenge === undefined ? await pause(refusal.retryAfterSeconds) : await workOn(challenge)
    if (more === undefined) return { ok: false, refusal: notSolved }
    answer = await postJson<StepAnswer>(path, { ...body, ...more })
  }
  return answer
}
