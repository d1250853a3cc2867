// Writes docs/compatibility.md from the registered handlers: `npm run compatibility`. A test holds the file to them.
import fs from 'node:fs'
import path from 'node:path'
import { compatibilityText } from '../test/support/compatibility.ts'

fs.writeFileSync(path.resolve(import.meta.dirname, '../docs/compatibility.md'), compatibilityText())
