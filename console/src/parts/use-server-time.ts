import { useEffect, useState } from 'react'
import { serverNow } from '../clock.ts'

/** The server's time, renewed at each of its whole seconds, so that all counts on a page change together. */
export function useServerTime(): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    let timer = 0
    const tick = (): void => {
      setNow(serverNow())
      timer = window.setTimeout(tick, 1000 - (serverNow() % 1000) + 5)
    }
    tick()
    return () => window.clearTimeout(timer)
  }, [])
  return now
}
