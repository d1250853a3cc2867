/** The commands' names, flags and outputs (issue "Command line"): scripts of others rely on them. Both stores. */
import fs from 'node:fs'
import path from 'node:path'
import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { commandNames } from '../../src/cli/commands.ts'
import { canaries } from '../support/canaries.ts'
import { runSallyport } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { root, runProcess } from '../support/run-process.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { scanFolder, startServer } from '../support/server-process.ts'
import { createAccountBy, scratchFolder, snapshot } from './scratch.ts'
import { testPassword } from './two-servers.ts'

interface CreatedUser {
  readonly UserName: string
  readonly UserId: string
  readonly Arn: string
  readonly AccessKeyId?: string
  readonly SecretAccessKey?: string
}

const keyOf = ({ AccessKeyId = '', SecretAccessKey = '' }: CreatedUser): SdkCredentials => {
  canaries.add(SecretAccessKey, 'a secret access key')
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
}

const whoIs = (sts: STSClient) => sts.send(new GetCallerIdentityCommand({}))

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  async function newPlace() {
    const data = scratchFolder()
    const database = engine === 'postgres' ? await createDatabase() : undefined
    if (database) onTestFinished(() => database.drop())
    const flags = ['--data', data, ...(database ? ['--database-url', database.url] : [])]
    return { data, flags, serverOptions: { data, ...(database ? { databaseUrl: database.url } : {}) } }
  }

  test('account create prints the account id, user create the user and its key, events the record', async () => {
    const { flags, data, serverOptions } = await newPlace()
    canaries.add(testPassword, 'a password')
    const first = await createAccountBy(flags)
    expect(first).toEqual({ code: 0, stdout: expect.stringMatching(/^\d{12}\n$/), stderr: '' })
    const accountId = first.stdout.trim()
    const second = await createAccountBy([...flags, '--json'], { email: 'second@example.com' })
    expect(second).toMatchObject({ code: 0, stderr: '' })
    const { AccountId: otherId } = JSON.parse(second.stdout)
    expect(otherId).toMatch(/^\d{12}$/)
    expect(second.stdout).toBe(`{"AccountId":"${otherId}"}\n`)
    // An address is one account's, in whatever case.
    const again = await createAccountBy(flags, { email: 'ROOT@example.com' })
    expect(again).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^sallyport: .*exists already\.\n$/) })

    const create = (...more: string[]) => runSallyport(['user', 'create', '--account', accountId, ...more, ...flags])
    const plain = await create('--name', 'plain')
    expect(plain).toMatchObject({ code: 0, stderr: '' })
    expect(plain.stdout).toMatch(
      new RegExp(`^UserName: plain\\nUserId: AIDA[A-Z2-7]{17}\\nArn: arn:aws:iam::${accountId}:user/plain\\n$`),
    )
    const made = await create('--name', 'admin', '--administrator', '--access-key', '--json')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const admin = JSON.parse(made.stdout) as CreatedUser
    expect(admin).toEqual({
      UserName: 'admin',
      UserId: expect.stringMatching(/^AIDA/),
      Arn: `arn:aws:iam::${accountId}:user/admin`,
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
    })
    const helper = JSON.parse((await create('--name', 'helper', '--access-key', '--json')).stdout) as CreatedUser
    expect(await create('--name', 'ADMIN')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'sallyport: User with name ADMIN already exists.\n',
    })
    const nowhere = await runSallyport(['user', 'create', '--account', '999999999999', '--name', 'x', ...flags])
    expect(nowhere).toEqual({ code: 1, stdout: '', stderr: 'sallyport: there is no account 999999999999\n' })

    const list = async (...words: string[]) => (await runSallyport([...words, ...flags])).stdout
    expect(await list('account', 'list')).toBe(
      [`${accountId}  Example Corp  root@example.com\n`, `${otherId}  Example Corp  second@example.com\n`]
        .sort()
        .join(''),
    )
    const hyphens = accountId.replace(/(\d{4})(?=\d)/g, '$1-')
    const users = (await list('user', 'list', '--account', hyphens, '--json')).trimEnd().split('\n')
    expect(users.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ UserName: 'admin', Arn: admin.Arn, Kind: 'administrator', Password: 'no password' }),
      expect.objectContaining({ UserName: 'helper', Kind: 'user' }),
      expect.objectContaining({ UserName: 'plain', CreateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/) }),
    ])
    expect(await list('user', 'list', '--account', accountId)).toMatch(/^admin {2}AIDA.*\nhelper {2}.*\nplain {2}.*\n$/)

    // The keys work, and only the administrator may do everything.
    const server = await startServer(serverOptions)
    const asAdmin = sdkClients(server.url, keyOf(admin))
    const asHelper = sdkClients(server.url, keyOf(helper))
    expect(await whoIs(asAdmin.sts)).toMatchObject({ Account: accountId, Arn: admin.Arn, UserId: admin.UserId })
    expect((await asAdmin.iam.send(new ListUsersCommand({}))).Users).toHaveLength(3)
    await expect(asHelper.iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' })
    expect(await server.stop()).toBe(0)

    const events = (...more: string[]) => runSallyport(['events', ...more, ...flags])
    const lines = (await events('--account', accountId)).stdout.trimEnd().split('\n')
    // Newest first: the calls, then what the operator did.
    expect(lines.map((line) => line.split('  ')[2])).toEqual([
      'ListUsers',
      'ListUsers',
      'GetCallerIdentity',
      'CreateAccessKey',
      'CreateUser',
      'CreateAccessKey',
      'CreateUser',
      'CreateUser',
    ])
    expect(lines[0]).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  ${accountId}  ListUsers  ${helper.Arn}  127\\.0\\.0\\.1  AccessDenied$`,
      ),
    )
    const records = (await events('--account', accountId, '--json')).stdout.trimEnd().split('\n')
    expect(records.map((line) => JSON.parse(line).eventVersion)).toEqual(lines.map(() => '1.11'))
    expect((await events('--account', accountId, '--limit', '2')).stdout.trimEnd().split('\n')).toEqual(
      lines.slice(0, 2),
    )
    expect((await events('--account', otherId)).stdout).toBe('')
    expect((await events()).stdout.trimEnd().split('\n')).toEqual(lines)
    canaries.scan(records.join('\n'), 'the record')
    scanFolder(data)
  })

  test('user create and user set-password give a user a password, and print and record all but that', async () => {
    const { flags, data } = await newPlace()
    const [first, second] = ['seven grey stones', ' Straße nach Wien ']
    for (const password of [first, second]) canaries.add(password, 'a password')
    const accountId = (await createAccountBy(flags)).stdout.trim()
    const of = (name: string) => ['--account', accountId, '--name', name, '--password-stdin', ...flags]
    const create = (name: string, ...more: string[]) =>
      runSallyport(['user', 'create', ...of(name), ...more], { input: `${first}\n` })
    const plain = await create('plain')
    expect(plain).toMatchObject({ code: 0, stderr: '' })
    const arn = `arn:aws:iam::${accountId}:user`
    expect(plain.stdout).toMatch(new RegExp(`^UserName: plain\\nUserId: AIDA[A-Z2-7]{17}\\nArn: ${arn}/plain\\n$`))
    const both = JSON.parse((await create('both', '--access-key', '--json')).stdout) as CreatedUser
    expect(Object.keys(both)).toEqual(['UserName', 'UserId', 'Arn', 'AccessKeyId', 'SecretAccessKey'])
    keyOf(both)

    const set = (name: string, ...more: string[]) =>
      runSallyport(['user', 'set-password', ...of(name), ...more], { input: second })
    // The name as the user has it, in whatever case it is asked for.
    expect(await set('PLAIN')).toEqual({ code: 0, stdout: plain.stdout, stderr: '' })
    const { UserName, UserId, Arn } = both
    const answer = await set('both', '--json')
    expect(answer).toEqual({ code: 0, stdout: `${JSON.stringify({ UserName, UserId, Arn })}\n`, stderr: '' })
    await runSallyport(['user', 'create', '--account', accountId, '--name', 'late', ...flags])
    expect(await set('late')).toMatchObject({ code: 0, stderr: '' })

    const { stdout } = await runSallyport(['events', '--account', accountId, '--json', ...flags])
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.map(({ eventName, requestParameters }) => [eventName, requestParameters.userName])).toEqual([
      ['CreateLoginProfile', 'late'],
      ['CreateUser', 'late'],
      ['UpdateLoginProfile', 'both'],
      ['UpdateLoginProfile', 'plain'],
      ['CreateAccessKey', 'both'],
      ['CreateLoginProfile', 'both'],
      ['CreateUser', 'both'],
      ['CreateLoginProfile', 'plain'],
      ['CreateUser', 'plain'],
    ])
    for (const record of records)
      expect(record).toMatchObject({
        eventSource: 'iam.amazonaws.com',
        userIdentity: { type: 'AWSService', invokedBy: 'sallyport' },
        readOnly: false,
        responseElements: null,
      })
    canaries.scan(stdout, 'the record')
    expect(stdout).not.toContain('argon2')
    scanFolder(data)
  })

  test('the password on standard input may have any characters but control characters; what is not UTF-8 is refused', async () => {
    const { flags } = await newPlace()
    const form = ['--name', 'A', '--email', 'root@example.com', '--phone', '+4312345678', '--password-stdin', ...flags]
    const shell = (password: string) =>
      runProcess('sh', [
        '-c',
        `printf '${password}' | "$@"`,
        'sh',
        process.execPath,
        path.join(root, 'dist/cli/sallyport.js'),
        'account',
        'create',
        ...form,
      ])
    expect(await shell('\\377\\376 not utf-8 at all')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'sallyport: the password on standard input is not UTF-8\n',
    })
    // What no form takes nobody could sign in with.
    expect(await shell('  \\303\\274ber den D\\303\\244chern\\t \\r\\n')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('control characters'),
    })
    expect(await shell('  \\303\\274ber den D\\303\\244chern  \\r\\n')).toMatchObject({ code: 0, stderr: '' })
  })
})

test('commands beside a running server on the embedded store: nothing is lost, nobody finds it locked', async () => {
  const data = scratchFolder()
  const accountId = (await createAccountBy(['--data', data])).stdout.trim()
  const create = (name: string, ...more: string[]) =>
    runSallyport(['user', 'create', '--account', accountId, '--name', name, '--json', '--data', data, ...more])
  const admin = JSON.parse((await create('admin', '--administrator', '--access-key')).stdout) as CreatedUser
  const server = await startServer({ data })
  const { iam } = sdkClients(server.url, keyOf(admin))
  const commands = 20
  let running = commands
  const byApi: string[] = []
  const create1 = async (worker: number) => {
    for (let i = 0; running > 0; i++) {
      await iam.send(new CreateUserCommand({ UserName: `api-${worker}-${i}` }))
      byApi.push(`api-${worker}-${i}`)
    }
  }
  const apiWorkers = [0, 1, 2, 3].map(create1)
  const byCommand = Array.from({ length: commands }, (_, i) => `command-${i}`)
  // Four at a time, as four terminals would.
  const terminal = async (first: number) => {
    for (let i = first; i < commands; i += 4) {
      expect(await create(byCommand[i] ?? '')).toMatchObject({ code: 0, stderr: '' })
      running--
    }
  }
  await Promise.all([...[0, 1, 2, 3].map(terminal), ...apiWorkers])
  const names: string[] = []
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await iam.send(new ListUsersCommand({ MaxItems: 1000, ...(Marker === undefined ? {} : { Marker }) }))
    names.push(...(page.Users ?? []).map((user) => user.UserName ?? ''))
    Marker = page.Marker
    more = page.IsTruncated === true
  }
  expect(names.toSorted()).toEqual(['admin', ...byApi, ...byCommand].toSorted())
  expect(await server.stop()).toBe(0)
  expect(server.stderr()).not.toMatch(/locked|SQLITE_BUSY/)
  const events = (await runSallyport(['events', '--json', '--limit', '100000', '--data', data])).stdout
    .trimEnd()
    .split('\n')
  const created = events.map((line) => JSON.parse(line)).filter((event) => event.eventName === 'CreateUser')
  expect(created.map((event) => event.requestParameters.userName).toSorted()).toEqual(names.toSorted())
})

test('several commands make a new store at the same moment, with one key', async () => {
  for (let round = 0; round < 3; round++) {
    const data = path.join(scratchFolder(), 'new')
    const emails = [0, 1, 2, 3, 4].map((i) => `root-${i}@example.com`)
    const made = await Promise.all(emails.map((email) => createAccountBy(['--data', data], { email })))
    for (const finished of made) expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(fs.readdirSync(data).toSorted()).toEqual(['key', 'sallyport.db'])
  }
})

test('the output may be cut short by its reader', async () => {
  const data = scratchFolder()
  const accountId = (await createAccountBy(['--data', data])).stdout.trim()
  await runSallyport(['user', 'create', '--account', accountId, '--name', 'alice', '--access-key', '--data', data])
  const script = path.join(root, 'dist/cli/sallyport.js')
  const line = `"$1" "$2" events --json --data "$3" | true; "$1" "$2" --help | true`
  const { code, stderr } = await runProcess('sh', ['-c', line, 'sh', process.execPath, script, data])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

describe('--help', () => {
  test.each<[string, readonly RegExp[]]>([
    [
      '--help',
      [/serve/, /account create/, /user create/, /user set-password/, /events/, /policy/, /SALLYPORT_KEY_FILE/],
    ],
    ['-h', [/serve/]],
    ['help', [/serve/]],
    ['serve --help', [/--host/, /--port/, /--data/, /--database-url/, /--public-url/]],
    ['serve --port 1 -h', [/--host/]],
    ['account --help', [/account create/]],
    [
      'account create --help',
      [/--name/, /--email/, /--phone/, /--password-stdin/, /--json/, /--data/, /--database-url/],
    ],
    ['user --help', [/user create/, /user set-password/]],
    [
      'user create --help',
      [/--account/, /--name/, /--administrator/, /--access-key/, /--password-stdin/, /--json/, /--data/],
    ],
    ['user set-password --help', [/--account/, /--name/, /--password-stdin/, /--json/, /--data/, /--database-url/]],
    ['events --help', [/--account/, /--limit/, /--json/, /--data/, /--database-url/]],
    ['policy --help', [/check/, /explain/, /diff/]],
  ])('sallyport %s', async (line, expected) => {
    const cwd = scratchFolder()
    const { code, stdout, stderr } = await runSallyport(line.split(' '), { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: sallyport .*\n/)
    for (const pattern of expected) expect(stdout).toMatch(pattern)
    expect(snapshot(cwd)).toEqual([])
  })
})

test('policy commands run from the same entry', async () => {
  const cwd = scratchFolder()
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }
  fs.writeFileSync(path.join(cwd, 'policy.json'), JSON.stringify(policy))
  const explain = ['policy', 'explain', '--policy', 'policy.json', '--resource', 'arn:aws:s3:::bucket/key', '--json']
  expect((await runSallyport([...explain, '--action', 's3:GetObject'], { cwd })).code).toBe(0)
  expect((await runSallyport([...explain, '--action', 's3:PutObject'], { cwd })).code).toBe(1)
})

test('alone it prints the help, and --version the version of the package', async () => {
  const help = await runSallyport(['--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const name of commandNames) expect(help.stdout).toContain(`\n  ${name} `)
  expect(await runSallyport([])).toEqual(help)
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  expect(await runSallyport(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test.each<[line: string, completed: readonly string[]]>([
  ['sallyport ', ['serve', 'account', 'user', 'events', 'completion', 'policy', '--help', '--version']],
  ['sallyport user ', ['create', 'list', 'set-password']],
  ['sallyport user set', ['set-password']],
  ['sallyport policy ', ['check', 'explain', 'diff']],
  ['sallyport events --l', ['--limit']],
  ['sallyport user create --a', ['--account', '--administrator', '--access-key']],
])('bash completes %j', async (line, completed) => {
  const { stdout: script } = await runSallyport(['completion', '--shell', 'bash'])
  const words = line.split(' ')
  const ask = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}; _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = await runProcess('bash', ['-c', `${script}\n${ask}`])
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual(completed)
})
