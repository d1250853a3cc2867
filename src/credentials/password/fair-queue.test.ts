import { describe, expect, test } from 'vitest'
import { createFairQueue, type FairQueue, QueueFull } from './fair-queue.ts'
import type { Source } from './open-lane.ts'

/** A queue whose tasks end when told, one after the other, and what has happened in it. */
function watched(limits = { runningMax: 1, openMax: 100 }) {
  const queue = createFairQueue(limits)
  const begun: string[] = []
  const refused: string[] = []
  const ends: (() => void)[] = []
  return {
    queue,
    begun,
    refused,
    /** `cookie/address/name`; without a cookie `address/name`. */
    ask(text: string, label = text): void {
      const parts = text.split('/')
      const [name = '', address = '', cookie] = parts.reverse()
      const source: Source = { cookie, address, name }
      const run = queue.run(source, () => {
        begun.push(label)
        return new Promise<void>((resolve) => ends.push(resolve))
      })
      run.catch((error: unknown) => {
        if (!(error instanceof QueueFull)) throw error
        refused.push(label)
      })
    },
    /** Ends the oldest task, and lets the next begin. */
    async endOne(): Promise<void> {
      ends.shift()?.()
      await settled()
    },
    async endAll(): Promise<readonly string[]> {
      while (ends.length > 0) await this.endOne()
      return begun
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('whose turn it is', () => {
  test('at most so many at once; of one source first come, first served', async () => {
    const { ask, begun, endOne } = watched({ runningMax: 2, openMax: 10 })
    for (const label of ['1', '2', '3', '4']) ask('a/ada', label)
    await settled()
    expect(begun).toEqual(['1', '2'])
    await endOne()
    expect(begun).toEqual(['1', '2', '3'])
    await endOne()
    expect(begun).toEqual(['1', '2', '3', '4'])
  })

  test('addresses take turns, however many names one of them brings', async () => {
    const line = watched()
    for (let n = 0; n < 40; n++) line.ask(`attacker/made-up-${n}`)
    line.ask('home/owner')
    line.ask('office/colleague')
    expect((await line.endAll()).slice(0, 4)).toEqual([
      'attacker/made-up-0', // had begun before the others came
      'attacker/made-up-1',
      'home/owner',
      'office/colleague',
    ])
  })

  test('at one address names take turns, however many connections one of them has', async () => {
    const line = watched()
    for (let n = 0; n < 40; n++) line.ask('a/guessed', `guess ${n}`)
    line.ask('a/owner')
    expect((await line.endAll()).slice(0, 4)).toEqual(['guess 0', 'guess 1', 'a/owner', 'guess 2'])
  })

  test('among forty names at one address the owner has one turn of each round', async () => {
    const line = watched()
    for (let round = 0; round < 3; round++) for (let n = 0; n < 40; n++) line.ask(`a/made-up-${n}`)
    line.ask('a/owner')
    expect((await line.endAll()).indexOf('a/owner')).toBeLessThanOrEqual(41)
  })

  test('a device cookie has a place of its own; the lanes take turns', async () => {
    const line = watched()
    for (let n = 0; n < 5; n++) line.ask(`a/made-up-${n}`, `open ${n}`)
    line.ask('cookie-1/a/owner', 'trusted 1')
    line.ask('cookie-2/a/owner', 'trusted 2')
    expect(await line.endAll()).toEqual(['open 0', 'trusted 1', 'open 1', 'trusted 2', 'open 2', 'open 3', 'open 4'])
  })

  test('one place for each cookie: what it asks for besides waits with the others', async () => {
    const line = watched()
    line.ask('a/first')
    for (let n = 0; n < 3; n++) line.ask('cookie/a/owner', `of the cookie ${n}`)
    line.ask('b/other')
    expect(line.queue.lengths()).toEqual({ trusted: 1, open: 3 })
    expect(await line.endAll()).toEqual(['a/first', 'of the cookie 0', 'of the cookie 1', 'b/other', 'of the cookie 2'])
  })
})

describe('when the line is full', () => {
  test('a device cookie still has its place', async () => {
    const line = watched({ runningMax: 1, openMax: 2 })
    for (let n = 0; n < 3; n++) line.ask(`a/made-up-${n}`)
    line.ask('cookie/a/owner', 'trusted')
    await settled()
    expect(line.refused).toEqual([])
    expect(await line.endAll()).toContain('trusted')
  })

  test('the address that holds most gives way to one that holds less: its last comer goes', async () => {
    const line = watched({ runningMax: 1, openMax: 4 })
    line.ask('busy/running')
    for (let n = 0; n < 4; n++) line.ask(`busy/made-up-${n}`)
    line.ask('home/owner')
    await settled()
    expect(line.refused).toEqual(['busy/made-up-3'])
    expect((await line.endAll()).slice(0, 3)).toEqual(['busy/running', 'busy/made-up-0', 'home/owner'])
  })

  test('at one address the name that holds most gives way', async () => {
    const line = watched({ runningMax: 1, openMax: 4 })
    line.ask('a/running')
    for (let n = 0; n < 4; n++) line.ask('a/guessed', `guess ${n}`)
    line.ask('a/owner')
    await settled()
    expect(line.refused).toEqual(['guess 3'])
  })

  test('among equals the newcomer is refused, at once and without being run', async () => {
    const line = watched({ runningMax: 1, openMax: 3 })
    line.ask('a/running')
    for (const address of ['b', 'c', 'd', 'e']) line.ask(`${address}/x`)
    await settled()
    expect(line.refused).toEqual(['e/x'])
    expect(await line.endAll()).not.toContain('e/x')
  })
})

describe('a connection', () => {
  test('that is gone leaves the line, whichever lane it stood in', async () => {
    const queue = createFairQueue({ runningMax: 1, openMax: 2 })
    let end = (): void => {}
    const running = queue.run(
      { cookie: undefined, address: 'a', name: 'x' },
      () => new Promise<void>((resolve) => (end = resolve)),
    )
    const hangUps = [new AbortController(), new AbortController(), new AbortController()]
    const ran: number[] = []
    const waiting = hangUps.map(({ signal }, n) =>
      queue.run(
        {
          cookie: n === 2 ? 'cookie' : undefined,
          address: 'a',
          name: `made-up-${n}`,
          connection: { key: {}, closed: signal },
        },
        async () => ran.push(n),
      ),
    )
    expect(queue.lengths()).toEqual({ trusted: 1, open: 2 })
    hangUps[0]?.abort()
    hangUps[2]?.abort()
    await expect(waiting[0]).rejects.toThrow(QueueFull)
    await expect(waiting[2]).rejects.toThrow(QueueFull)
    expect(queue.lengths()).toEqual({ trusted: 0, open: 1 })
    end()
    await running
    await waiting[1]
    expect(ran).toEqual([1])
    // Gone before it could stand in line, and gone after its turn has come: neither hurts.
    hangUps[1]?.abort()
    expect(queue.lengths()).toEqual({ trusted: 0, open: 0 })
    expect(await queue.run({ cookie: undefined, address: 'a', name: 'x' }, async () => 'goes on')).toBe('goes on')
  })

  test('holds one place, however many requests it sends at once', async () => {
    const queue = createFairQueue({ runningMax: 1, openMax: 10 })
    const connection = { key: {}, closed: new AbortController().signal }
    const ask = (name: string) => queue.run({ cookie: undefined, address: 'a', name, connection }, async () => name)
    const asked = await Promise.allSettled([ask('first'), ask('second'), ask('third')])
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await ask('later')).toBe('later')
  })
})

test('a task that fails gives its place back, and the lengths count who waits', async () => {
  const queue: FairQueue = createFairQueue({ runningMax: 1, openMax: 2 })
  const source = { cookie: undefined, address: 'a', name: 'ada' }
  let fail = (_: Error): void => {}
  const running = queue.run(source, () => new Promise((_, reject) => (fail = reject)))
  const waiting = queue.run(source, async () => 'second')
  expect(queue.lengths()).toEqual({ trusted: 0, open: 1 })
  fail(new Error('broken'))
  await expect(running).rejects.toThrow('broken')
  expect(await waiting).toBe('second')
  expect(queue.lengths()).toEqual({ trusted: 0, open: 0 })
  expect(await queue.run(source, async () => 'third')).toBe('third')
})
