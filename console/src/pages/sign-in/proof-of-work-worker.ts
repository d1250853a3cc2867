import { solveChallenge } from 'altcha-lib'
import { deriveKey as derivePbkdf2 } from 'altcha-lib/algorithms/web/pbkdf2'
import { deriveKey as deriveSha } from 'altcha-lib/algorithms/web/sha'
import type { Challenge, Solution } from 'altcha-lib/types'

export type WorkReport = { solution: Solution | null }

const timeoutMs = 120_000 // longer than any challenge lives

self.onmessage = async ({ data }: MessageEvent<Challenge>) => {
  const deriveKey = data.parameters.algorithm.startsWith('PBKDF2/') ? derivePbkdf2 : deriveSha
  const solution = await solveChallenge({ challenge: data, deriveKey, timeout: timeoutMs }).catch(() => null)
  self.postMessage({ solution } satisfies WorkReport)
}
