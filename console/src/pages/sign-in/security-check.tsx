import Spinner from '@cloudscape-design/components/spinner'
import { useEffect, useState } from 'react'
import type { Work } from './post-with-proof-of-work.ts'

/** Shown while the browser works or waits for its turn: AWS's *security check*, without letters to be read. */
const texts: Readonly<Record<Work, string>> = {
  calculating: 'Security check: this takes a few seconds.',
  waiting: 'The server is busy: trying again.',
}

export function SecurityCheck({ work }: { work: Work }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => window.clearInterval(timer)
  }, [])
  return (
    <div className="security-check">
      <Spinner /> <span role="status">{texts[work]}</span> <span aria-hidden="true">({seconds} s)</span>
    </div>
  )
}
