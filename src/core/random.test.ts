import { expect, it } from 'vitest'
import { createUuids, systemRandom } from './random.ts'

it('ids are version 4 UUIDs and never the same, beyond one draw', () => {
  const next = createUuids(systemRandom)
  const ids = Array.from({ length: 1000 }, next)
  expect(new Set(ids).size).toBe(1000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
