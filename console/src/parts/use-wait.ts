import { useCallback, useEffect, useRef, useState } from 'react'
import { localNow } from '../clock.ts'

/** Counts a wait down: `secondsLeft` is 0 when the next attempt is allowed. */
export function useWait(
  initialSeconds: number,
  onOver?: () => void,
): { secondsLeft: number; startWait(s: number): void } {
  const [untilMs, setUntilMs] = useState(() => localNow() + initialSeconds * 1000)
  const [secondsLeft, setSecondsLeft] = useState(initialSeconds)
  const over = useRef(onOver)
  over.current = onOver
  const waiting = secondsLeft > 0
  useEffect(() => {
    if (!waiting) return
    const timer = window.setInterval(() => {
      const left = Math.max(0, Math.ceil((untilMs - localNow()) / 1000))
      setSecondsLeft(left)
      if (left === 0) over.current?.()
    }, 500)
    return () => window.clearInterval(timer)
  }, [untilMs, waiting])
  const startWait = useCallback((seconds: number) => {
    setUntilMs(localNow() + seconds * 1000)
    setSecondsLeft(seconds)
  }, [])
  return { secondsLeft, startWait }
}
