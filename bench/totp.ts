/**
 * TOTP verification against its peers, in one run: three steps, a right code that is one step old and a wrong one in turn.
 * Hold (design.md): at the speed of three `createHmac` calls or better.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { verifySync } from 'otplib'
import { timeStep, totp, verifyCode, verifyConsecutiveCodes } from '../src/credentials/totp/index.ts'

const rounds = 15
const verificationsPerRound = 4_000

interface Row {
  readonly name: string
  /** One verification; the answer is checked once before anything is measured. */
  verify(code: string): boolean
  readonly microseconds: number[]
}

export function benchTotp(print: (line: string) => void): void {
  const seed = randomBytes(40)
  const now = 1_795_521_610_000
  const right = totp(seed, now - 30_000)
  const wrong = firstWrong(seed, now)
  const rows = buildRows(seed, now)
  for (const { name, verify } of rows) {
    if (!verify(right) || verify(wrong)) throw new Error(`${name} gives a wrong answer`)
  }

  // Interleaved, so that a slow moment of the machine meets all of them.
  for (let round = 0; round < rounds; round++) {
    for (const { verify, microseconds } of rows) {
      const start = process.hrtime.bigint()
      for (let turn = 0; turn < verificationsPerRound; turn++) verify(turn % 2 === 0 ? right : wrong)
      microseconds.push(Number(process.hrtime.bigint() - start) / 1_000 / verificationsPerRound)
    }
  }

  const own = rows[0]?.microseconds ?? []
  print('TOTP, one verification of three steps: best (median) in µs, and how many times as long as ours')
  for (const { name, microseconds } of rows) {
    const [best, middle] = [Math.min(...microseconds), median(microseconds)]
    const ratio = `×${(best / Math.min(...own)).toFixed(2)} (×${(middle / median(own)).toFixed(2)})`
    print(`  ${name.padEnd(28)} ${best.toFixed(2).padStart(7)} (${middle.toFixed(2)})  ${ratio}`)
  }
  printResync(seed, now, print)
}

function buildRows(seed: Buffer, now: number): Row[] {
  const device = { seed, lastStep: -1, driftSet: 0, drift: 0 }
  const otpauth = new TOTP({ secret: new Secret({ buffer: new Uint8Array(seed).buffer }) })
  const otplibSeed = new Uint8Array(seed)
  return [
    { name: 'sallyport verifyCode', verify: (code) => verifyCode(device, code, now).ok, microseconds: [] },
    { name: 'three raw createHmac calls', verify: (code) => threeHmacs(seed, code, now), microseconds: [] },
    {
      name: 'otpauth validate',
      verify: (token) => otpauth.validate({ token, timestamp: now, window: 1 }) !== null,
      microseconds: [],
    },
    {
      name: 'otplib verifySync',
      verify: (token) =>
        verifySync({ secret: otplibSeed, token, epoch: Math.floor(now / 1000), epochTolerance: 30 }).valid,
      microseconds: [],
    },
  ]
}

/** The least that any verification over `createHmac` does: three HMACs, truncated and compared. */
function threeHmacs(seed: Buffer, code: string, now: number): boolean {
  const counter = Buffer.alloc(8)
  const step = timeStep(now)
  let right = false
  for (let offset = -1; offset <= 1; offset++) {
    counter.writeUInt32BE(step + offset, 4)
    const mac = createHmac('sha1', seed).update(counter).digest()
    const start = (mac[19] ?? 0) & 15
    right = (mac.readUInt32BE(start) & 0x7fffffff) % 1_000_000 === Number(code) || right
  }
  return right
}

function printResync(seed: Buffer, now: number, print: (line: string) => void): void {
  const device = { seed, lastStep: -1 }
  const [first, second] = [totp(seed, now - 30_000), totp(seed, now)]
  const wrong = firstWrong(seed, now)
  const [found, missed]: [number[], number[]] = [[], []]
  for (let round = 0; round < 20; round++) {
    for (const [code, times] of [[second, found] as const, [wrong, missed] as const]) {
      const start = process.hrtime.bigint()
      verifyConsecutiveCodes(device, first, code, now)
      times.push(Number(process.hrtime.bigint() - start) / 1_000)
    }
  }
  print(
    `  two consecutive codes, 41 steps: ${median(found).toFixed(0)} µs; when wrong, a day each way searched for the clock:`,
  )
  print(`  ${(median(missed) / 1_000).toFixed(1)} ms (medians)`)
}

/** A code of none of the steps around. */
function firstWrong(seed: Buffer, now: number): string {
  const near = [-2, -1, 0, 1, 2].map((offset) => totp(seed, now + offset * 30_000))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? ''
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
