import { pino } from 'pino'
import type { Log } from './core/log.ts'

/** Characters that wait while the log cannot be written; lines beyond are dropped. */
const waitingLengthMax = 1024 * 1024

/** JSON lines on standard error; standard output is for what `serve` says to its operator. */
export function createLog(): Log {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: waitingLengthMax })
  // The disk of the log may be full: no reason to end the server. What waits is written when there is room again.
  destination.on('error', () => {})
  return pino({ base: { name: 'sallyport' }, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}
