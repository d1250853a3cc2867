import { type Challenge, findNumber, toProof } from './find-number.ts'

/** Undefined: there was nothing to be found. */
export type WorkReport = { readonly proof: string | undefined }

self.onmessage = ({ data }: MessageEvent<Challenge>) => {
  const number = findNumber(data)
  self.postMessage({ proof: number === undefined ? undefined : toProof(data, number) } satisfies WorkReport)
}
