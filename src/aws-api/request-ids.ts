/** Request ids: version 4 UUIDs, drawn many at a time. They are no secret, and to ask the system for each costs more than a signature. */
import { type Random, randomUuid } from '../core/random.ts'

const idsPerDraw = 256
const bytesPerId = 16

export function createRequestIds(random: Random): () => string {
  let drawn: Buffer = Buffer.alloc(0)
  let used = 0
  const pooled: Random = {
    bytes(length) {
      if (used + length > drawn.length) {
        drawn = random.bytes(idsPerDraw * bytesPerId)
        used = 0
      }
      used += length
      return drawn.subarray(used - length, used)
    },
  }
  return () => randomUuid(pooled)
}
