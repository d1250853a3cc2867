/**
 * Every way to spend the codes of a device, one row each. Two of them, asked at the same moment on two servers, must never spend
 * the same time step twice (RFC 6238 §5.2). `redemption-paths.test.ts` holds the table to the source: a new way without its row fails.
 */
import { EnableMFADeviceCommand, ResyncMFADeviceCommand } from '@aws-sdk/client-iam'
import type { SdkClients } from '../support/sdk.ts'
import type { PooledClient } from './pooled-client.ts'
import type { RacePrincipal } from './race-principal.ts'

/** One code, or two consecutive ones. */
export type Codes = readonly [string] | readonly [string, string]

/** One of the servers, as a browser and as an administrator see it. */
export interface RaceServer {
  readonly client: PooledClient
  readonly administrator: SdkClients
}

export interface RedemptionPath {
  readonly name: string
  /** The file of `src` that decides. */
  readonly source: string
  readonly takes: 'one code' | 'two codes'
  /** Whose device it must be. Where an enabling takes part the device is nobody's, and the other asks until it is somebody's. */
  readonly device: 'assigned' | 'unassigned'
  /** Whether the codes were accepted. Throws for any answer that is neither a success nor one of the refusals of a race. */
  send(server: RaceServer, of: RacePrincipal, browser: number, codes: Codes): Promise<boolean>
}

const signInRefusals = ['AuthenticationFailed', 'TooManyAttempts', 'SignInExpired']

async function signIn({ client }: RaceServer, of: RacePrincipal, browser: number, codes: object): Promise<boolean> {
  const body = JSON.stringify({ serial: of.serial, ...codes })
  const answer = await client.request('POST', '/sign-in/mfa', of.browsers[browser] ?? {}, body)
  if (answer.status === 200) return true
  const { code } = answer.json<{ error: { code: string } }>().error
  if (!signInRefusals.includes(code)) throw new Error(`got ${answer.status} ${code} at the sign-in`)
  return false
}

const apiRefusals = [
  'InvalidAuthenticationCodeException',
  'Throttling',
  // EnableMFADevice for a device that the other has enabled, ResyncMFADevice for one that nobody has enabled yet.
  'EntityAlreadyExistsException',
  'NoSuchEntityException',
]

const sendToApi = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    (error: Error) => {
      if (!apiRefusals.includes(error.name)) throw error
      return false
    },
  )

const toInput = (of: RacePrincipal, [first, second]: Codes) => ({
  UserName: of.userName,
  SerialNumber: of.serial,
  AuthenticationCode1: first,
  AuthenticationCode2: second,
})

export const redemptionPaths: readonly RedemptionPath[] = [
  {
    name: 'sign-in by one code',
    source: 'src/sign-in/mfa.ts',
    takes: 'one code',
    device: 'assigned',
    send: (server, of, browser, [code]) => signIn(server, of, browser, { code }),
  },
  {
    name: 'sign-in by two codes',
    source: 'src/sign-in/mfa.ts',
    takes: 'two codes',
    device: 'assigned',
    send: (server, of, browser, [code1, code2]) => signIn(server, of, browser, { code1, code2 }),
  },
  {
    name: 'ResyncMFADevice',
    source: 'src/iam/mfa-devices/resync-mfa-device.ts',
    takes: 'two codes',
    device: 'assigned',
    send: ({ administrator }, of, _browser, codes) =>
      sendToApi(administrator.iam.send(new ResyncMFADeviceCommand(toInput(of, codes)))),
  },
  {
    name: 'EnableMFADevice',
    source: 'src/iam/mfa-devices/enable-mfa-device.ts',
    takes: 'two codes',
    device: 'unassigned',
    send: ({ administrator }, of, _browser, codes) =>
      sendToApi(administrator.iam.send(new EnableMFADeviceCommand(toInput(of, codes)))),
  },
]

/** Every two of the table, a way beside itself too. */
export const redemptionPairs: readonly (readonly [RedemptionPath, RedemptionPath])[] = redemptionPaths.flatMap(
  (path, i) => redemptionPaths.slice(i).map((other) => [path, other] as const),
)
