import fs from 'node:fs'
import { expect, test } from 'vitest'
import { compatibilityText } from './support/compatibility.ts'

test('docs/compatibility.md lists what is registered: `npm run compatibility` writes it anew', () => {
  expect(fs.readFileSync('docs/compatibility.md', 'utf8')).toBe(compatibilityText())
})
