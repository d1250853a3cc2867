/** The worked examples of AWS's guides, each named after its page, put to the engine and to the reference alike. */
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/policy/index.ts'
import type { Example, Row } from './aws-guide-example.ts'
import { identityExamples } from './aws-guide-identity.ts'
import { layerExamples } from './aws-guide-layers.ts'
import { compileStack, toRequest } from './compare.ts'
import { decideByTheBook, type RequestJson, type StackJson } from './reference.ts'

function toCase(example: Example, row: Row): { stack: StackJson; request: RequestJson } {
  const resourceAccountId = row.resourceAccountId ?? example.resourceAccountId
  return {
    stack: { identity: [], scps: [], rcps: [], ...example.stack, ...row.stack },
    request: {
      principal: row.principal ?? example.principal,
      action: row.action,
      resource: row.resource ?? '*',
      context: row.context ?? {},
      ...(resourceAccountId === undefined ? {} : { resourceAccountId }),
    },
  }
}

for (const example of [...identityExamples, ...layerExamples]) {
  describe(`Example: ${example.page}`, () => {
    for (const row of example.rows) {
      test(`${row.says}: ${row.action} is ${row.expected}`, () => {
        const { stack, request } = toCase(example, row)
        expect(decideByTheBook(stack, request).effect, 'the reference').toBe(row.expected)
        expect(decide(compileStack(stack), toRequest(request)).effect, 'the engine').toBe(row.expected)
      })
    }
  })
}
