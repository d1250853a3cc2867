/** The machine's AWS CLI, unchanged, as witness (issue item 8), and a user's own device by it from QR code to removal. */
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { insertAccessKey } from '../../src/iam/access-keys/access-key-store.ts'
import { rootPrincipal } from '../../src/iam/principals/find-principal.ts'
import { openStore } from '../../src/open-store.ts'
import { type AuthenticatorApp, authenticatorApp, authenticatorAppFromQr } from '../support/authenticator-app.ts'
import { canaries } from '../support/canaries.ts'
import { runAws } from '../support/cli.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { sdkClients } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { enterPassword, newBrowser, type TestServer } from '../support/test-server.ts'
import { stepMs } from './race-principal.ts'
import { patience } from './rounds.ts'
import { insertTestAccount, insertTestUser, testPassword } from './two-servers.ts'

const email = 'root@example.com'
let server: ServerProcess
let accountId: AccountId
let admin: SdkCredentials
let alice: SdkCredentials
let rootKey: SdkCredentials

beforeAll(async () => {
  server = await startServer()
  const store = await openStore({ dataFolder: server.data }, systemRandom)
  accountId = await insertTestAccount(store, email)
  admin = await insertTestUser(store, accountId, 'admin', true)
  alice = await insertTestUser(store, accountId, 'alice')
  const key = await store.storage.transaction((tx) =>
    insertAccessKey(tx, store.sealer, systemRandom, rootPrincipal(accountId), systemClock.now()),
  )
  const secretAccessKey = key?.secretAccessKey.reveal() ?? ''
  canaries.add(secretAccessKey, 'the secret access key of root')
  rootKey = { accessKeyId: key?.accessKeyId ?? '', secretAccessKey }
  await store.storage.close()
})
afterAll(async () => void (await server.stop()))

/** What it prints, when it ends well. */
async function aws(as: SdkCredentials, ...parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runAws(server.url, as, parameters)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim()
}

/** What it complains of, when it does not. */
async function refusal(as: SdkCredentials, ...parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runAws(server.url, as, parameters)
  expect(stdout).toBe('')
  expect([254, 255]).toContain(code)
  // What version 2 adds for a client that is told to try once.
  return stderr.trim().replace(/ \(reached max retries: \d+\)/, '')
}

const twoCodes = (app: AuthenticatorApp, now: number): readonly string[] => [
  ...['--authentication-code1', app.codeAt(now - stepMs)],
  ...['--authentication-code2', app.codeAt(now)],
]

const accountMfaEnabled = () => aws(admin, 'iam', 'get-account-summary', '--query', 'SummaryMap.AccountMFAEnabled')

test.each([
  ['organizations', 'describe-organization'],
  ['kms', 'list-keys'],
  ['sns', 'list-topics'],
  ['lambda', 'list-functions'],
  ['s3api', 'list-buckets'],
  ['s3', 'ls'],
])('aws %s %s says which services there are', patience, async (...command) => {
  const service = command[0] === 's3api' ? 's3' : command[0]
  expect(await refusal(admin, ...command)).toMatch(
    new RegExp(`An error occurred \\(NotImplemented\\).*Sallyport does not serve ${service}: it serves iam, sts\\.$`),
  )
})

test('an endpoint with one slash too many', patience, async () => {
  const { code, stdout } = await runAws(`${server.url}/`, admin, [
    'sts',
    'get-caller-identity',
    '--query',
    'Account',
    '--output',
    'text',
  ])
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${accountId}\n` })
})

describe('root', () => {
  test('is seen without and with a second factor, which no command can give it', patience, async () => {
    expect(JSON.parse(await aws(admin, 'sts', 'get-caller-identity'))).toEqual({
      UserId: expect.stringMatching(/^AIDA/),
      Account: accountId,
      Arn: `arn:aws:iam::${accountId}:user/admin`,
    })
    expect(await accountMfaEnabled()).toBe('0')
    expect(JSON.parse(await aws(admin, 'iam', 'list-virtual-mfa-devices', '--assignment-status', 'Assigned'))).toEqual({
      VirtualMFADevices: [],
    })

    const browser = newBrowser({ url: server.url } as TestServer)
    expect((await enterPassword(browser, { accountId, email, password: testPassword })).status).toBe(200)
    const { iam } = sdkClients(server.url, await browser.credentials())
    const { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand } = await import('@aws-sdk/client-iam')
    const created = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'my-phone' }))
    const serial = created.VirtualMFADevice?.SerialNumber ?? ''
    const app = authenticatorApp(Buffer.from(created.VirtualMFADevice?.Base32StringSeed ?? []).toString())
    expect(serial).toBe(`arn:aws:iam::${accountId}:mfa/root-account-mfa-device`)

    // With root's own key as with the administrator's: root has no name that could be given.
    for (const [as, name] of [
      [rootKey, 'root'],
      [rootKey, accountId],
      [rootKey, email],
      [admin, accountId],
    ] as const) {
      const tried = ['iam', 'enable-mfa-device', '--user-name', name, '--serial-number', serial]
      expect(await refusal(as, ...tried, ...twoCodes(app, Date.now()))).toMatch(
        /An error occurred \((NoSuchEntity|AccessDenied)\)/,
      )
    }
    expect(await accountMfaEnabled()).toBe('0')

    const now = Date.now()
    const codes = { AuthenticationCode1: app.codeAt(now - stepMs), AuthenticationCode2: app.codeAt(now) }
    await iam.send(new EnableMFADeviceCommand({ SerialNumber: serial, ...codes } as never))
    expect(await accountMfaEnabled()).toBe('1')
    const listed = JSON.parse(await aws(admin, 'iam', 'list-virtual-mfa-devices', '--assignment-status', 'Assigned'))
    expect(listed).toEqual({
      VirtualMFADevices: [
        {
          SerialNumber: serial,
          User: {
            UserId: accountId,
            Arn: `arn:aws:iam::${accountId}:root`,
            CreateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            PasswordLastUsed: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          },
          EnableDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
    })
    // Nor can a command take it away.
    const taken = await refusal(
      rootKey,
      'iam',
      'deactivate-mfa-device',
      '--user-name',
      accountId,
      '--serial-number',
      serial,
    )
    expect(taken).toMatch(/An error occurred \((NoSuchEntity|AccessDenied)\)/)
    expect(await accountMfaEnabled()).toBe('1')
  })
})

describe('a user and its own device', () => {
  const serialOf = (name: string) => `arn:aws:iam::${accountId}:mfa/${name}`
  const create = async (method: 'QRCodePNG' | 'Base32StringSeed', name: string): Promise<Buffer> => {
    const outfile = path.join(server.data, '..', `${path.basename(server.data)}-${name}`)
    const parameters = ['--virtual-mfa-device-name', name, '--outfile', outfile, '--bootstrap-method', method]
    const printed = JSON.parse(await aws(alice, 'iam', 'create-virtual-mfa-device', ...parameters))
    expect(printed).toEqual({ VirtualMFADevice: { SerialNumber: serialOf(name) } })
    const content = fs.readFileSync(outfile)
    fs.rmSync(outfile)
    return content
  }

  test('from the QR code to the removal', patience, async () => {
    const app = authenticatorAppFromQr(await create('QRCodePNG', 'alice'))
    canaries.add(app.secret, 'a seed')
    expect(app).toMatchObject({ issuer: 'Sallyport', label: expect.stringContaining('alice') })
    const of = ['--user-name', 'alice', '--serial-number', serialOf('alice')]
    const enable = ['iam', 'enable-mfa-device', ...of]
    const code = app.codeAt(Date.now())
    expect(await refusal(alice, ...enable, '--authentication-code1', code, '--authentication-code2', code)).toBe(
      'An error occurred (InvalidAuthenticationCode) when calling the EnableMFADevice operation: Authentication code for device is not valid.',
    )
    const enabledAt = Date.now()
    expect(await aws(alice, ...enable, ...twoCodes(app, enabledAt))).toBe('')
    expect(JSON.parse(await aws(alice, 'iam', 'list-mfa-devices'))).toEqual({
      MFADevices: [
        { UserName: 'alice', SerialNumber: serialOf('alice'), EnableDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      ],
    })
    // The codes are used up, here as everywhere.
    expect(await refusal(alice, 'iam', 'resync-mfa-device', ...of, ...twoCodes(app, enabledAt))).toContain(
      '(InvalidAuthenticationCode)',
    )
    // Two later ones resync it: the device is known to be a step or two ahead.
    const ahead = enabledAt + 3 * stepMs
    expect(await aws(alice, 'iam', 'resync-mfa-device', ...of, ...twoCodes(app, ahead))).toBe('')

    // The key alone may not remove it, nor add another; the administrator may.
    const mfaNeeded =
      'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.'
    expect(await refusal(alice, 'iam', 'deactivate-mfa-device', ...of)).toBe(
      `An error occurred (AccessDenied) when calling the DeactivateMFADevice operation: ${mfaNeeded}`,
    )
    const seed = (await create('Base32StringSeed', 'second')).toString()
    expect(seed).toMatch(/^[A-Z2-7]{64}$/)
    const second = ['--user-name', 'alice', '--serial-number', serialOf('second')]
    expect(
      await refusal(alice, 'iam', 'enable-mfa-device', ...second, ...twoCodes(authenticatorApp(seed), Date.now())),
    ).toBe(`An error occurred (AccessDenied) when calling the EnableMFADevice operation: ${mfaNeeded}`)
    expect(
      await aws(admin, 'iam', 'enable-mfa-device', ...second, ...twoCodes(authenticatorApp(seed), Date.now())),
    ).toBe('')
    expect(await refusal(admin, 'iam', 'delete-virtual-mfa-device', '--serial-number', serialOf('alice'))).toContain(
      '(DeleteConflict)',
    )
    expect(await aws(admin, 'iam', 'deactivate-mfa-device', ...of)).toBe('')
    expect(await aws(admin, 'iam', 'delete-virtual-mfa-device', '--serial-number', serialOf('alice'))).toBe('')
    const left = await aws(
      admin,
      'iam',
      'list-mfa-devices',
      '--user-name',
      'alice',
      '--query',
      'MFADevices[].SerialNumber',
      '--output',
      'text',
    )
    expect(left).toBe(serialOf('second'))
  })
})

describe('refusals, as the command shows them', () => {
  const errorOf = (text: string) =>
    /An error occurred \((\w+)\) when calling the (\w+) operation(?: \(reached max retries: \d+\))?: (.*)$/s
      .exec(text)
      ?.slice(1)

  test.each<[string, () => SdkCredentials, string[], unknown[]]>([
    [
      "a key that is nobody's",
      () => ({ ...admin, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }),
      ['sts', 'get-caller-identity'],
      ['InvalidClientTokenId', 'GetCallerIdentity', 'The security token included in the request is invalid.'],
    ],
    [
      'a wrong secret',
      () => ({ ...admin, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }),
      ['sts', 'get-caller-identity'],
      [
        'SignatureDoesNotMatch',
        'GetCallerIdentity',
        expect.stringContaining('The request signature we calculated does not match'),
      ],
    ],
    [
      'a call that is not allowed',
      () => alice,
      ['iam', 'list-users'],
      ['AccessDenied', 'ListUsers', expect.stringContaining('is not authorized to perform: iam:ListUsers')],
    ],
    [
      'a user who is there already',
      () => admin,
      ['iam', 'create-user', '--user-name', 'ALICE'],
      ['EntityAlreadyExists', 'CreateUser', 'User with name ALICE already exists.'],
    ],
    [
      'a user who is not there',
      () => admin,
      ['iam', 'get-user', '--user-name', 'bob'],
      ['NoSuchEntity', 'GetUser', 'The user with name bob cannot be found.'],
    ],
    [
      'a name that is not allowed',
      () => admin,
      ['iam', 'create-user', '--user-name', 'a/b'],
      [
        'ValidationError',
        'CreateUser',
        'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
      ],
    ],
    [
      'what is not built yet',
      () => admin,
      ['iam', 'list-groups'],
      ['NotImplemented', 'ListGroups', expect.stringContaining('ListGroups is not implemented')],
    ],
  ])('%s', async (_what, as, parameters, expected) => {
    expect(errorOf(await refusal(as(), ...parameters))).toEqual(expected)
  })
})
