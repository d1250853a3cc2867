// The calculation that the server may ask for before a password. It runs in a worker, so that the page stays alive.
import type { Challenge } from './find-number.ts'
import type { WorkReport } from './proof-of-work-worker.ts'

/** Solves the challenge and gives the proof for the next request; undefined when it could not be solved. */
export function solveProofOfWork(challenge: Challenge): Promise<string | undefined> {
  const worker = new Worker(new URL('./proof-of-work-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<string | undefined>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<WorkReport>) => resolve(data.proof)
    worker.onerror = () => resolve(undefined)
    worker.postMessage(challenge)
  }).finally(() => worker.terminate())
}
