import { pino } from 'pino'
import type { Log } from './core/log.ts'

/** JSON lines on standard error; standard output is for what `serve` says to its operator. */
export function createLog(): Log {
  return pino(
    { base: { name: 'sallyport' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
