/** A new way to spend a code without its row in the table of races fails here. */
import { expect, test } from 'vitest'
import { readSources } from './support/source-modules.ts'
import { redemptionPairs, redemptionPaths } from './system/redemption-paths.ts'

/** Who looks at codes, and who spends them in the store. */
const verifying = ['verifyCode', 'verifyConsecutiveCodes']
const spending = ['redeemSteps', 'assignDevice']

const importersOf = (names: readonly string[]): readonly string[] =>
  readSources('src')
    .filter(
      ({ file, imports }) =>
        !file.endsWith('.test.ts') && imports.some((each) => names.some((name) => each.names.includes(name))),
    )
    .map(({ file }) => file)
    .filter((file) => file !== 'src/credentials/totp/index.ts')

test('each file that verifies codes, or spends them, has its row in the table of races', () => {
  const rows = [...new Set(redemptionPaths.map(({ source }) => source))].toSorted()
  expect(importersOf(verifying)).toEqual(rows)
  expect(importersOf(spending)).toEqual(rows)
})

test('the table races every two ways, each beside itself too', () => {
  const n = redemptionPaths.length
  expect(redemptionPairs).toHaveLength((n * (n + 1)) / 2)
  expect(new Set(redemptionPairs.map(([a, b]) => `${a.name} beside ${b.name}`)).size).toBe(redemptionPairs.length)
})
