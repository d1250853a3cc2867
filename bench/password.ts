/** The password hash, which is what a sign-in costs: one alone, eight at once, and what the queue does with eight. */
import { performance } from 'node:perf_hooks'
import { hash } from '@node-rs/argon2'
import { checkPassword } from '../src/credentials/password/check-password.ts'
import {
  argon2Parameters,
  hashPassword,
  hashQueue,
  ownSource,
  type PasswordHash,
  verifyPassword,
} from '../src/credentials/password/hash-password.ts'

const rounds = 10
const atOnce = 8

export async function benchPassword(print: (line: string) => void): Promise<void> {
  const password = 'correct horse battery staple'
  const stored = await hashQueue.run(ownSource('bench'), (place) => hashPassword(place, password))
  const verify = (hash: PasswordHash | undefined) =>
    hashQueue.run(ownSource('bench'), (place) => verifyPassword(place, hash, password))
  const work: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
    ['argon2 alone, one hash', () => hash(password, argon2Parameters)],
    ['verifyPassword', () => verify(stored)],
    ['verifyPassword, no such user', () => verify(undefined)],
    [`argon2 alone, ${atOnce} at once`, () => times(() => hash(password, argon2Parameters))],
    [`verifyPassword, ${atOnce} at once`, () => times(() => verify(stored))],
    ['checkPassword', async () => checkPassword(password, { accountName: 'Example', email: 'root@example.com' })],
  ]
  const milliseconds = work.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, run]] of work.entries()) {
      const start = performance.now()
      await run()
      milliseconds[index]?.push(performance.now() - start)
    }
  }
  print('Password hash, Argon2id m=19456 t=2 p=1: best (median) in ms')
  for (const [index, [name]] of work.entries()) {
    const sorted = milliseconds[index]?.toSorted((a, b) => a - b) ?? []
    print(`  ${name.padEnd(30)} ${(sorted[0] ?? 0).toFixed(1).padStart(7)} (${(sorted[rounds >> 1] ?? 0).toFixed(1)})`)
  }
}

const times = (run: () => Promise<unknown>): Promise<unknown> => Promise.all(Array.from({ length: atOnce }, run))
