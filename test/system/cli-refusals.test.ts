/** What an operator does wrong: one clear sentence, an exit code that is not 0, and nothing touched (issue "Command line"; security: F-19). */
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { runSallyport } from '../support/cli.ts'
import { freePort } from '../support/free-port.ts'
import { createDatabase } from '../support/postgres.ts'
import type { Finished } from '../support/run-process.ts'
import { createAccountBy, databaseSnapshot, scratchFolder, snapshot } from './scratch.ts'

/** One sentence on standard error, nothing on standard output. */
function expectRefusal({ code, stdout, stderr }: Finished, exitCode: 1 | 2, sentence: RegExp): void {
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
  expect(stderr).toMatch(/^sallyport: [^\n]+\n$/)
  expect(stderr).toMatch(sentence)
}

const account = ['account', 'create', '--name', 'A', '--email', 'root@example.com', '--phone', '+4312345678']
const user = ['user', 'create', '--account', '123456789012']
const setPassword = user.with(1, 'set-password')

// Tests that run beside each other have no hooks of their own.
const misuseFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-misuse-'))
afterAll(() => fs.rmSync(misuseFolder, { recursive: true }))

describe('flags that cannot be understood', () => {
  test.concurrent.each<[string, RegExp]>([
    ['nonsense', /no command "nonsense"/],
    ['account', /sallyport account create/],
    ['account delete', /sallyport account create/],
    [
      'user',
      /^sallyport: the command is: sallyport user create, or sallyport user list, or sallyport user set-password\n$/,
    ],
    ['user password', /sallyport user set-password/],
    ['serve extra', /'extra'/],
    ['serve --nonsense', /'--nonsense'/],
    ['serve --port', /--port/],
    ['serve --port 99999', /got --port "99999", expected a number from 0 to 65535/],
    ['serve --port -1', /got --port "-1", expected a number from 0 to 65535/],
    ['serve --port 80.5', /--port "80\.5"/],
    ['serve --port 1 --port 2', /--port is given twice/],
    ['serve --host=', /--host has an empty value/],
    ['serve --data=', /--data has an empty value/],
    ['serve --database-url=', /--database-url has an empty value/],
    ['serve --json', /'--json'/],
    ['serve --public-url aws.example.com', /--public-url "aws\.example\.com"/],
    ['serve --public-url https://aws.example.com/path', /--public-url/],
    [account.slice(0, 6).join(' '), /--phone is needed/],
    [account.join(' '), /--password-stdin is needed/],
    [[...account, '--password', 'four small boats at the quay'].join(' '), /'--password'/],
    ['user create --name alice', /--account is needed/],
    [user.join(' '), /--name is needed/],
    ['user create --account 12345 --name alice', /got --account "12345", expected 12 digits/],
    [[...user, '--name', 'a/b'].join(' '), /got --name "a\/b"/],
    [[...user, '--name', 'x'.repeat(65)].join(' '), /expected 1 to 64/],
    [[...user, '--name', 'alice', '--administrator=yes'].join(' '), /administrator/],
    [[...user, '--name', 'alice', '--password', 'seven grey stones'].join(' '), /'--password'/],
    [[...user, '--name', 'alice', '--password-stdin=yes'].join(' '), /password-stdin/],
    ['user set-password --name alice --password-stdin', /--account is needed/],
    [[...setPassword, '--password-stdin'].join(' '), /--name is needed/],
    [[...setPassword, '--name', 'alice'].join(' '), /--password-stdin is needed/],
    [[...setPassword, '--name', 'alice', '--administrator'].join(' '), /'--administrator'/],
    [[...setPassword, '--name', 'a/b', '--password-stdin'].join(' '), /got --name "a\/b"/],
    [[...setPassword.with(3, 'an-alias'), '--name', 'alice', '--password-stdin'].join(' '), /expected 12 digits/],
    ['events --account 1234567890123', /expected 12 digits/],
    ['events --limit 0', /--limit "0"/],
    ['events --limit many', /--limit "many"/],
    ['events --limit -3', /got --limit "-3", expected a number from 1 to 1000000/],
    ['events --account 3342-52487732', /got --account "3342-52487732", expected 12 digits/],
    ['user list', /--account is needed/],
    ['completion --shell fish', /got --shell "fish", expected bash or zsh/],
  ])('sallyport %s', async (line, sentence) => {
    const cwd = fs.mkdtempSync(path.join(misuseFolder, 'of-'))
    const finished = await runSallyport(line === '' ? [] : line.split(' '), { cwd })
    expectRefusal(finished, 2, sentence)
    expect(snapshot(cwd)).toEqual([])
  })
})

describe('a form that is refused makes no store', () => {
  test.each<[string, readonly string[], string, RegExp]>([
    ['a short password', account, 'short\n', /at least 14 characters: this password has 5/],
    ['a common password', account, 'password123456\n', /common/i],
    ['no password', account, '', /at least 14 characters/],
    ['an email without a domain', account.with(5, 'root'), 'four small boats at the quay\n', /email/],
    ['a phone of letters', account.with(7, 'call me'), 'four small boats at the quay\n', /phone/],
  ])('%s', async (_what, parameters, input, sentence) => {
    const cwd = scratchFolder()
    expectRefusal(await runSallyport([...parameters, '--password-stdin'], { cwd, input }), 1, sentence)
    expect(snapshot(cwd)).toEqual([])
  })
})

describe('a place that cannot be used', () => {
  test('a port in use', async () => {
    const cwd = scratchFolder()
    const holder = net.createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    onTestFinished(() => void holder.close())
    const { port } = holder.address() as net.AddressInfo
    const finished = await runSallyport(['serve', '--port', String(port)], { cwd })
    expectRefusal(finished, 1, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`))
    expect(snapshot(cwd)).toEqual([])
  })

  test('an address of another machine', async () => {
    const cwd = scratchFolder()
    const flags = ['--host', '192.0.2.1', '--port', String(await freePort())]
    expectRefusal(await runSallyport(['serve', ...flags], { cwd }), 1, /192\.0\.2\.1 is no address of this machine/)
    expect(snapshot(cwd)).toEqual([])
  })

  test('a data folder below a file', async () => {
    const cwd = scratchFolder()
    fs.writeFileSync(path.join(cwd, 'file'), 'here')
    const before = snapshot(cwd)
    const data = ['--data', 'file/data']
    expectRefusal(
      await runSallyport(['serve', '--port', '0', ...data], { cwd }),
      1,
      /cannot write the data folder file\/data/,
    )
    expectRefusal(await createAccountBy(data, { cwd }), 1, /cannot write the data folder/)
    // A folder in which nobody can make one, which Node's own recursion would try for ever.
    expectRefusal(await createAccountBy(['--data', '/proc/sallyport/data']), 1, /cannot write the data folder/)
    expect(snapshot(cwd)).toEqual(before)
  })

  test('no data: the commands that ask of what is there make none', async () => {
    const cwd = scratchFolder()
    const where = /no Sallyport data in \.sallyport/
    expectRefusal(await runSallyport(['events'], { cwd }), 1, where)
    expectRefusal(await runSallyport([...user, '--name', 'alice'], { cwd }), 1, where)
    const input = 'seven grey stones'
    const password = [...setPassword, '--name', 'alice', '--password-stdin']
    expectRefusal(await runSallyport(password, { cwd, input }), 1, where)
    expect(snapshot(cwd)).toEqual([])
  })

  test('a file that is no database', async () => {
    const data = scratchFolder()
    fs.writeFileSync(
      path.join(data, 'sallyport.db'),
      'not a database, but a text that somebody has left here\n'.repeat(100),
      {
        mode: 0o600,
      },
    )
    const before = snapshot(data)
    expectRefusal(await runSallyport(['serve', '--port', '0', '--data', data]), 1, /not a database/)
    expect(snapshot(data)).toEqual(before)
  })

  test.each<[string, RegExp]>([
    ['mysql://user@127.0.0.1/db', /must look like postgres:\/\//],
    ['postgres:/user@host', /must look like postgres:\/\//],
    ['postgres://user@127.0.0.1:notaport/db', /must look like postgres:\/\//],
    ['localhost', /must look like postgres:\/\//],
  ])('the malformed database URL %s', async (url, sentence) => {
    const cwd = scratchFolder()
    expectRefusal(await runSallyport(['serve', '--port', '0', '--database-url', url], { cwd }), 1, sentence)
    expect(snapshot(cwd)).toEqual([])
  })

  test('a database where nobody listens', async () => {
    const cwd = scratchFolder()
    const url = `postgres://someone:a-secret-of-theirs@127.0.0.1:${await freePort()}/db`
    const finished = await runSallyport(['serve', '--port', '0', '--database-url', url], { cwd })
    expectRefusal(finished, 1, /cannot use the database at 127\.0\.0\.1:\d+\/db: .*ECONNREFUSED/)
    expect(finished.stderr).not.toContain('a-secret-of-theirs')
    expect(snapshot(cwd)).toEqual([])
  })

  test('a database that is not there, a wrong password, one without data, one that forgets', async () => {
    const cwd = scratchFolder()
    const database = await createDatabase()
    onTestFinished(() => database.drop())
    const serve = (url: string) => runSallyport(['serve', '--port', '0', '--database-url', url], { cwd })
    const other = new URL(database.url)
    other.pathname = '/no_such_database'
    expectRefusal(await serve(other.href), 1, /database "no_such_database" does not exist/)
    const wrong = new URL(database.url)
    wrong.password = 'a-wrong-password'
    const finished = await serve(wrong.href)
    expectRefusal(finished, 1, /password authentication failed/)
    expect(finished.stderr).not.toContain('a-wrong-password')
    expectRefusal(await runSallyport(['events', '--database-url', database.url], { cwd }), 1, /no Sallyport data/)

    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`alter database ${new URL(database.url).pathname.slice(1)} set synchronous_commit = off`)
    await client.end()
    expectRefusal(await serve(database.url), 1, /synchronous_commit is off/)
    expect(await databaseSnapshot(database.url)).toEqual([])
    expect(snapshot(cwd)).toEqual([])
  })
})

describe.each(['sqlite', 'postgres'] as const)('a password that is refused changes nothing (%s)', (engine) => {
  test('too short or long, common, made of names, not text, of nobody', async () => {
    const data = scratchFolder()
    const database = engine === 'postgres' ? await createDatabase() : undefined
    if (database) onTestFinished(() => database.drop())
    const flags = ['--data', data, ...(database ? ['--database-url', database.url] : [])]
    const accountId = (await createAccountBy(flags)).stdout.trim()
    const good = 'seven grey stones'
    const run = (command: string, name: string, input: string | Buffer, account = accountId) =>
      runSallyport(['user', command, '--account', account, '--name', name, '--password-stdin', ...flags], { input })
    expect((await run('create', 'lumberjack', good)).code).toBe(0)
    const look = async () => [...snapshot(data), ...(database ? await databaseSnapshot(database.url) : [])]
    const before = await look()

    const refused: [string | Buffer, RegExp][] = [
      ['', /at least 8 characters: this password has 0/],
      ['7 chars\n', /at least 8 characters: this password has 7/],
      ['x y '.repeat(33), /at most 128 characters: this password has 132/],
      ['Password2026!', /common password "password"/],
      ['aaaaaaaaaa', /repeats/],
      ['qwertyui', /follows the keyboard/],
      ['Example-Corp-1', /names that anybody can look up/],
      [`${accountId}!`, /names that anybody can look up/],
      [Buffer.from([0xff, 0xfe, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47]), /not UTF-8/],
    ]
    for (const [password, sentence] of refused)
      for (const [command, name] of [
        ['create', 'other'],
        ['set-password', 'lumberjack'],
      ] as const)
        expectRefusal(await run(command, name, password), 1, sentence)
    for (const command of ['create', 'set-password'])
      expectRefusal(await run(command, 'lumberjack', 'LumberJack99'), 1, /names that anybody can look up/)
    expectRefusal(
      await run('create', 'LUMBERJACK', good),
      1,
      /^sallyport: User with name LUMBERJACK already exists\.\n$/,
    )
    expectRefusal(
      await run('set-password', 'nobody', good),
      1,
      /^sallyport: The user with name nobody cannot be found\.\n$/,
    )
    for (const command of ['create', 'set-password'])
      expectRefusal(await run(command, 'x', good, '999999999999'), 1, /^sallyport: there is no account 999999999999\n$/)
    expect(await look()).toEqual(before)
  })
})

const otherKey = `${Buffer.alloc(32, 7).toString('base64')}\n`

describe.each(['sqlite', 'postgres'] as const)('the encryption key (%s)', (engine) => {
  /** A store with an account, and what sees every change to it. */
  async function setUp() {
    const data = scratchFolder()
    const database = engine === 'postgres' ? await createDatabase() : undefined
    if (database) onTestFinished(() => database.drop())
    const flags = ['--data', data, ...(database ? ['--database-url', database.url] : [])]
    expect((await createAccountBy(flags)).code).toBe(0)
    const look = async () => [...snapshot(data), ...(database ? await databaseSnapshot(database.url) : [])]
    const serve = (env = {}) => runSallyport(['serve', '--port', '0', ...flags], { env })
    return { data, flags, key: path.join(data, 'key'), look, serve }
  }

  test('missing, wrong or broken: every command is refused, and nothing is touched', async () => {
    const { data, flags, key, look, serve } = await setUp()
    const kept = fs.readFileSync(key, 'utf8')
    const broken: readonly [string, string | undefined, RegExp][] = [
      ['missing', undefined, /encryption key of this data is missing: put it back at .*key/],
      ['another', otherKey, /is not the one of this data: got key [0-9a-f]+, expected key [0-9a-f]+/],
      ['half a key', kept.slice(0, 20), /does not hold 32 bytes in base64/],
      ['empty', '', /does not hold 32 bytes in base64/],
    ]
    for (const [, content, sentence] of broken) {
      fs.rmSync(key)
      if (content !== undefined) fs.writeFileSync(key, content, { mode: 0o600 })
      const before = await look()
      expectRefusal(await serve(), 1, sentence)
      expectRefusal(await runSallyport(['events', ...flags]), 1, sentence)
      expectRefusal(await createAccountBy(flags, { email: 'second@example.com' }), 1, sentence)
      expect(await look()).toEqual(before)
      fs.writeFileSync(key, kept, { mode: 0o600 })
    }
    // With its own key the data is whole.
    expect(await runSallyport(['events', ...flags])).toMatchObject({ code: 0, stderr: '' })
    expect(fs.readdirSync(data)).toContain('key')
  })

  test('SALLYPORT_KEY_FILE names another place; nothing there, or another key there, is refused', async () => {
    const { data, flags, key, look, serve } = await setUp()
    const elsewhere = path.join(scratchFolder(), 'the-key')
    const env = { SALLYPORT_KEY_FILE: elsewhere }
    const before = await look()
    expectRefusal(await serve(env), 1, /the encryption key file .*the-key does not exist/)
    fs.writeFileSync(elsewhere, otherKey, { mode: 0o600 })
    expectRefusal(await serve(env), 1, /encryption key in .*the-key is not the one of this data/)
    expect(await look()).toEqual(before)
    fs.renameSync(key, elsewhere)
    expect(await runSallyport(['events', ...flags], { env })).toMatchObject({ code: 0, stderr: '' })
    expect(fs.existsSync(path.join(data, 'key'))).toBe(false)
  })
})

test('a key file that is named and is not there makes no new store', async () => {
  const cwd = scratchFolder()
  const env = { SALLYPORT_KEY_FILE: path.join(cwd, 'nowhere') }
  expectRefusal(await createAccountBy([], { cwd, env }), 1, /nowhere does not exist/)
  expect(snapshot(cwd)).toEqual([])
})
