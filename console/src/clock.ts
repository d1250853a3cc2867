// The one place of the console that reads the computer's clock. Codes and signatures follow the server's clock, so every
// answer that tells the server's time corrects ours.

type ClockReading = { offsetMs: number; errorMs: number; takenAtMs: number }

export type ServerTimeSample = {
  serverMs: number
  resolutionMs: number // 1 for our own JSON, 1000 for the HTTP Date header
  sentAtMs: number
  receivedAtMs: number
}

const readingMaxAgeMs = 60_000 // a clock may be set while the page is open; an old good reading must not win for ever

export function toClockReading(sample: ServerTimeSample): ClockReading {
  const middle = (sample.sentAtMs + sample.receivedAtMs) / 2
  return {
    offsetMs: sample.serverMs + (sample.resolutionMs - 1) / 2 - middle,
    errorMs: (sample.resolutionMs - 1) / 2 + (sample.receivedAtMs - sample.sentAtMs) / 2,
    takenAtMs: sample.receivedAtMs,
  }
}

/** The reading to keep: the sharper one, or the newer one when the older has aged. */
export function chooseReading(kept: ClockReading | undefined, fresh: ClockReading): ClockReading {
  if (kept === undefined) return fresh
  const aged = Math.abs(fresh.takenAtMs - kept.takenAtMs) > readingMaxAgeMs
  return aged || fresh.errorMs <= kept.errorMs ? fresh : kept
}

let reading: ClockReading | undefined

export const localNow = (): number => Date.now()

export const serverNow = (): number => Date.now() + (reading?.offsetMs ?? 0)

export function observeServerTime(sample: ServerTimeSample): void {
  reading = chooseReading(reading, toClockReading(sample))
}
