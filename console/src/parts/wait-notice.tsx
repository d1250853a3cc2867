import { formatWait } from '../format-time.ts'

/** Counts a wait down in sight. Not announced at each second: the refusal above it has been read out with its reason. */
export function WaitNotice({ secondsLeft }: { secondsLeft: number }) {
  if (secondsLeft <= 0) return null
  return (
    <div className="wait-notice" role="timer" aria-label="Time until the next attempt">
      You can try again in {formatWait(secondsLeft)}.
    </div>
  )
}
