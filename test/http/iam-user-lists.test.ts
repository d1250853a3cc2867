/** What clients ask of a user before they delete it: its tags, and lists that have no entries yet, in AWS's forms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putTags } from '../../src/iam/tags.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  type CallParameters,
  call,
  consoleOf,
  element,
  elements,
  noSuchUser,
  refusal,
  refusalOf,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
  account = await accountWithAdmin(server)
  await newUser(server, account.accountId, 'ada')
})
afterAll(() => server.close())

const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, account.admin, name, parameters)
const refused = async (name: string, parameters: CallParameters = {}) => refusalOf(await asAdmin(name, parameters))
const invalidMarker = refusal(400, 'ValidationError', 'Invalid Marker.')

/** With what the answer has, and whether the name may be left out. */
const emptyLists = [
  ['ListGroupsForUser', '<Groups></Groups><IsTruncated>false</IsTruncated>', 'named'],
  ['ListUserPolicies', '<PolicyNames></PolicyNames><IsTruncated>false</IsTruncated>', 'named'],
  ['ListAttachedUserPolicies', '<AttachedPolicies></AttachedPolicies><IsTruncated>false</IsTruncated>', 'named'],
  ['ListSSHPublicKeys', '<SSHPublicKeys></SSHPublicKeys><IsTruncated>false</IsTruncated>', 'or caller'],
  ['ListSigningCertificates', '<Certificates></Certificates><IsTruncated>false</IsTruncated>', 'or caller'],
  [
    'ListServiceSpecificCredentials',
    '<ServiceSpecificCredentials></ServiceSpecificCredentials><IsTruncated>false</IsTruncated>',
    'or caller',
  ],
] as const

describe.each(emptyLists)('%s', (name, result, whom) => {
  test('is empty for a user who is there, in whatever case and page', async () => {
    for (const parameters of [{ UserName: 'ada' }, { UserName: 'ADA' }, { UserName: 'ada', MaxItems: '1' }]) {
      const answer = await asAdmin(name, parameters)
      expect(answer.text).toBe(answerOf(name, result, answer.requestId))
    }
  })

  test('refuses a user who is not there, a name that cannot be one, and pages that nobody gave', async () => {
    expect(await refused(name, { UserName: 'nobody' })).toEqual(noSuchUser('nobody'))
    expect(await refused(name, { UserName: 'a/b' })).toMatchObject({ status: 400, code: 'ValidationError' })
    for (const Marker of ['x', 'AAAAAAAAada'])
      expect(await refused(name, { UserName: 'ada', Marker })).toEqual(invalidMarker)
    for (const MaxItems of ['0', '1001'])
      expect(await refused(name, { UserName: 'ada', MaxItems })).toMatchObject({ code: 'ValidationError' })
  })

  test(whom === 'named' ? 'needs a name' : 'without a name is the caller’s own, root’s too', async () => {
    const root = await consoleOf(server, account.accountId)
    for (const by of [account.admin, root]) {
      const answer = await call(server, by, name)
      if (whom === 'named') {
        expect(refusalOf(answer)).toEqual(
          refusal(
            400,
            'ValidationError',
            "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
          ),
        )
      } else {
        expect(answer.text).toBe(answerOf(name, result, answer.requestId))
      }
    }
  })
})

test('ListAttachedUserPolicies takes a path prefix that can be one', async () => {
  expect((await asAdmin('ListAttachedUserPolicies', { UserName: 'ada', PathPrefix: '/team/' })).status).toBe(200)
  expect(await refused('ListAttachedUserPolicies', { UserName: 'ada', PathPrefix: 'team' })).toMatchObject({
    code: 'ValidationError',
  })
})

test('ListServiceSpecificCredentials is asked for one user, or for all, and of any service', async () => {
  const name = 'ListServiceSpecificCredentials'
  for (const parameters of [
    { AllUsers: 'true' },
    { AllUsers: 'true', ServiceName: 'bedrock.amazonaws.com' },
    { AllUsers: 'false', UserName: 'ada', ServiceName: 'CodeCommit.amazonaws.com' },
    { UserName: 'ada', ServiceName: '' },
  ])
    expect(elements((await asAdmin(name, parameters)).text, 'ServiceSpecificCredentials')).toEqual([''])
  expect(await refused(name, { AllUsers: 'true', UserName: 'ada' })).toEqual(
    refusal(400, 'ValidationError', 'Cannot list credentials for all users if a username is given'),
  )
  const unknown = 'No such service sqs.amazonaws.com is supported for Service Specific Credentials'
  expect(await refused(name, { UserName: 'ada', ServiceName: 'sqs.amazonaws.com' })).toEqual(
    refusal(404, 'NoSuchEntity', unknown),
  )
})

describe('ListUserTags', () => {
  const tagsOf = async (UserName: string) => {
    const { text } = await asAdmin('ListUserTags', { UserName })
    return elements(text, 'Value').map((value, i) => [elements(text, 'Key')[i], value])
  }

  test('has the tags that the user was made with, by key', async () => {
    const tags = { 'Tags.member.1.Key': 'Unit', 'Tags.member.1.Value': 'b', 'Tags.member.2.Key': 'Cost' }
    await asAdmin('CreateUser', { UserName: 'tagged', Path: '/x/', ...tags, 'Tags.member.2.Value': '' })
    const answer = await asAdmin('ListUserTags', { UserName: 'TAGGED' })
    const members = '<member><Key>Cost</Key><Value></Value></member><member><Key>Unit</Key><Value>b</Value></member>'
    const result = `<Tags>${members}</Tags><IsTruncated>false</IsTruncated>`
    expect(answer.text).toBe(answerOf('ListUserTags', result, answer.requestId))

    const first = await asAdmin('ListUserTags', { UserName: 'tagged', MaxItems: '1' })
    expect([elements(first.text, 'Key'), element(first.text, 'IsTruncated')]).toEqual([['Cost'], 'true'])
    const rest = await asAdmin('ListUserTags', { UserName: 'tagged', Marker: element(first.text, 'Marker') })
    expect([elements(rest.text, 'Key'), element(rest.text, 'IsTruncated')]).toEqual([['Unit'], 'false'])
    expect(await refused('ListUserTags', { UserName: 'ada', Marker: element(first.text, 'Marker') })).toEqual(
      invalidMarker,
    )
    expect(await refused('ListUserTags', { UserName: 'nobody' })).toEqual(noSuchUser('nobody'))
    expect(await tagsOf('ada')).toEqual([])
  })

  test('has one key where two differ by case alone: the spelling that came last', async () => {
    const made = await asAdmin('CreateUser', {
      UserName: 'case',
      'Tags.member.1.Key': 'Team',
      'Tags.member.1.Value': 'One',
    })
    const refuse = (_code: string, message: string): never => {
      throw new Error(message)
    }
    const { reader } = server.store.storage
    const of = { accountId: account.accountId, id: element(made.text, 'UserId'), comparesCase: false }
    await putTags(reader, of, [{ Key: 'tEAM', Value: 'Two' }], refuse)
    expect(await tagsOf('case')).toEqual([['tEAM', 'Two']])
  })
})
