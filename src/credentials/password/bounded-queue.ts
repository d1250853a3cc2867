/** More work came than can be done in reasonable time. The caller answers 503 with Retry-After. */
export class QueueFull extends Error {
  readonly code = 'busy'

  constructor() {
    super('got more work than the queue takes')
    this.name = 'QueueFull'
  }
}

export interface BoundedQueue {
  /** Runs the task in its turn. Rejects with `QueueFull`, at once and without running it, when the waiting line is full. */
  run<T>(task: () => Promise<T>): Promise<T>
}

/** At most `runningMax` tasks at once and `waitingMax` in line, first come, first served. */
export function createBoundedQueue({
  runningMax,
  waitingMax,
}: {
  readonly runningMax: number
  readonly waitingMax: number
}): BoundedQueue {
  let running = 0
  const waiting: (() => void)[] = []

  return {
    async run(task) {
      if (running < runningMax) running++
      else if (waiting.length < waitingMax) await new Promise<void>((resolve) => waiting.push(resolve))
      else throw new QueueFull()
      try {
        return await task()
      } finally {
        // The place is handed to the next in line without becoming free, so nobody who comes now passes the line.
        const next = waiting.shift()
        if (next === undefined) running--
        else next()
      }
    },
  }
}
