// The calculation that the server asks for after wrong passwords. It runs in a worker, so that the page stays alive.
import type { Challenge, Solution } from 'altcha-lib/types'
import type { WorkReport } from './proof-of-work-worker.ts'

/** Solves the challenge and gives altcha's payload for the next request; undefined when it could not be solved in time. */
export function solveProofOfWork(challenge: Challenge): Promise<string | undefined> {
  const worker = new Worker(new URL('./proof-of-work-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<string | undefined>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<WorkReport>) =>
      resolve(data.solution === null ? undefined : toPayload(challenge, data.solution))
    worker.onerror = () => resolve(undefined)
    worker.postMessage(challenge)
  }).finally(() => worker.terminate())
}

export const toPayload = (challenge: Challenge, solution: Solution): string =>
  btoa(JSON.stringify({ challenge, solution }))
