import { expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import { resourceSpace } from './resource-space.ts'

function statementsOf(...statements: readonly object[]) {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy.statements
}

test('a variable has every value by which an ARN that is spoken of would match', () => {
  const statements = statementsOf(
    { Effect: 'Allow', Action: '*', Resource: `arn:aws:iam::*:user/\${aws:username}` },
    { Effect: 'Deny', Action: '*', Resource: 'arn:aws:iam::123456789012:user/x:user/admin' },
  )
  const { assignments } = resourceSpace(statements, new Map(), [], { steps: 1_000_000 })
  const names = assignments.map((assignment) => assignment.get('aws:username'))
  expect(names).toEqual(expect.arrayContaining([undefined, 'alice', 'admin', 'x:user/admin']))
})
