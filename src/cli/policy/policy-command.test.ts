import { describe, expect, test } from 'vitest'
import { runPolicyCommand } from './policy-command.ts'

const denyWithoutMfa = (operator: string): string => `{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "NoMfa",
    "Effect": "Deny",
    "NotAction": ["iam:ChangePassword", "iam:GetAccountPasswordPolicy", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
    "Resource": "*",
    "Condition": {"${operator}": {"aws:MultiFactorAuthPresent": "false"}}
  }]
}`
const allow = (action: string, more = ''): string =>
  `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"${action}","Resource":"*"${more}}}`

const files: Readonly<Record<string, string | Uint8Array>> = {
  'latin-1.json': Buffer.from(
    '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::caf\u00e9/*"}}',
    'latin1',
  ),
  'endless.json': Buffer.alloc(1024 * 1024 + 1, ' '),
  'turned.json': allow('s3:GetObject', ',"Sid":"\u202e"'),
  'tagged.json': allow('s3:GetObject', ',"Sid":"\u{e0001}"'),
  'deny.json': denyWithoutMfa('BoolIfExists'),
  'bool.json': denyWithoutMfa('Bool'),
  's3.json': allow('s3:GetObject'),
  'clean.json': allow('s3:GetObject', ',"Condition":{"Bool":{"aws:SecureTransport":"true"}}'),
  'broken.json': '{"Version":"2012-10-17","Statement":{"Effect":"Alow","Action":"s3:*","Resource":"*"}}',
  'scp.json': '{"Version":"2012-10-17","Statement":{"Sid":"NoS3","Effect":"Deny","Action":"s3:*","Resource":"*"}}',
  'trust.json':
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}',
  'bucket.json':
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}}',
  'hostile.json': allow('s3:GetObject', ',"Sid":"\\u001b[2J"'),
}

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await runPolicyCommand(args, {
    stdout: (text) => {
      out += text
    },
    stderr: (text) => {
      err += text
    },
    colour: false,
    readFile: async (path) => {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
      return typeof text === 'string' ? Buffer.from(text) : text
    },
  })
  return { code, out, err }
}

const get = ['--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/k']

describe('check', () => {
  test('clean is 0, a finding is 1, in text with place, code and advice', async () => {
    expect(await run('check', 'clean.json')).toMatchObject({
      code: 0,
      out: expect.stringContaining('clean.json (identity policy): clean'),
    })
    const { code, out } = await run('check', 'clean.json', 'bool.json')
    expect(code).toBe(1)
    expect(out).toContain(
      '  8:28  warning  MFA_DENY_MISSES_ACCESS_KEYS  statement 0 (NoMfa)\n    long-term access keys slip through',
    )
  })

  test('grammar errors are findings with AWS’s text and ours', async () => {
    const { code, out } = await run('check', 'broken.json')
    expect(code).toBe(1)
    expect(out).toContain('1:47  error  INVALID_EFFECT')
    expect(out).toContain('Syntax errors in policy. (got the effect "Alow", expected "Allow" or "Deny")')
  })

  test('a code may be left out', async () => {
    const codes = ['NO_ALLOW', 'MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS']
    expect((await run('check', ...codes.flatMap((code) => ['--ignore', code]), 'deny.json')).code).toBe(0)
    expect((await run('check', '--ignore', 'NO_ALLOW', 'deny.json')).code).toBe(1)
  })

  test('the kind is guessed from the content, or given', async () => {
    const { out } = await run('check', '--json', 'deny.json', 'trust.json', 'bucket.json')
    const checked = JSON.parse(out) as { files: { kind: string }[] }
    expect(checked.files.map((file) => file.kind)).toEqual(['identity', 'trust', 'resource'])
    expect((await run('check', '--kind', 'scp', 'scp.json')).out).toContain('(scp policy)')
    expect((await run('check', '--kind', 'identity', 'bucket.json')).out).toContain('PROHIBITED_ELEMENT')
  })

  test('SARIF names the file, the place and the rule', async () => {
    const { code, out } = await run('check', '--sarif', 'bool.json')
    const [report] = (JSON.parse(out) as { runs: Record<string, unknown>[] }).runs
    expect(code).toBe(1)
    expect(report?.['results']).toContainEqual({
      ruleId: 'MFA_DENY_MISSES_ACCESS_KEYS',
      ruleIndex: 0,
      level: 'warning',
      message: { text: expect.stringContaining('slip through') },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'bool.json' }, region: { startLine: 8, startColumn: 28 } } },
      ],
    })
  })

  test('a document cannot move the cursor of the terminal', async () => {
    const { out } = await run('check', '--kind', 'resource', 'hostile.json')
    expect(out.includes('\u001b')).toBe(false)
  })
})

describe('explain', () => {
  test('denied: names the statement, the missing key and the smallest change', async () => {
    const { code, out } = await run('explain', '--policy', 'deny.json', 's3.json', ...get)
    expect(code).toBe(1)
    expect(out).toContain('DENIED  s3:GetObject on arn:aws:s3:::b/k by arn:aws:iam::123456789012:user/alice')
    expect(out).toContain('explicit deny by statement 0 (NoMfa) of deny.json, identity policies')
    expect(out).toContain('the request has no aws:MultiFactorAuthPresent')
    expect(out).toContain('1. a request with aws:multifactorauthpresent = "true"')
  })

  test('allowed with the key', async () => {
    const { code, out } = await run(
      'explain',
      '--policy',
      'deny.json',
      '--policy',
      's3.json',
      ...get,
      '--context',
      'aws:MultiFactorAuthPresent=true',
    )
    expect(code).toBe(0)
    expect(out).toContain('allowed by statement 0 of s3.json, identity policies')
    expect(out).toContain('with aws:multifactorauthpresent = true')
  })

  test('an SCP that only denies stands beside FullAWSAccess, and forbids', async () => {
    const { code, out } = await run('explain', '--policy', 's3.json', '--scp', 'scp.json', ...get)
    expect(code).toBe(1)
    expect(out).toContain('explicit deny by statement 0 (NoS3) of scp.json, service control policies')
    expect(out).toContain('no other policy can allow it: forbidden by service control policies')
    const other = await run(
      'explain',
      '--policy',
      's3.json',
      '--scp',
      'scp.json',
      ...get,
      '--principal',
      'arn:aws:iam::123456789012:root',
    )
    expect(other.code).toBe(1)
  })

  test('callers by ARN: a session of a role, a service, a stranger', async () => {
    const trust = [
      'explain',
      '--resource-policy',
      'trust.json',
      '--action',
      'sts:AssumeRole',
      '--resource',
      'arn:aws:iam::123456789012:role/r',
    ]
    expect((await run(...trust, '--principal', 'ec2.amazonaws.com')).code).toBe(1)
    const session = ['--principal', 'arn:aws:sts::123456789012:assumed-role/a/b']
    const itsRole = ['--role', 'arn:aws:iam::123456789012:role/path/a']
    expect((await run(...trust, '--policy', 's3.json', ...session, ...itsRole)).code).toBe(1)
    expect((await run('explain', '--policy', 's3.json', ...get, ...session, ...itsRole)).code).toBe(0)
    const bucket = ['explain', '--resource-policy', 'bucket.json', '--policy', 's3.json', ...get]
    expect((await run(...bucket, '--principal', 'arn:aws:iam::123456789012:role/path/r')).code).toBe(0)
    expect(
      (await run(...bucket, '--principal', 'arn:aws:iam::999999999999:user/m', '--resource-account', '123456789012'))
        .code,
    ).toBe(1)
  })

  test('JSON holds the request and the explanation', async () => {
    const { out } = await run('explain', '--json', '--policy', 's3.json', ...get)
    expect(JSON.parse(out)).toMatchObject({
      request: { action: 's3:GetObject', context: { 'aws:username': 'alice' } },
      decision: { effect: 'allow', policyId: 's3.json' },
    })
  })

  test('SARIF of a denial points at the statement that denies', async () => {
    const { out } = await run('explain', '--sarif', '--policy', 'deny.json', 's3.json', ...get)
    expect(out).toContain('"ruleId": "DENIED"')
    expect(out).toContain('"uri": "deny.json"')
    expect(out).toContain('"startLine": 3')
  })
})

describe('diff', () => {
  test('a difference is 1 and shows a request with both decisions', async () => {
    const { code, out } = await run('diff', 'bool.json', 'deny.json')
    expect(code).toBe(1)
    expect(out).toBe(
      '- now denied  s3:GetObject on * by arn:aws:iam::123456789012:user/alice\n' +
        '    with none of the keys that the policies ask for\n' +
        '    before: allowed by statement 0 of what is assumed beside it, identity policies\n' +
        '    after:  explicit deny by statement 0 (NoMfa) of deny.json, identity policies\n' +
        '1 kind of request is decided differently\n',
    )
  })

  test('no difference is 0 only where it is proven', async () => {
    expect((await run('diff', 'deny.json', 'deny.json')).code).toBe(0)
    expect((await run('diff', '--json', 'deny.json', 'deny.json')).out).toContain('"complete": true')
  })

  test('SARIF points into the second file', async () => {
    const { code, out } = await run('diff', '--sarif', 'bool.json', 'deny.json')
    expect(code).toBe(1)
    expect(out).toContain('"ruleId": "NOW_DENIED"')
    expect(out).toContain('"uri": "deny.json"')
  })
})

describe('misuse is 2, with one sentence on stderr', () => {
  test.each([
    [[], 'expected check, explain or diff; sallyport policy --help shows them'],
    [['chek'], 'got the command "chek", expected check, explain or diff'],
    [['check'], 'check expects at least one file'],
    [
      ['check', '--kind', 'user', 'deny.json'],
      'got the kind "user", expected one of identity, resource, trust, boundary, session, scp, rcp',
    ],
    [['check', 'none.json'], 'cannot read none.json: there is no such file'],
    [['check', '--frob', 'deny.json'], "unknown option '--frob'"],
    [['explain', '--policy', 's3.json', '--resource', '*'], 'explain expects --action'],
    [['explain', '--action', 's3:GetObject', '--resource', '*'], 'explain expects a policy: --policy FILE'],
    [['explain', 's3.json', ...get], 'got "s3.json" without a flag, expected --policy s3.json or the like'],
    [
      ['explain', '--policy', 's3.json', '--action', 's3:*', '--resource', '*'],
      'got the action "s3:*", expected service:Name without wildcards',
    ],
    [
      ['explain', '--policy', 's3.json', '--action', 's3:GetObject', '--resource', 'b'],
      'got the resource "b", expected an ARN of six parts, or *',
    ],
    [
      ['explain', '--policy', 's3.json', ...get, '--principal', 'alice'],
      'got the principal "alice", expected the ARN of a root user, user, role session, federated user or identity provider, the name of a service, or *',
    ],
    [
      ['explain', '--policy', 's3.json', ...get, '--principal', 'arn:aws:sts::123456789012:assumed-role/R/S'],
      'got the session arn:aws:sts::123456789012:assumed-role/R/S, expected --role with the ARN of its role, path and all',
    ],
    [
      ['explain', '--policy', 's3.json', ...get, '--role', 'arn:aws:iam::123456789012:role/R'],
      'got roleArn for "arn:aws:iam::123456789012:user/alice", which has none',
    ],
    [
      ['explain', '--policy', 's3.json', ...get, '--context', `aws:UserAgent=${'x'.repeat(16_385)}`],
      'got 16385 characters for the context key aws:useragent, expected at most 16384',
    ],
    [
      ['explain', '--resource-policy', 's3.json', ...get],
      's3.json names no Principal, expected a resource or trust policy',
    ],
    [
      ['explain', '--policy', 's3.json', '--action', 's3:GetObject', '--resource', `arn:aws:s3:::${'b'.repeat(2_048)}`],
      'got 2061 characters for the resource, expected at most 2048',
    ],
    [['explain', '--policy', 's3.json', ...get, '--context', 'x'], 'got --context "x", expected key=value'],
    [['explain', '--policy', 's3.json', ...get, '--action', 's3:PutObject'], 'got --action twice, expected it once'],
    [
      ['explain', '--policy', 'broken.json', ...get],
      'broken.json is no identity policy: line 1, column 47: got the effect "Alow", expected "Allow" or "Deny"; sallyport policy check broken.json says more',
    ],
    [['diff', 'deny.json'], 'got 1 file, expected two: BEFORE AFTER'],
    [
      ['diff', 'deny.json', 'bucket.json'],
      'deny.json is of kind identity and bucket.json of kind resource, expected the same kind',
    ],
  ])('%j', async (args, sentence) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', err: `sallyport policy: ${sentence}\n` })
  })

  test('--help is no misuse', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Usage: sallyport policy'),
      err: '',
    })
    expect((await run('check', '--help')).code).toBe(0)
  })
})

test('colour where the terminal has it', async () => {
  let out = ''
  await runPolicyCommand(['check', 's3.json'], {
    stdout: (text) => {
      out += text
    },
    stderr: () => undefined,
    colour: true,
    readFile: async () => Buffer.from(files['bool.json'] ?? ''),
  })
  expect(out).toContain('\u001b[33mwarning\u001b[0m')
})

describe('files', () => {
  test.each(['check', 'explain', 'diff'])('%s refuses what is not in UTF-8, and what does not end', async (command) => {
    const asked = (file: string) =>
      ({
        check: ['check', '--kind', 'scp', file],
        explain: ['explain', '--policy', file, ...get],
        diff: ['diff', file, file],
      })[command] ?? []
    for (const [file, why] of [
      ['latin-1.json', 'it is not in UTF-8'],
      ['endless.json', 'it has more than 1 MB'],
    ] as const) {
      const { code, out, err } = await run(...asked(file))
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toContain(`${file} is no policy: ${why}`)
    }
  })

  test('nothing in a document turns the output around, whatever form it has', async () => {
    for (const form of [[], ['--json'], ['--sarif']]) {
      const { out } = await run('check', 'turned.json', 'tagged.json', ...form)
      expect(out).not.toMatch(/[\p{Cf}]/u)
      if (form.length > 0) expect(() => JSON.parse(out)).not.toThrow()
    }
    const { out } = await run('check', 'turned.json', 'tagged.json', '--json')
    expect(out).toContain('got \\"\\u202e\\"')
    expect(out).toContain('got \\"\\udb40\\udc01\\"')
  })
})

test('codes that no finding has are not ignored, nor are errors', async () => {
  for (const code of ['NOPE', 'INVALID_EFFECT', 'toString']) {
    const { code: exit, err } = await run('check', '--ignore', code, 'broken.json')
    expect(exit).toBe(2)
    expect(err).toContain(`got --ignore "${code}", expected one of MFA_DENY_MISSES_ACCESS_KEYS`)
  }
})

test('what takes too long to compare is one sentence and exit code 2: neither allowed nor denied', async () => {
  const pattern = `*${'?a'.repeat(4_900)}b*`
  const names = Array.from({ length: 100 }, (_, n) => `long-${n}.json`)
  const text = allow('s3:GetObject', `,"Condition":{"StringLike":{"aws:userid":"${pattern}"}}`)
  const many: Record<string, string> = Object.fromEntries(names.map((name) => [name, text]))
  let err = ''
  const args = ['explain', '--policy', ...names, ...get, '--context', `aws:userid=${'a'.repeat(16_384)}`]
  const code = await runPolicyCommand(args, {
    stdout: () => expect.fail('there is nothing to say'),
    stderr: (part) => {
      err += part
    },
    colour: false,
    readFile: async (path) => Buffer.from(many[path] ?? ''),
  })
  expect({ code, err }).toEqual({
    code: 2,
    err: 'sallyport policy: got patterns and values too long to compare; nothing is said of them: ask about fewer or shorter documents\n',
  })
})
