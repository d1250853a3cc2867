/**
 * U+0000 and its kind: PostgreSQL takes it in no text, and would refuse it in the middle of a request. So control characters are refused
 * before anything is done, in every text of every body of the browser's, and in every text of every AWS call. What breaks all the same,
 * once an attempt was reserved, is on record.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { iamModel, type ServiceModel, stsModel } from '../../src/aws-api/model/service-model.ts'
import { webRoutes } from '../../src/http/web-routes.ts'
import { iamHandlers } from '../../src/iam/handlers.ts'
import { stsHandlers } from '../../src/sts/handlers.ts'
import type { ClientAnswer } from '../support/http-client.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { accountWithAdmin, call, refusalOf } from './aws-calls.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAt,
  browserAtMfa,
  browserWithSession,
  errorCodeOf,
  freshCode,
  recordsOf,
  type SwiftBrowser,
  snapshot,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer
let root: Attacked

beforeAll(async () => {
  server = await startTestServer()
  root = await attackedRoot(server)
})
afterAll(() => server.close())

/** C0, DEL, C1; half a surrogate pair is no text either. */
const characters = ['\u0000', '\u0001', '\t', '\n', '\r', '\u001b', '\u001f', '\u007f', '\u0080', '\u0085', '\u009f']

/** The texts of each route's body. A new route without its row fails below. */
const fields: Readonly<Record<string, readonly string[]>> = {
  '/setup': ['token', 'accountName', 'email', 'phone', 'password'],
  '/setup/check-password': ['token', 'accountName', 'email', 'password'],
  '/sign-in/root-email': ['email'],
  '/sign-in/password': ['email', 'password', 'proofOfWork'],
  '/sign-in/iam-user': ['account', 'userName', 'password', 'proofOfWork'],
  '/sign-in/mfa': ['serial', 'code', 'code1', 'code2'],
  '/sign-in/start-over': [],
  '/console/credentials': [],
  '/console/sign-out': [],
  '/console/sign-in-again': [],
}

/** A browser for which the route does something. */
async function browserFor(path: string): Promise<SwiftBrowser> {
  if (path === '/sign-in/mfa') return browserAtMfa(server, await attackedRootWithDevice(server))
  if (path === '/sign-in/password') return browserAt(server, { name: 'password', email: root.email })
  return path.startsWith('/console/') ? browserWithSession(server, await attackedRoot(server)) : swiftBrowser(server)
}

test('the table has every route that takes a body', () => {
  expect(Object.keys(fields).toSorted()).toEqual(webRoutes.POST.toSorted())
})

test.each(Object.entries(fields))(
  '%s: a control character in any text is refused, and changes nothing',
  async (path, names) => {
    const browser = await browserFor(path)
    const bodies = [...names, 'unknown'].flatMap((name) =>
      characters.flatMap((character) => [
        { [name]: `a${character}b` },
        { [name]: [`${character}`] },
        { [name]: { [`a${character}`]: 'b' } },
      ]),
    )
    const before = await snapshot(server)
    for (const body of bodies) {
      const answer = await browser.post(path, body)
      expect([body, answer.status, errorCodeOf(answer)]).toEqual([body, 400, 'ValidationError'])
      expect(answer.text).toContain('Control characters cannot be used')
    }
    expect(await snapshot(server)).toEqual(before)
  },
)

test.each(Object.entries(fields))(
  '%s: a member that is named twice is refused, and changes nothing',
  async (path, names) => {
    const browser = await browserFor(path)
    const before = await snapshot(server)
    for (const name of [...names, 'unknown']) {
      for (const body of [
        `{"${name}":"a","${name}":"a"}`,
        `{"${name}":"a","\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}":"b"}`,
        `{"more":{"${name}":1,"${name}":2}}`,
      ]) {
        const answer = await browser.postRaw(path, body)
        expect([body, answer.status, errorCodeOf(answer)]).toEqual([body, 400, 'ValidationError'])
        expect(answer.text).toContain('a second time')
      }
    }
    expect(await snapshot(server)).toEqual(before)
  },
)

test('a body is one object of JSON, and nothing that is only taken for it', async () => {
  const browser = swiftBrowser(server)
  for (const body of [
    '',
    '[]',
    '"text"',
    'null',
    '{',
    '{}{}',
    "{'a':1}",
    '{"a":1,}',
    '\ufeff{}',
    '{"a":"\ud800"}',
    '{"a":NaN}',
  ]) {
    const answer = await browser.postRaw('/sign-in/root-email', body)
    expect([body, answer.status, errorCodeOf(answer)]).toEqual([body, 400, 'ValidationError'])
  }
})

// ------------------------------------------------------------------------------------------------------------ AWS calls

/** Every text of an operation's input as the query protocol names it, with its shape. */
function textsOf(
  model: ServiceModel,
  shapeName: string,
  path: string,
): readonly (readonly [path: string, shape: string])[] {
  const shape = model.shapes[shapeName]
  if (shape?.type === 'string') return [[path, shapeName]]
  if (shape?.type === 'list') return textsOf(model, shape.member ?? '', `${path}.member.1`)
  if (shape?.type !== 'structure') return []
  return Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
    textsOf(model, member, path === '' ? name : `${path}.${name}`),
  )
}

/** Some text that the model allows. */
function plausible(model: ServiceModel, shapeName: string): string {
  const { enum: values, pattern = '', min = 1 } = model.shapes[shapeName] ?? {}
  if (values?.[0] !== undefined) return values[0]
  return (pattern.includes('\\d') && !pattern.includes('\\w') ? '0' : 'a').repeat(Math.max(min, 1))
}

const implemented = (): readonly (readonly [ServiceModel, string])[] => [
  ...Object.keys(iamHandlers(server.store.sealer, async () => 0).operations).map((name) => [iamModel(), name] as const),
  ...Object.keys(stsHandlers().operations).map((name) => [stsModel(), name] as const),
]

test('an AWS call with a control character in any text of any operation is refused as the caller’s mistake', async () => {
  const account = await accountWithAdmin(server)
  const refused = new Set<string>()
  for (const [model, name] of implemented()) {
    const input = model.operations[name]?.input
    const texts = input === undefined ? [] : textsOf(model, input, '')
    const required = input === undefined ? [] : (model.shapes[input]?.required ?? [])
    const base = Object.fromEntries(
      texts
        .filter(([path]) => required.includes(path.split('.')[0] ?? ''))
        .map(([path, shape]) => [path, plausible(model, shape)]),
    )
    for (const [path] of texts) {
      for (const character of ['\u0000', '\u001b', '\n', '\u007f']) {
        const parameters = { ...base, [path]: `aaaaaaaa${character}aaaaaaaaaaaa` }
        const answer = await call(server, account.admin, name, parameters, { service: model.service })
        expect([name, path, character, answer.status < 500]).toEqual([name, path, character, true])
        if (answer.status >= 400) refused.add(`${name} ${path} ${character}`)
        // What XML can carry is the model's affair: a pattern refuses it, or there is nothing of that name.
        if (character === '\u0000' || character === '\u001b') {
          expect(refusalOf(answer)).toMatchObject({ status: 400, code: 'MalformedQueryString' })
        }
      }
    }
  }
  expect(refused.size).toBeGreaterThan(150)
})

// ----------------------------------------------------------------------------------------------- what breaks is recorded

const outcomesOf = async ({ accountId }: Attacked) =>
  (await recordsOf(server, accountId)).map(({ eventName, responseElements, additionalEventData }) => [
    eventName,
    responseElements?.[eventName],
    additionalEventData?.['MFAUsed'],
  ])

const attemptsOf = ({ accountId, principalId }: Attacked, kind: 'password' | 'mfa') =>
  server.store.storage.reader
    .selectFrom('attempts')
    .select('failures')
    .where('account_id', '=', accountId)
    .where('subject', '=', principalId)
    .where('kind', '=', kind)
    .executeTakeFirst()

const expectBroken = (answer: ClientAnswer) =>
  expect([answer.status, errorCodeOf(answer)]).toEqual([500, 'InternalFailure'])

test('a password that cannot be compared: the attempt is spent, and on record', async () => {
  const broken = await attackedRoot(server)
  const user = await attackedUser(server, broken, 'ada')
  const { reader } = server.store.storage
  const hash = { password_hash: '$argon2id$v=19$m=19456' }
  await reader.updateTable('accounts').set(hash).where('account_id', '=', broken.accountId).execute()
  await reader.updateTable('users').set(hash).where('user_id', '=', user.principalId).execute()
  const browser = await browserAt(server, { name: 'password', email: broken.email })
  expectBroken(await browser.post('/sign-in/password', { password: broken.password }))
  const form = { account: user.accountId, userName: 'ada', password: user.password }
  expectBroken(await swiftBrowser(server).post('/sign-in/iam-user', form))
  expect(await outcomesOf(broken)).toEqual(Array(2).fill(['ConsoleLogin', 'Failure', 'No']))
  expect([await attemptsOf(broken, 'password'), await attemptsOf(user, 'password')]).toEqual(
    Array(2).fill({ failures: 1 }),
  )
})

test('a code that cannot be checked: the attempt is spent, and on record', async () => {
  const broken = await attackedRootWithDevice(server)
  const { reader } = server.store.storage
  await reader.updateTable('mfa_devices').set({ seed_sealed: 'x' }).where('account_id', '=', broken.accountId).execute()
  const browser = await browserAtMfa(server, broken)
  const { serial } = broken.device
  expectBroken(await browser.post('/sign-in/mfa', { serial, code: freshCode(server, broken.device) }))
  expect(await outcomesOf(broken)).toEqual([['ConsoleLogin', 'Failure', 'Yes']])
  expect(await attemptsOf(broken, 'mfa')).toEqual({ failures: 1 })
})

test('a sign-in that another request has ended meanwhile: the attempt is on record', async () => {
  const raced = await attackedRootWithDevice(server)
  const browsers = await Promise.all([0, 1].map(() => browserAtMfa(server, raced)))
  const [browser, same] = browsers as [SwiftBrowser, SwiftBrowser]
  same.client.cookies.set('sallyport-sign-in', browser.client.cookies.get('sallyport-sign-in') ?? '')
  const { serial } = raced.device
  const code = freshCode(server, raced.device)
  const answers = await Promise.all([browser, same].map((each) => each.post('/sign-in/mfa', { serial, code })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  // The other was refused before an attempt was reserved, or after it: then both are there, the attempt and its event.
  const failures = (await outcomesOf(raced)).filter(([, outcome]) => outcome === 'Failure').length
  expect((await attemptsOf(raced, 'mfa'))?.failures).toBe(failures)
})
