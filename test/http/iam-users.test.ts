/** Users by API: aws-behaviour §1.1, §1.2, §1.13, §4.5, in AWS's words and forms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  browserOf,
  type CallParameters,
  call,
  createDevice,
  element,
  elements,
  enableDevice,
  givePassword,
  isoSeconds,
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

const asAdmin = (name: string, parameters: CallParameters = {}, headers: CallParameters = {}) =>
  call(server, account.admin, name, parameters, { headers })
const refused = async (name: string, parameters: CallParameters = {}) => refusalOf(await asAdmin(name, parameters))
const duplicateTags = refusal(
  400,
  'InvalidInput',
  'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
)

describe('CreateUser', () => {
  test('answers the user, with path and tags where they were given', async () => {
    const plain = await asAdmin('CreateUser', { UserName: 'ada' })
    const userId = element(plain.text, 'UserId')
    expect(userId).toMatch(/^AIDA[A-Z2-7]{17}$/)
    const created = isoSeconds(server.clock.now())
    const arn = `arn:aws:iam::${account.accountId}:user`
    const ada = `<User><Path>/</Path><UserName>ada</UserName><UserId>${userId}</UserId><Arn>${arn}/ada</Arn><CreateDate>${created}</CreateDate></User>`
    expect(plain.text).toBe(answerOf('CreateUser', ada, plain.requestId))

    const full = await asAdmin('CreateUser', {
      UserName: 'B=o,b.@-_+',
      Path: '/team/a/',
      'Tags.member.1.Key': 'Unit',
      'Tags.member.1.Value': '',
    })
    const id = element(full.text, 'UserId')
    const bob = `<User><Path>/team/a/</Path><UserName>B=o,b.@-_+</UserName><UserId>${id}</UserId><Arn>${arn}/team/a/B=o,b.@-_+</Arn><CreateDate>${created}</CreateDate><Tags><member><Key>Unit</Key><Value></Value></member></Tags></User>`
    expect(full.text).toBe(answerOf('CreateUser', bob, full.requestId))

    const asJson = await asAdmin('GetUser', { UserName: 'ada' }, { Accept: 'application/json' })
    expect(JSON.parse(asJson.text)).toEqual({
      GetUserResponse: {
        GetUserResult: {
          User: {
            Path: '/',
            UserName: 'ada',
            UserId: userId,
            Arn: `${arn}/ada`,
            CreateDate: server.clock.now() / 1000,
            PasswordLastUsed: null,
            PermissionsBoundary: null,
            Tags: null,
          },
        },
        ResponseMetadata: { RequestId: asJson.requestId },
      },
    })
    const tagged = await asAdmin('GetUser', { UserName: 'B=o,b.@-_+' })
    expect(tagged.text).toBe(answerOf('GetUser', bob, tagged.requestId))
    // A list shows no tags.
    const listed = await asAdmin('ListUsers', { PathPrefix: '/team/' })
    expect(elements(listed.text, 'UserName')).toEqual(['B=o,b.@-_+'])
    expect(listed.text).not.toContain('<Tags>')
    expect(listed.text).toContain('<IsTruncated>false</IsTruncated></ListUsersResult>')
  })

  test('refuses a name that exists, in whatever case and under whatever path', async () => {
    await asAdmin('CreateUser', { UserName: 'Eve', Path: '/x/' })
    const taken = (name: string) => refusal(409, 'EntityAlreadyExists', `User with name ${name} already exists.`)
    expect(await refused('CreateUser', { UserName: 'Eve' })).toEqual(taken('Eve'))
    expect(await refused('CreateUser', { UserName: 'eVE', Path: '/y/' })).toEqual(taken('eVE'))
    expect(element((await asAdmin('GetUser', { UserName: 'EVE' })).text, 'UserName')).toBe('Eve')
  })

  test('takes names of 1 to 64 of its characters, paths of up to 512, and no other', async () => {
    expect((await asAdmin('CreateUser', { UserName: 'n'.repeat(64) })).status).toBe(200)
    expect((await asAdmin('CreateUser', { UserName: 'long-path', Path: `/${'~'.repeat(510)}/` })).status).toBe(200)
    const invalid = (message: string) => refusal(400, 'ValidationError', message)
    const tooLong = 'n'.repeat(65)
    expect(await refused('CreateUser', { UserName: tooLong })).toEqual(
      invalid(
        "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64",
      ),
    )
    const words =
      'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-'
    for (const name of ['a b', 'a/b', "o'hara", '<b>', 'a%', 'x&issuer=y', 'ü', 'a\u00adb', '‮a'])
      expect(await refused('CreateUser', { UserName: name })).toEqual(invalid(words))
    const ofPaths = (name: string) =>
      `The specified value for ${name} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`
    for (const path of ['', 'x', '/x', 'x/', '/ /', '/ü/'])
      expect(await refused('CreateUser', { UserName: 'paths', Path: path })).toEqual(invalid(ofPaths('path')))
    expect(await refused('UpdateUser', { UserName: 'paths', NewPath: 'x' })).toEqual(invalid(ofPaths('newPath')))
    expect(await refused('ListUsers', { PathPrefix: 'x' })).toEqual(
      invalid(
        'The specified value for pathPrefix is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters.',
      ),
    )
    expect(await refused('CreateUser', { UserName: 'paths', Path: `/${'~'.repeat(511)}/` })).toEqual(
      invalid(
        "1 validation error detected: Value at 'path' failed to satisfy constraint: Member must have length less than or equal to 512",
      ),
    )
    expect(await refused('CreateUser', {})).toEqual(
      refusal(
        400,
        'ValidationError',
        "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
      ),
    )
    expect(await refused('GetUser', { UserName: 'n'.repeat(128) })).toEqual(noSuchUser('n'.repeat(128)))
    expect(await refused('GetUser', { UserName: 'n'.repeat(129) })).toMatchObject({ code: 'ValidationError' })
  })

  test('refuses tags whose keys differ by case alone or are AWS’s, more than 50, and a boundary that does not exist', async () => {
    const twice = {
      'Tags.member.1.Key': 'Owner',
      'Tags.member.1.Value': 'a',
      'Tags.member.2.Key': 'oWNER',
      'Tags.member.2.Value': 'b',
    }
    expect(await refused('CreateUser', { UserName: 'tagged', ...twice })).toEqual(duplicateTags)
    expect(
      await refused('CreateUser', { UserName: 'tagged', 'Tags.member.1.Key': ' ', 'Tags.member.1.Value': 'v' }),
    ).toMatchObject({ status: 400, code: 'ValidationError' })
    for (const key of ['aws:key', 'AWS:key', 'Aws:'])
      expect(
        await refused('CreateUser', { UserName: 'tagged', 'Tags.member.1.Key': key, 'Tags.member.1.Value': 'v' }),
      ).toEqual(refusal(400, 'InvalidInput', 'Tag keys beginning with aws: are reserved for system use.'))
    const tags = Array.from({ length: 51 }, (_, i) => [
      [`Tags.member.${i + 1}.Key`, `k${i}`],
      [`Tags.member.${i + 1}.Value`, ''],
    ])
    const many = Object.fromEntries(tags.flat()) as CallParameters
    expect(await refused('CreateUser', { UserName: 'tagged', ...many })).toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(/at 'tags' failed .*length less than or equal to 50$/),
    })
    const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess'
    expect(await refused('CreateUser', { UserName: 'tagged', PermissionsBoundary: boundary })).toEqual(
      refusal(404, 'NoSuchEntity', `Policy ${boundary} does not exist or is not attachable.`),
    )
    expect(await refused('GetUser', { UserName: 'tagged' })).toEqual(noSuchUser('tagged'))
  })
})

describe('GetUser', () => {
  test('without a name is the caller, root too, who has neither name nor path', async () => {
    const own = await asAdmin('GetUser')
    expect(elements(own.text, 'Arn')).toEqual([account.admin.arn])
    const browser = await browserOf(server, account.accountId)
    const root = await call(server, await browser.credentials(), 'GetUser')
    const { accountId } = account
    const user = `<User><UserId>${accountId}</UserId><Arn>arn:aws:iam::${accountId}:root</Arn><CreateDate>${isoSeconds(server.clock.now())}</CreateDate></User>`
    expect(root.text).toBe(answerOf('GetUser', user, root.requestId))
  })
})

describe('ListUsers', () => {
  test('pages by the markers that it gave, sorted by name, and refuses other markers', async () => {
    const other = await accountWithAdmin(server)
    const names = ['alice', 'Bob', 'carol_2', 'carol-1', 'd'.repeat(64), 'admin']
    for (const name of names.slice(0, 5)) await call(server, other.admin, 'CreateUser', { UserName: name })
    const seen: string[] = []
    let paging: CallParameters = {}
    for (;;) {
      const { text } = await call(server, other.admin, 'ListUsers', { MaxItems: '1', ...paging })
      seen.push(...elements(text, 'UserName'))
      if (element(text, 'IsTruncated') === 'false') {
        expect(text).not.toContain('<Marker>')
        break
      }
      paging = { Marker: element(text, 'Marker') }
      expect(paging['Marker']).toMatch(/^[\u0020-\u00ff]{1,320}$/)
    }
    expect([...seen].sort()).toEqual([...names].sort())
    const lower = seen.map((name) => name.toLowerCase())
    const inOneCall = await call(server, other.admin, 'ListUsers', { MaxItems: '1000' })
    expect(elements(inOneCall.text, 'UserName').map((name) => name.toLowerCase())).toEqual(lower)

    const invalid = refusal(400, 'ValidationError', 'Invalid Marker.')
    for (const Marker of ['x', 'AA', 'AAAAAAAAalice', ' ', "'; drop table users; --", 'ÿ'.repeat(320), 'arn:aws:iam::'])
      expect(refusalOf(await call(server, other.admin, 'ListUsers', { Marker }))).toEqual(invalid)
    for (const [name, value] of [
      ['Marker', ''],
      ['Marker', 'x'.repeat(321)],
      ['Marker', '\u0100'],
      ['MaxItems', '0'],
      ['MaxItems', '1001'],
      ['MaxItems', '-1'],
    ] as const)
      expect(await refused('ListUsers', { [name]: value })).toMatchObject({ status: 400, code: 'ValidationError' })
    for (const MaxItems of ['1e2', '1.0', '0x1', ' 1', '', '１', '99999999999999999999'])
      expect(await refused('ListUsers', { MaxItems })).toMatchObject({ status: 400, code: 'MalformedInput' })
  })

  test('takes a path prefix by its letters: % and _ stand for themselves', async () => {
    for (const [UserName, Path] of [
      ['percent', '/a%b/'],
      ['under', '/a_b/'],
      ['letter', '/axb/'],
      ['upper', '/AXB/'],
    ] as const)
      await asAdmin('CreateUser', { UserName, Path })
    const under = async (PathPrefix: string) => elements((await asAdmin('ListUsers', { PathPrefix })).text, 'UserName')
    expect(await under('/a%')).toEqual(['percent'])
    expect(await under('/a_')).toEqual(['under'])
    expect(await under('/ax')).toEqual(['letter'])
    expect(await under('/AX')).toEqual(['upper'])
    expect(await under('/a')).toEqual(['letter', 'percent', 'under'])
    expect(await under("/a' or 1=1".replaceAll(' ', ''))).toEqual([])
    expect(await under(`/${'~'.repeat(511)}`)).toEqual([])
    expect(await refused('ListUsers', { PathPrefix: 'a' })).toMatchObject({ code: 'ValidationError' })
  })
})

describe('DeleteUser', () => {
  test('refuses while the user has a device, a password or a key, then forgets the user and its tags', async () => {
    const { userName, accessKeyId } = await newUser(server, account.accountId, 'leaver')
    const device = await createDevice(server, account.admin, 'leaver')
    await enableDevice(server, account.admin, userName, device)
    await givePassword(server, account.accountId, userName)
    const conflict = (left: string) => refusal(409, 'DeleteConflict', `Cannot delete entity, must ${left} first.`)
    expect(await refused('DeleteUser', { UserName: userName })).toEqual(conflict('remove tokens from principal'))
    await asAdmin('DeactivateMFADevice', { UserName: userName, SerialNumber: device.serial })
    expect(await refused('DeleteUser', { UserName: userName })).toEqual(conflict('delete login profile'))
    await asAdmin('DeleteLoginProfile', { UserName: userName })
    expect(await refused('DeleteUser', { UserName: userName })).toEqual(conflict('delete access keys'))
    await asAdmin('DeleteAccessKey', { UserName: userName, AccessKeyId: accessKeyId })
    const deleted = await asAdmin('DeleteUser', { UserName: 'LEAVER' })
    expect(deleted.text).toBe(answerOf('DeleteUser', undefined, deleted.requestId))
    expect(await refused('GetUser', { UserName: userName })).toEqual(noSuchUser(userName))
    expect(await refused('DeleteUser', { UserName: userName })).toEqual(noSuchUser(userName))

    await asAdmin('CreateUser', { UserName: 'again', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' })
    const before = element((await asAdmin('GetUser', { UserName: 'again' })).text, 'UserId')
    await asAdmin('DeleteUser', { UserName: 'again' })
    await asAdmin('CreateUser', { UserName: 'again' })
    const after = await asAdmin('GetUser', { UserName: 'again' })
    expect(after.text).not.toContain('<Tags>')
    expect(element(after.text, 'UserId')).not.toBe(before)
  })
})

test.each([
  'GetUser',
  'DeleteUser',
  'ListAccessKeys',
  'CreateAccessKey',
  'ListMFADevices',
  'GetLoginProfile',
  'DeleteLoginProfile',
])('%s of a user that does not exist', async (name) => {
  expect(await refused(name, { UserName: 'nobody' })).toEqual(noSuchUser('nobody'))
})
