import { describe, expect, test } from 'vitest'
import { createBoundedQueue, QueueFull } from './bounded-queue.ts'

/** A task that ends when told. */
function controlled(name: string, log: string[]) {
  let end = (): void => {}
  let fail = (_: Error): void => {}
  const done = new Promise<string>((resolve, reject) => {
    end = () => resolve(name)
    fail = reject
  })
  const task = (): Promise<string> => {
    log.push(name)
    return done
  }
  return { task, end: () => end(), fail: (error: Error) => fail(error) }
}

describe('a bounded queue', () => {
  test('runs two at once, keeps the order, and refuses the first that finds the line full', async () => {
    const log: string[] = []
    const queue = createBoundedQueue({ runningMax: 2, waitingMax: 2 })
    const tasks = ['a', 'b', 'c', 'd', 'e'].map((name) => controlled(name, log))
    const [a, b, c, d, e] = tasks.map(({ task }) => queue.run(task))
    await expect(e).rejects.toThrow(QueueFull)
    expect(log).toEqual(['a', 'b'])
    tasks[1]?.end()
    expect(await b).toBe('b')
    expect(log).toEqual(['a', 'b', 'c'])
    tasks[0]?.end()
    expect(await a).toBe('a')
    expect(log).toEqual(['a', 'b', 'c', 'd'])
    tasks[2]?.end()
    tasks[3]?.end()
    expect(await Promise.all([c, d])).toEqual(['c', 'd'])
  })

  test('a task that fails gives its place back', async () => {
    const log: string[] = []
    const queue = createBoundedQueue({ runningMax: 1, waitingMax: 1 })
    const first = controlled('first', log)
    const second = controlled('second', log)
    const running = queue.run(first.task)
    const waiting = queue.run(second.task)
    first.fail(new Error('broken'))
    await expect(running).rejects.toThrow('broken')
    second.end()
    expect(await waiting).toBe('second')
    expect(await queue.run(async () => 'third')).toBe('third')
  })
})
