import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sessionLimits } from './session-store.ts'

it('ASVS V7.1.1: docs/rate-limits.md says how long sessions last', () => {
  const doc = readFileSync(new URL('../../../docs/rate-limits.md', import.meta.url), 'utf8')
  const [, text = ''] = doc.split('\n## Sessions\n')
  const said = Object.fromEntries(
    Array.from(text.matchAll(/^\| `(\w+)` \| (\d+) \|/gm), ([, name, ms]) => [name, Number(ms)]),
  )
  const { lastSeenStepMs: _, ...limits } = sessionLimits
  expect(said).toEqual(limits)
})
