import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import { findUnknownNames, type KnownNames } from './find-unknown-names.ts'

/** Some of AWS's names, as the service authorization reference has them. */
const object = 'arn:*:s3:::*/*'
const services: Readonly<Record<string, readonly { name: string; resources: readonly string[] }[]>> = {
  s3: [
    { name: 'GetObject', resources: [object] },
    { name: 'ListBucket', resources: ['arn:*:s3:::*'] },
    { name: 'ListAllMyBuckets', resources: [] },
  ],
  iam: [{ name: 'ListVirtualMFADevices', resources: [] }],
}
const forms: Readonly<Record<string, readonly string[]>> = {
  s3: ['arn:*:s3:::*', object],
  iam: ['arn:*:iam::*:user/*', 'arn:*:iam::*:mfa/*'],
}
const names: KnownNames = {
  actionsOf: async (service) => services[service],
  resourcesOf: async (service) => forms[service],
  conditionKeyExists: async (key) => ['aws:username', 'aws:sourceip'].includes(key),
}

async function codesOf(statement: Readonly<Record<string, unknown>>): Promise<string[]> {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } })
  const parsed = parsePolicy(text, 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return (await findUnknownNames(parsed.policy, names)).map((finding) => finding.code)
}

describe('names that AWS does not know', () => {
  test.each([
    ['UNKNOWN_SERVICE', { Action: 's4:GetObject', Resource: '*' }, { Action: 's3:GetObject', Resource: '*' }],
    ['UNKNOWN_ACTION', { Action: 's3:GetObjects', Resource: '*' }, { Action: 's3:getobj*', Resource: '*' }],
    [
      'UNKNOWN_RESOURCE',
      { Action: 'iam:*', Resource: 'arn:aws:iam::*:group/a' },
      { Action: 'iam:*', Resource: 'arn:aws:iam::*:user/a' },
    ],
    [
      'ACTION_NEVER_ON_RESOURCE',
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b' },
      { Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'] },
    ],
    [
      'ACTION_NEVER_ON_RESOURCE',
      { Action: 's3:ListAllMyBuckets', Resource: 'arn:aws:s3:::*' },
      { Action: 'iam:ListVirtualMFADevices', Resource: 'arn:aws:iam::*:mfa/*' },
    ],
    [
      'UNKNOWN_CONDITION_KEY',
      { Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:MFA': 'true' } } },
      { Action: 's3:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIP': '10.0.0.1' } } },
    ],
    [
      'UNKNOWN_VARIABLE',
      { Action: 's3:*', Resource: `arn:aws:s3:::b/\${aws:user}/*` },
      { Action: 's3:*', Resource: `arn:aws:s3:::b/\${aws:userName}/*` },
    ],
  ])('%s', async (code, fires, quiet) => {
    expect(await codesOf(fires)).toEqual([code])
    expect(await codesOf(quiet)).toEqual([])
  })

  test('a misspelled action names its neighbour', async () => {
    const parsed = parsePolicy(
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObjcet","Resource":"*"}}',
      'identity',
    )
    const found = parsed.ok ? await findUnknownNames(parsed.policy, names) : []
    expect(found[0]?.message).toContain('did you mean s3:GetObject?')
  })
})
