/**
 * A principal with one device, and half-done sign-ins of it at the step where the code is due, put into the store as our own
 * sign-in does it: a race is about the code alone, so that no round has to compute a password's hash.
 */
import { createHash } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { insertAccount } from '../../src/accounts/account-store.ts'
import { type AccountId, newAccountId } from '../../src/core/account-id.ts'
import { rootVirtualMfaArn, virtualMfaArn } from '../../src/core/arn.ts'
import { systemClock } from '../../src/core/clock.ts'
import { randomToken, systemRandom } from '../../src/core/random.ts'
import type { PasswordHash } from '../../src/credentials/password/hash-password.ts'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { assignDevice, findDevice, insertDevice } from '../../src/iam/mfa-devices/device-store.ts'
import { insertUser } from '../../src/iam/users/user-store.ts'
import type { Store } from '../../src/open-store.ts'
import { replaceSignIn } from '../../src/sign-in/state.ts'
import { trustBrowser } from '../../src/sign-in/trusted-browser.ts'
import type { Cookie, WebRequest } from '../../src/sign-in/web.ts'
import type { Tx } from '../../src/storage/schema.ts'

export const stepMs = 30_000
export const stepAt = (ms: number): number => Math.floor(ms / stepMs)

export interface RacePrincipal {
  readonly accountId: AccountId
  readonly principalId: string
  readonly userName: string | undefined
  readonly serial: string
  codeAt(ms: number): string
  /** The headers of requests of a browser each, at the step where the code is due. */
  readonly browsers: readonly Readonly<Record<string, string>>[]
}

export interface RaceSetUp {
  /** Half-done sign-ins, and so browsers. */
  readonly signIns: number
  /** Absent: root of an account of its own. */
  readonly userOf?: AccountId
  /** Whether the device is the principal's already; otherwise it is nobody's. */
  readonly assigned?: boolean
}

/** No principal has more trusted browsers. */
const trustedBrowsers = 4

export async function newRacePrincipal(store: Store, setUp: RaceSetUp): Promise<RacePrincipal> {
  const secret = new Secret({ size: 40 })
  const totp = new TOTP({ secret })
  const now = systemClock.now()
  return store.storage.transaction(async (tx) => {
    const { accountId, principalId, userName, passwordVersion } = await insertPrincipal(tx, store, setUp, now)
    const name = userName ?? 'root-account-mfa-device'
    const serial = userName === undefined ? rootVirtualMfaArn(accountId) : virtualMfaArn(accountId, '/', name)
    const seed = Buffer.from(secret.buffer)
    await insertDevice(tx, store.sealer, { accountId, serial, name, path: '/', seed, wizardSession: null }, now)
    const device = await findDevice(tx, accountId, serial)
    const longAgo = stepAt(now) - 100
    if (device === undefined) throw new Error(`the device ${serial} was not inserted`)
    if (setUp.assigned !== false)
      await assignDevice(tx, device, { principalId, firstStep: longAgo - 1, step: longAgo, drift: 0 }, now)

    const of = { accountId, principalId }
    const known: Cookie[] = []
    for (let i = 0; i < Math.min(setUp.signIns, trustedBrowsers); i++)
      known.push(await trustBrowser(tx, systemRandom, noCookies, of, true, now))
    const browsers: Record<string, string>[] = []
    for (let i = 0; i < setUp.signIns; i++) {
      const state = { name: 'mfa', accountId, principalId, passwordVersion } as const
      const nothing = { state: { name: 'identify' }, hash: '', version: 0 } as const
      const signIn = await replaceSignIn(tx, systemRandom, nothing, state, now)
      const of = known[i % trustedBrowsers]
      if (signIn === false || of === undefined) throw new Error('the sign-in was not inserted')
      browsers.push(headersOf(store, [signIn, of]))
    }
    return { accountId, principalId, userName, serial, codeAt: (ms) => totp.generate({ timestamp: ms }), browsers }
  })
}

const noCookies = { cookie: () => undefined } as unknown as WebRequest

/** What the console sends. */
function headersOf({ sealer }: Store, cookies: readonly Cookie[]): Record<string, string> {
  const form = randomToken(systemRandom)
  const pairs = [...cookies, { name: 'form', value: form }].map(({ name, value }) => `sallyport-${name}=${value}`)
  return {
    'content-type': 'application/json',
    cookie: pairs.join('; '),
    'x-anti-forgery': antiForgeryToken(sealer, form, undefined),
  }
}

async function insertPrincipal(tx: Tx, store: Store, { userOf }: RaceSetUp, now: number) {
  if (userOf !== undefined) {
    const userName = `user-${randomToken(systemRandom)}`
    const user = { accountId: userOf, userName, path: '/', administrator: false }
    const record = await insertUser(tx, systemRandom, user, now)
    if (typeof record === 'string') throw new Error(`the user ${userName}: ${record}`)
    return { accountId: userOf, principalId: record.principal.id, userName, passwordVersion: record.passwordVersion }
  }
  const accountId = newAccountId(systemRandom)
  const email = `${createHash('sha256').update(accountId).digest('hex').slice(0, 20)}@example.com`
  // Nobody enters a password here.
  const passwordHash = '$argon2id$no-hash' as PasswordHash
  await insertAccount(tx, store.sealer, { accountId, name: 'A', email, phone: '+43 1 2345678', passwordHash }, now)
  return { accountId, principalId: accountId as string, userName: undefined, passwordVersion: 1 }
}
