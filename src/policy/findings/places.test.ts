import { expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { Finding } from '../types.ts'
import { findings } from './findings.ts'

test('a finding names the place of the element, the statement and its Sid', () => {
  const text = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "NoMfa",
    "Effect": "Deny", "Action": "ec2:*", "Resource": "*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
  }, {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]
}`
  const parsed = parsePolicy(text, 'identity')
  const found = parsed.ok ? findings(parsed.policy) : []
  expect(found).toMatchObject([
    { code: 'MFA_DENY_MISSES_ACCESS_KEYS', line: 6, column: 28, statement: 0, sid: 'NoMfa' } satisfies Partial<Finding>,
  ])
  expect(found[0]?.message).toContain('long-term access keys slip through')
})
