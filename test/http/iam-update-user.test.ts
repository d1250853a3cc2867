/** UpdateUser, TagUser, UntagUser: what changes of a user, and what stays its own. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { TargetChanged } from '../../src/aws-api/operation.ts'
import { findUserByName } from '../../src/iam/principals/find-principal.ts'
import { lockTarget } from '../../src/iam/target.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  type CallParameters,
  call,
  createDevice,
  element,
  elements,
  enableDevice,
  givePassword,
  refusal,
  refusalOf,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(async () => {
  account = await accountWithAdmin(server)
  await asAdmin('CreateUser', { UserName: 'Ada' })
})
afterAll(() => server.close())

const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, account.admin, name, parameters)
const tag = (key: string, value = 'v', n = 1) => ({ [`Tags.member.${n}.Key`]: key, [`Tags.member.${n}.Value`]: value })
const tagsOf = async (UserName: string) => {
  const { text } = await asAdmin('ListUserTags', { UserName })
  const values = elements(text, 'Value')
  return elements(text, 'Key').map((key, n) => [key, values[n]])
}

test('another name and path: the id stays, and with it tags, keys, password and devices', async () => {
  await asAdmin('TagUser', { UserName: 'Ada', ...tag('Team', 'One') })
  const key = (await asAdmin('CreateAccessKey', { UserName: 'Ada' })).text
  const signer = { accessKeyId: element(key, 'AccessKeyId'), secretAccessKey: element(key, 'SecretAccessKey') }
  await givePassword(server, account.accountId, 'Ada')
  const device = await createDevice(server, account.admin, 'phone')
  await enableDevice(server, account.admin, 'Ada', device)
  const before = (await asAdmin('GetUser', { UserName: 'Ada' })).text

  const answer = await asAdmin('UpdateUser', { UserName: 'ada', NewUserName: 'Eve', NewPath: '/eng/' })
  expect(answer.status).toBe(200)
  expect(answer.text).not.toContain('UpdateUserResult')

  expect(refusalOf(await asAdmin('GetUser', { UserName: 'Ada' }))).toEqual(
    refusal(404, 'NoSuchEntity', 'The user with name Ada cannot be found.'),
  )
  const after = (await asAdmin('GetUser', { UserName: 'eve' })).text
  for (const name of ['UserId', 'CreateDate']) expect(element(after, name)).toBe(element(before, name))
  expect(element(after, 'Arn')).toBe(`arn:aws:iam::${account.accountId}:user/eng/Eve`)
  expect(await tagsOf('Eve')).toEqual([['Team', 'One']])
  expect(elements((await asAdmin('ListMFADevices', { UserName: 'Eve' })).text, 'SerialNumber')).toEqual([device.serial])
  expect((await asAdmin('GetLoginProfile', { UserName: 'Eve' })).status).toBe(200)
  const own = (await call(server, signer, 'GetUser')).text
  expect(element(own, 'Arn')).toBe(`arn:aws:iam::${account.accountId}:user/eng/Eve`)
})

test('INVARIANT(target): a user who has been moved since it was read is not acted on', async () => {
  const { storage } = server.store
  const record = await findUserByName(storage.reader, account.accountId, 'Ada')
  const refuse = (code: string): never => expect.fail(code)
  const lock = () => storage.transaction((tx) => lockTarget(tx, { name: 'Ada', record }, refuse))
  expect((await lock()).principal).toEqual(record?.principal)
  await asAdmin('UpdateUser', { UserName: 'Ada', NewPath: '/eng/' })
  await expect(lock()).rejects.toBeInstanceOf(TargetChanged)
})

test('a former name is free, and its next owner has nothing of the former', async () => {
  await asAdmin('TagUser', { UserName: 'Ada', ...tag('Team') })
  await asAdmin('UpdateUser', { UserName: 'Ada', NewUserName: 'Eve' })
  expect((await asAdmin('CreateUser', { UserName: 'Ada' })).status).toBe(200)
  expect(await tagsOf('Ada')).toEqual([])
  expect(await tagsOf('Eve')).toEqual([['Team', 'v']])
})

test('the same name in other letters, and nothing at all, are changes too', async () => {
  expect((await asAdmin('UpdateUser', { UserName: 'Ada', NewUserName: 'ADA' })).status).toBe(200)
  expect(element((await asAdmin('GetUser', { UserName: 'ada' })).text, 'UserName')).toBe('ADA')
  expect((await asAdmin('UpdateUser', { UserName: 'ADA' })).status).toBe(200)
})

test('what is refused changes nothing', async () => {
  await asAdmin('CreateUser', { UserName: 'Bob' })
  const before = (await asAdmin('GetUser', { UserName: 'Ada' })).text.replace(/RequestId>[^<]*/, '')
  const refused = async (parameters: CallParameters, code: string) => {
    expect(refusalOf(await asAdmin('UpdateUser', { UserName: 'Ada', ...parameters })).code).toBe(code)
    expect((await asAdmin('GetUser', { UserName: 'Ada' })).text.replace(/RequestId>[^<]*/, '')).toBe(before)
  }
  await refused({ NewUserName: 'bOB', NewPath: '/eng/' }, 'EntityAlreadyExists')
  await refused({ NewUserName: 'x'.repeat(65) }, 'ValidationError')
  for (const path of ['/team', 'team/', '/ space/', '/del\u007f/', '/é/', '//', '/team/\n', '/line\n/'])
    await refused({ NewPath: path }, 'ValidationError')
  expect((await asAdmin('UpdateUser', { UserName: 'Ada', NewPath: '/a//b/' })).status).toBe(200)
})

test('tags: replaced under the spelling given last, refused in AWS’s codes, removed in whatever case', async () => {
  const put = async (parameters: CallParameters) => {
    const answer = await asAdmin('TagUser', { UserName: 'Ada', ...parameters })
    return answer.status === 200 ? '200' : refusalOf(answer).code
  }
  expect(await put(tag('Team', 'One'))).toBe('200')
  expect(await put(tag('team', 'Two'))).toBe('200')
  expect(await tagsOf('Ada')).toEqual([['team', 'Two']])
  expect(await put({ ...tag('a'), ...tag('A', 'v', 2) })).toBe('InvalidInput')
  expect(await put(tag('aws:key'))).toBe('InvalidInput')
  expect(await put(tag('AWS:key'))).toBe('InvalidInput')
  expect(await put(tag(' '))).toBe('ValidationError')
  expect(await put({ Tags: '' })).toBe('InvalidInput')
  expect(await put(tag('reserved', 'aws:value'))).toBe('200')
  const removed = await asAdmin('UntagUser', { UserName: 'Ada', 'TagKeys.member.1': 'TEAM', 'TagKeys.member.2': 'x' })
  expect(removed.status).toBe(200)
  expect((await asAdmin('UntagUser', { UserName: 'Ada', TagKeys: '' })).status).toBe(200)
  expect(await tagsOf('Ada')).toEqual([['reserved', 'aws:value']])
  for (let n = 0; n < 49; n++) expect(await put(tag(`k${n}`))).toBe('200')
  expect(await put(tag('one-more'))).toBe('LimitExceeded')
})

test('a user who is deleted takes its tags with it', async () => {
  await asAdmin('TagUser', { UserName: 'Ada', ...tag('Team') })
  await asAdmin('DeleteUser', { UserName: 'Ada' })
  const { reader } = server.store.storage
  const rows = await reader.selectFrom('tags').selectAll().where('account_id', '=', account.accountId).execute()
  expect(rows).toEqual([])
})
