/** Holds the line of passwords to be looked at: the server of this process computes no hash until it is let go on. */
import { hashQueue, ownSource } from '../../src/credentials/password/hash-password.ts'

export interface HeldQueue {
  /** Puts so many into the open lane, each by another name at the address of this test's browsers. */
  fill(count: number): Promise<void>
  /** Resolves when so many wait. */
  until(lengths: { readonly trusted?: number; readonly open?: number }): Promise<void>
  /** Lets everybody go on, and resolves when nobody waits any more. */
  letGo(): Promise<void>
}

export async function holdQueue(): Promise<HeldQueue> {
  let letGo = (): void => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await new Promise<void>((begun) => {
    void hashQueue.run(ownSource('a test that holds the queue'), () => {
      begun()
      return gate
    })
  })
  const until: HeldQueue['until'] = async ({ trusted, open }) => {
    for (;;) {
      const now = hashQueue.lengths()
      if (now.trusted === (trusted ?? now.trusted) && now.open === (open ?? now.open)) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return {
    until,
    async fill(count) {
      const { open } = hashQueue.lengths()
      for (let n = 0; n < count; n++) {
        const source = { cookie: undefined, address: '127.0.0.1', name: `filler ${open + n}` }
        hashQueue.run(source, async () => {}).catch(() => {})
      }
      await until({ open: open + count })
    },
    async letGo() {
      letGo()
      await until({ trusted: 0, open: 0 })
    },
  }
}
