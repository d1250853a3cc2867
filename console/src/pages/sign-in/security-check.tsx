import Spinner from '@cloudscape-design/components/spinner'
import { useEffect, useState } from 'react'

/** Shown while the browser works or waits for its turn: AWS's *security check*, without letters to be read. */
export function SecurityCheck() {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => window.clearInterval(timer)
  }, [])
  return (
    <div className="security-check">
      <Spinner /> <span role="status">Security check: this takes a few seconds.</span>{' '}
      <span aria-hidden="true">({seconds} s)</span>
    </div>
  )
}
