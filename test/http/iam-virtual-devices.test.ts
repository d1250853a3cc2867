/** Virtual MFA devices as things of the account: made, listed, tagged, deleted (aws-behaviour §1.3, §1.6, §1.8 to §1.13). */
import { CreateVirtualMFADeviceCommand, ListVirtualMFADevicesCommand, TagMFADeviceCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticatorApp, authenticatorAppFromQr } from '../support/authenticator-app.ts'
import { sdkClients } from '../support/sdk.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  type CallParameters,
  call,
  createDevice,
  element,
  elements,
  enableDevice,
  giveRootDevice,
  isoSeconds,
  noSuchDevice,
  noSuchUser,
  refusal,
  refusalOf,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, account.admin, name, parameters)
const refused = async (name: string, parameters: CallParameters = {}) => refusalOf(await asAdmin(name, parameters))
const serialOf = (pathAndName: string) => `arn:aws:iam::${account.accountId}:mfa/${pathAndName}`
const tagsOf = (tags: readonly (readonly [string, string])[]): CallParameters =>
  Object.fromEntries(
    tags.flatMap(([key, value], i) => [
      [`Tags.member.${i + 1}.Key`, key],
      [`Tags.member.${i + 1}.Value`, value],
    ]),
  )

describe('CreateVirtualMFADevice', () => {
  test('answers serial, seed and QR code, the two last base64 encoded on the wire', async () => {
    const made = await asAdmin('CreateVirtualMFADevice', { VirtualMFADeviceName: 'ada+1@b.c', Path: '/team/' })
    const seed = element(made.text, 'Base32StringSeed')
    const png = element(made.text, 'QRCodePNG')
    const device = `<SerialNumber>${serialOf('team/ada+1@b.c')}</SerialNumber><Base32StringSeed>${seed}</Base32StringSeed><QRCodePNG>${png}</QRCodePNG>`
    expect(made.text).toBe(
      answerOf('CreateVirtualMFADevice', `<VirtualMFADevice>${device}</VirtualMFADevice>`, made.requestId),
    )
    const base32 = Buffer.from(seed, 'base64').toString('latin1')
    expect(base32).toMatch(/^[A-Z2-7]{64}$/)
    const scanned = authenticatorAppFromQr(Buffer.from(png, 'base64'))
    expect(scanned).toMatchObject({ secret: base32, issuer: 'Sallyport', label: `ada+1@b.c@${account.accountId}` })
  })

  test('gives an SDK its bytes, with tags where they were given', async () => {
    const { iam } = sdkClients(server.url, account.admin, { now: server.clock.now })
    const Tags = [{ Key: 'Owner', Value: 'Ada' }]
    const { VirtualMFADevice: device } = await iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'sdk', Tags }),
    )
    expect(device).toMatchObject({ SerialNumber: serialOf('sdk'), Tags })
    const seed = Buffer.from(device?.Base32StringSeed ?? []).toString('latin1')
    expect(authenticatorAppFromQr(device?.QRCodePNG ?? new Uint8Array()).codeAt(0)).toBe(
      authenticatorApp(seed).codeAt(0),
    )
    await expect(iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'sdk' }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'MFA device already exists.',
      $metadata: { httpStatusCode: 409 },
    })
    const { VirtualMFADevices = [] } = await iam.send(new ListVirtualMFADevicesCommand({ MaxItems: 1000 }))
    expect(VirtualMFADevices).toContainEqual({ SerialNumber: serialOf('sdk') })
    await expect(iam.send(new TagMFADeviceCommand({ SerialNumber: serialOf('none'), Tags }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: noSuchDevice(serialOf('none')).message,
    })
  })

  test('takes a name once for each path, up to a serial of 256 characters, also in its QR code', async () => {
    await asAdmin('CreateVirtualMFADevice', { VirtualMFADeviceName: 'twice' })
    expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: 'twice' })).toEqual(
      refusal(409, 'EntityAlreadyExists', 'MFA device already exists.'),
    )
    expect((await asAdmin('CreateVirtualMFADevice', { VirtualMFADeviceName: 'twice', Path: '/p/' })).status).toBe(200)

    const longest = 'x'.repeat(256 - serialOf('').length)
    const made = await asAdmin('CreateVirtualMFADevice', { VirtualMFADeviceName: longest })
    expect(element(made.text, 'SerialNumber')).toHaveLength(256)
    const scanned = authenticatorAppFromQr(Buffer.from(element(made.text, 'QRCodePNG'), 'base64'))
    expect(scanned.label).toBe(`${longest}@${account.accountId}`)
    expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: `${longest}x` })).toEqual(
      refusal(400, 'InvalidInput', `The serial number ${serialOf(`${longest}x`)} is longer than 256 characters.`),
    )
    for (const name of ['a b', '<img>', "a'b", 'a%20b', 'x&issuer=Evil', 'a?secret=AAAA', 'a\nb', 'ü', 'a/b', 'a:b'])
      expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: name })).toMatchObject({
        message:
          'The specified value for virtualMFADeviceName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
      })
    expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: '' })).toMatchObject({
      message: expect.stringMatching(/^The specified value for virtualMFADeviceName is invalid/),
    })
  })

  test('shows the alias in the label where the account has one', async () => {
    const other = await accountWithAdmin(server)
    await call(server, other.admin, 'CreateAccountAlias', { AccountAlias: 'with-alias' })
    const made = await call(server, other.admin, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'x' })
    const scanned = authenticatorAppFromQr(Buffer.from(element(made.text, 'QRCodePNG'), 'base64'))
    expect(scanned.label).toBe('x@with-alias')
  })
})

describe('listing', () => {
  test('shows root without name and path, users with theirs, nobody for a free device', async () => {
    const of = await accountWithAdmin(server)
    const ask = (name: string, parameters: CallParameters = {}) => call(server, of.admin, name, parameters)
    const created = isoSeconds(server.clock.now())
    const free = await createDevice(server, of.admin, 'a-free-one')
    const user = await newUser(server, of.accountId, 'ada')
    const ofUser = await createDevice(server, of.admin, 'b-of-ada')
    await enableDevice(server, of.admin, 'ada', ofUser)
    const userDate = isoSeconds(server.clock.now())
    const ofRoot = await giveRootDevice(server, of.accountId, 'whatever')
    const rootDate = isoSeconds(server.clock.now())
    const arn = `arn:aws:iam::${of.accountId}`
    expect(ofRoot.serial).toBe(`${arn}:mfa/root-account-mfa-device`)

    const rows = {
      free: `<member><SerialNumber>${free.serial}</SerialNumber></member>`,
      user: `<member><SerialNumber>${ofUser.serial}</SerialNumber><User><Path>/</Path><UserName>ada</UserName><UserId>${user.userId}</UserId><Arn>${user.arn}</Arn><CreateDate>${created}</CreateDate></User><EnableDate>${userDate}</EnableDate></member>`,
      root: `<member><SerialNumber>${ofRoot.serial}</SerialNumber><User><UserId>${of.accountId}</UserId><Arn>${arn}:root</Arn><CreateDate>${created}</CreateDate></User><EnableDate>${rootDate}</EnableDate></member>`,
    }
    const list = async (status: string | undefined, expected: string) => {
      const { text, requestId } = await ask('ListVirtualMFADevices', status ? { AssignmentStatus: status } : {})
      const result = `<VirtualMFADevices>${expected}</VirtualMFADevices><IsTruncated>false</IsTruncated>`
      expect(text).toBe(answerOf('ListVirtualMFADevices', result, requestId))
    }
    await list(undefined, rows.free + rows.user + rows.root)
    await list('Any', rows.free + rows.user + rows.root)
    await list('Assigned', rows.user + rows.root)
    await list('Unassigned', rows.free)
    expect(refusalOf(await ask('ListVirtualMFADevices', { AssignmentStatus: 'assigned' }))).toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(/Member must satisfy enum value set$/),
    })

    const own = await ask('ListMFADevices', { UserName: 'ADA' })
    const row = `<member><UserName>ada</UserName><SerialNumber>${ofUser.serial}</SerialNumber><EnableDate>${userDate}</EnableDate></member>`
    const result = `<MFADevices>${row}</MFADevices><IsTruncated>false</IsTruncated>`
    expect(own.text).toBe(answerOf('ListMFADevices', result, own.requestId))
    const itself = await call(server, user, 'ListMFADevices')
    expect(itself.text).toBe(answerOf('ListMFADevices', result, itself.requestId))
  })

  test('GetMFADevice is for FIDO devices: it refuses virtual ones alike, whether they are there and whose they are', async () => {
    const { accountId } = account
    await newUser(server, accountId, 'fido')
    const device = await createDevice(server, account.admin, 'of-fido')
    await enableDevice(server, account.admin, 'fido', device)
    const free = await createDevice(server, account.admin, 'free-of-fido')
    const notSupported = refusal(
      400,
      'ValidationError',
      'The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only hardware FIDO security keys are supported. Please use the compatible device or API.',
    )
    const foreign = `arn:aws:iam::999999999999:u2f/user/fido/key-${'A'.repeat(26)}`
    for (const SerialNumber of [device.serial, free.serial, serialOf('none'), 'GAKT12345678', foreign])
      for (const named of [{ UserName: 'fido' }, {}])
        expect(await refused('GetMFADevice', { ...named, SerialNumber })).toEqual(notSupported)
    expect(await refused('GetMFADevice', { UserName: 'nobody', SerialNumber: device.serial })).toEqual(
      noSuchUser('nobody'),
    )
    const key = `arn:aws:iam::${accountId}:u2f/user/fido/key-${'A'.repeat(26)}`
    expect(await refused('GetMFADevice', { UserName: 'fido', SerialNumber: key })).toEqual(noSuchDevice(key))
  })

  test('pages devices, also those with the longest names', async () => {
    const of = await accountWithAdmin(server)
    const longest = 256 - `arn:aws:iam::${of.accountId}:mfa/`.length
    const names = ['a'.repeat(longest), `a${'b'.repeat(longest - 1)}`, 'c', 'd_1', 'd-2']
    for (const VirtualMFADeviceName of names)
      await call(server, of.admin, 'CreateVirtualMFADevice', { VirtualMFADeviceName })
    const seen: string[] = []
    let paging: CallParameters = {}
    do {
      const { text } = await call(server, of.admin, 'ListVirtualMFADevices', { MaxItems: '1', ...paging })
      seen.push(...elements(text, 'SerialNumber'))
      paging = element(text, 'IsTruncated') === 'true' ? { Marker: element(text, 'Marker') } : {}
    } while (paging['Marker'] !== undefined)
    expect(seen.map((serial) => serial.split('/').at(-1)).sort()).toEqual([...names].sort())
    for (const name of ['ListVirtualMFADevices', 'ListMFADevices'])
      expect(await refused(name, { Marker: 'AA' })).toEqual(refusal(400, 'ValidationError', 'Invalid Marker.'))
  })
})

describe('tags', () => {
  const list = async (serial: string, paging: CallParameters = {}) => {
    const { text } = await asAdmin('ListMFADeviceTags', { SerialNumber: serial, ...paging })
    return Object.fromEntries(elements(text, 'Value').map((value, i) => [elements(text, 'Key')[i], value]))
  }

  test('are set, changed, removed by the exact spelling of their keys, and listed by key', async () => {
    const { serial } = await createDevice(server, account.admin, 'tagged')
    const set = await asAdmin('TagMFADevice', {
      SerialNumber: serial,
      ...tagsOf([
        ['b', '1'],
        ['Ab', ''],
        ['ß 文+=', '='],
      ]),
    })
    expect(set.text).toBe(answerOf('TagMFADevice', undefined, set.requestId))
    await asAdmin('TagMFADevice', {
      SerialNumber: serial,
      ...tagsOf([
        ['AB', '2'],
        ['b', '3'],
      ]),
    })
    const listed = await asAdmin('ListMFADeviceTags', { SerialNumber: serial })
    const members = [
      ['AB', '2'],
      ['Ab', ''],
      ['b', '3'],
      ['ß 文+=', '='],
    ].map(([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`)
    const result = `<Tags>${members.join('')}</Tags><IsTruncated>false</IsTruncated>`
    expect(listed.text).toBe(answerOf('ListMFADeviceTags', result, listed.requestId))
    const removed = await asAdmin('UntagMFADevice', {
      SerialNumber: serial,
      'TagKeys.member.1': 'Ab',
      'TagKeys.member.2': 'B',
      'TagKeys.member.3': 'not there',
    })
    expect(removed.text).toBe(answerOf('UntagMFADevice', undefined, removed.requestId))
    expect(await list(serial)).toEqual({ AB: '2', b: '3', 'ß 文+=': '=' })
    await asAdmin('UntagMFADevice', { SerialNumber: serial, TagKeys: '' })
    expect(await list(serial)).toEqual({ AB: '2', b: '3', 'ß 文+=': '=' })
  })

  test('may differ by case alone, from the making of the device on', async () => {
    const pair: [string, string][] = [
      ['Team', 'One'],
      ['team', 'Two'],
    ]
    const made = await asAdmin('CreateVirtualMFADevice', { VirtualMFADeviceName: 'two-keys', ...tagsOf(pair) })
    expect(elements(made.text, 'Key')).toEqual(['Team', 'team'])
    const serial = element(made.text, 'SerialNumber')
    expect(await list(serial)).toEqual({ Team: 'One', team: 'Two' })
    await asAdmin('UntagMFADevice', { SerialNumber: serial, 'TagKeys.member.1': 'Team' })
    expect(await list(serial)).toEqual({ team: 'Two' })
  })

  test('have no key that begins with aws:, in whatever case; a value may, and such a key may be removed', async () => {
    const { serial } = await createDevice(server, account.admin, 'reserved')
    const reserved = refusal(400, 'InvalidInput', 'Tag keys beginning with aws: are reserved for system use.')
    for (const key of ['aws:key', 'AWS:key', 'aWs:', 'aws:']) {
      const tags = tagsOf([
        ['plain', ''],
        [key, 'v'],
      ])
      expect(await refused('TagMFADevice', { SerialNumber: serial, ...tags })).toEqual(reserved)
      expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: 'never', ...tags })).toEqual(reserved)
    }
    expect(await refused('ListMFADeviceTags', { SerialNumber: serialOf('never') })).toEqual(
      noSuchDevice(serialOf('never')),
    )
    expect(await list(serial)).toEqual({})
    const allowed: [string, string][] = [
      ['value', 'AWS:v'],
      ['x-aws:key', ''],
      ['awskey', ''],
    ]
    expect((await asAdmin('TagMFADevice', { SerialNumber: serial, ...tagsOf(allowed) })).status).toBe(200)
    expect((await asAdmin('UntagMFADevice', { SerialNumber: serial, 'TagKeys.member.1': 'aws:key' })).status).toBe(200)
    expect(await list(serial)).toEqual(Object.fromEntries(allowed))
  })

  test('are 50 at the most, each key once, and stay as they were when refused', async () => {
    const { serial } = await createDevice(server, account.admin, 'full')
    const many = Array.from({ length: 50 }, (_, i): [string, string] => [`k${i}`, `${i}`])
    await asAdmin('TagMFADevice', { SerialNumber: serial, ...tagsOf(many) })
    expect(
      await refused('TagMFADevice', {
        SerialNumber: serial,
        ...tagsOf([
          ['k0', 'new'],
          ['K0', ''],
        ]),
      }),
    ).toEqual(refusal(409, 'LimitExceeded', 'Cannot exceed quota for TagsPerResource: 50'))
    expect(await list(serial)).toEqual(Object.fromEntries(many))
    const pair = tagsOf([
      ['Owner', 'a'],
      ['Owner', 'b'],
    ])
    const duplicate = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    expect(await refused('TagMFADevice', { SerialNumber: serial, ...pair })).toEqual(
      refusal(400, 'InvalidInput', duplicate),
    )
    expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: 'not-made', ...pair })).toEqual(
      refusal(400, 'InvalidInput', duplicate),
    )
    expect(await refused('ListMFADeviceTags', { SerialNumber: serialOf('not-made') })).toEqual(
      noSuchDevice(serialOf('not-made')),
    )
    for (const [key, value] of [
      ['', 'x'],
      ['k'.repeat(129), ''],
      ['k', 'v'.repeat(257)],
      ['k<', ''],
      ['k', "'"],
    ] as const)
      expect(await refused('TagMFADevice', { SerialNumber: serial, ...tagsOf([[key, value]]) })).toMatchObject({
        code: 'ValidationError',
      })
  })

  test('are paged, also those whose keys have 128 letters outside of the first plane', async () => {
    const { serial } = await createDevice(server, account.admin, 'paged')
    const keys = ['𝔸'.repeat(128), `${'𝔸'.repeat(127)}𝔹`, 'é']
    await asAdmin('TagMFADevice', { SerialNumber: serial, ...tagsOf(keys.map((key) => [key, ''])) })
    const seen: string[] = []
    let paging: CallParameters = {}
    do {
      const { text } = await asAdmin('ListMFADeviceTags', { SerialNumber: serial, MaxItems: '1', ...paging })
      seen.push(...elements(text, 'Key'))
      paging = element(text, 'IsTruncated') === 'true' ? { Marker: element(text, 'Marker') } : {}
    } while (paging['Marker'] !== undefined)
    expect(seen.sort()).toEqual([...keys].sort())
  })

  test('go with their device, and do not come back with one of the same name', async () => {
    const { serial } = await createDevice(server, account.admin, 'reborn')
    await asAdmin('TagMFADevice', { SerialNumber: serial, ...tagsOf([['k', 'v']]) })
    const deleted = await asAdmin('DeleteVirtualMFADevice', { SerialNumber: serial })
    expect(deleted.text).toBe(answerOf('DeleteVirtualMFADevice', undefined, deleted.requestId))
    expect(await refused('DeleteVirtualMFADevice', { SerialNumber: serial })).toEqual(noSuchDevice(serial))
    await createDevice(server, account.admin, 'reborn')
    expect(await list(serial)).toEqual({})
  })
})

test('a device in use is not deleted; taken from its user it stays, free, under its name', async () => {
  await newUser(server, account.accountId, 'holder')
  const device = await createDevice(server, account.admin, 'held')
  await enableDevice(server, account.admin, 'holder', device)
  const { serial } = device
  expect(await refused('DeleteVirtualMFADevice', { SerialNumber: serial })).toEqual(
    refusal(409, 'DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.'),
  )
  const done = await asAdmin('DeactivateMFADevice', { UserName: 'holder', SerialNumber: serial })
  expect(done.text).toBe(answerOf('DeactivateMFADevice', undefined, done.requestId))
  expect(await refused('DeactivateMFADevice', { UserName: 'holder', SerialNumber: serial })).toEqual(
    refusal(404, 'NoSuchEntity', 'MFA Device invalid for user.'),
  )
  const free = await asAdmin('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned', MaxItems: '1000' })
  expect(elements(free.text, 'SerialNumber')).toContain(serial)
  expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: 'held' })).toMatchObject({
    code: 'EntityAlreadyExists',
  })
  expect((await asAdmin('DeleteVirtualMFADevice', { SerialNumber: serial })).status).toBe(200)
})
