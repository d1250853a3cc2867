import { toSecondsLeft } from '../mfa/code-step.ts'
import { useServerTime } from './use-server-time.ts'

/** How long the present code still holds, as a bar and a number. It ticks, so it is not announced (role timer is silent). */
export function CodeCountdown() {
  const secondsLeft = toSecondsLeft(useServerTime())
  return (
    <div className="countdown" role="timer" aria-label="Time until the next code">
      <div className="countdown-track" aria-hidden="true">
        <div className="countdown-bar" style={{ transform: `scaleX(${secondsLeft / 30})` }} />
      </div>
      <span className="countdown-text">The code changes in {secondsLeft} s</span>
    </div>
  )
}
