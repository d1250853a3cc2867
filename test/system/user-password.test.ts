/** An IAM user's password from the command line to the console, beside running servers, and its end. */
import {
  CreateAccountAliasCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { canaries } from '../support/canaries.ts'
import { runSallyport } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { sdkClients } from '../support/sdk.ts'
import { startServer } from '../support/server-process.ts'
import { type Browser, newBrowser, type TestServer } from '../support/test-server.ts'
import { patience } from './rounds.ts'
import { createAccountBy, scratchFolder } from './scratch.ts'

const [first, second] = ['seven grey stones', '  über den Wolken ']

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  test('a user who was given a password signs in, until it is another one, or none', patience, async () => {
    for (const password of [first, second]) canaries.add(password, 'a password')
    const data = scratchFolder()
    const database = engine === 'postgres' ? await createDatabase() : undefined
    if (database) onTestFinished(() => database.drop())
    const flags = ['--data', data, ...(database ? ['--database-url', database.url] : [])]
    const accountId = (await createAccountBy(flags)).stdout.trim()
    const user = (command: string, name: string, input: string, ...more: string[]) =>
      runSallyport(['user', command, '--account', accountId, '--name', name, ...more, ...flags], { input })
    const made = await user(
      'create',
      'Ada',
      `${first}\n`,
      '--password-stdin',
      '--administrator',
      '--access-key',
      '--json',
    )
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, UserName } = JSON.parse(made.stdout)
    canaries.add(secretAccessKey, 'a secret access key')
    await user('create', 'bob', '')

    const options = { data, ...(database ? { databaseUrl: database.url } : {}) }
    // On SQLite a second process would be a second writer; the command below is one already.
    const servers = await Promise.all(
      engine === 'postgres' ? [startServer(options), startServer(options)] : [startServer(options)],
    )
    const [one, other = one] = servers
    if (one === undefined || other === undefined) throw new Error('a server was started')
    const { iam } = sdkClients(one.url, { accessKeyId, secretAccessKey })
    await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'blue-harbour' }))

    /** A browser after the form, and the status of its answer. */
    const signIn = async (password: string, account = accountId, userName = 'ada'): Promise<[Browser, number]> => {
      const browser = newBrowser({ url: other.url } as TestServer)
      const { status } = await browser.post('/sign-in/iam-user', { account, userName, password })
      return [browser, status]
    }
    const statusOf = async (...form: Parameters<typeof signIn>) => (await signIn(...form))[1]

    const [browser, status] = await signIn(first)
    expect(status).toBe(200)
    const session = (await browser.get('/console/session')).json<{ arn: string }>()
    expect(session.arn).toBe(`arn:aws:iam::${accountId}:user/${UserName}`)
    expect(await statusOf(first, 'blue-harbour', 'ADA')).toBe(200)
    // Wrong in each part: the password, the user, the account, and a user without a password.
    const wrong: Parameters<typeof signIn>[] = [
      [`${first} `],
      [second],
      [first, accountId, 'bob'],
      [first, accountId, 'nobody'],
      [first, '999999999999'],
      [first, 'red-harbour'],
      ['', accountId, 'bob'],
    ]
    for (const form of wrong) expect([form, await statusOf(...form)]).toEqual([form, 401])

    // Another password: sessions and their credentials end at once, at every server; nothing of it is trimmed.
    const { sts } = sdkClients(other.url, await browser.credentials())
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(accountId)
    const profile = () => iam.send(new GetLoginProfileCommand({ UserName: 'ada' }))
    const { LoginProfile: before } = await profile()
    expect((await user('set-password', 'ada', second, '--password-stdin')).code).toBe(0)
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' })
    expect((await browser.get('/console/session')).status).toBe(401)
    expect([await statusOf(first), await statusOf(second.trim())]).toEqual([401, 401])
    const [again, changed] = await signIn(second)
    expect(changed).toBe(200)
    expect((await profile()).LoginProfile).toEqual(before)

    await iam.send(new DeleteLoginProfileCommand({ UserName: 'ada' }))
    expect((await again.get('/console/session')).status).toBe(401)
    expect([await statusOf(first), await statusOf(second), await statusOf('')]).toEqual([401, 401, 401])
    await expect(profile()).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'Login Profile for User Ada cannot be found.',
    })
    // The key is the user's still.
    expect((await iam.send(new GetUserCommand({}))).User?.PasswordLastUsed).toBeInstanceOf(Date)
    for (const server of servers) expect(await server.stop()).toBe(0)
  })
})
