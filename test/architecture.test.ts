import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { iamModel, stsModel } from '../src/aws-api/model/service-model.ts'
import { allowedImports, findBreaches, findCycles } from './support/architecture-rules.ts'
import { root } from './support/run-process.ts'
import { listSources, readModule, readSources } from './support/source-modules.ts'

const modelNames = { iam: iamModel(), sts: stsModel() }

/** The code that people read, by folder. */
const folders = ['src', 'console', 'test', 'bench', 'scripts']

describe('the tree', () => {
  test('nothing is imported, used or grown beyond what ARCHITECTURE.md allows', () => {
    expect(findBreaches(folders.flatMap(readSources))).toEqual([])
  })

  test('every tracked source file was read', () => {
    const tracked = execFileSync('git', ['ls-files', ...folders], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((file) => /\.[cm]?tsx?$/.test(file) && fs.existsSync(path.join(root, file)))
    const read = new Set(folders.flatMap(listSources))
    expect(tracked.length).toBeGreaterThan(0)
    expect(tracked.filter((file) => !read.has(file))).toEqual([])
  })

  test('src is TypeScript without JSX, and nothing of it is hidden in another extension', () => {
    const files = fs.readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.([cm]?jsx?|tsx|[cm]ts)$/.test(file))).toEqual([])
  })
})

/** A file of an operation has the operation's name; what it reads and writes is in the stores beside it. */
test('no operation has SQL of its own', () => {
  const names = Object.values(modelNames).flatMap((model) => Object.keys(model.operations).map(toFileName))
  const operations = listSources('src').filter((file) => names.includes(path.basename(file, '.ts')))
  expect(operations.length).toBeGreaterThan(30)
  const withSql = operations.filter((file) =>
    /selectFrom|insertInto|updateTable|deleteFrom|\bsql`/.test(fs.readFileSync(path.join(root, file), 'utf8')),
  )
  expect(withSql).toEqual([])
})

/** `ListMFADeviceTags` is in list-mfa-device-tags.ts. */
const toFileName = (operation: string): string =>
  operation
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()

describe('the rules catch', () => {
  const breachesOf = (files: Readonly<Record<string, string>>) =>
    findBreaches(Object.entries(files).map(([file, text]) => readModule(file, text)))

  test.each<[string, Record<string, string>, string]>([
    [
      'an import upwards',
      { 'src/core/a.ts': "import { b } from '../iam/b.ts'", 'src/iam/b.ts': '' },
      'src/core/a.ts:1: core may not import iam',
    ],
    [
      'an import of types only',
      { 'src/policy/a.ts': "\nimport type { B } from '../storage/b.ts'", 'src/storage/b.ts': '' },
      'src/policy/a.ts:2: policy may not import storage',
    ],
    ['a re-export', { 'src/iam/a.ts': "export * from '../sts/b.ts'", 'src/sts/b.ts': '' }, 'iam may not import sts'],
    [
      'a dynamic import',
      { 'src/sign-in/a.ts': "const b = await import('../aws-api/b.ts')", 'src/aws-api/b.ts': '' },
      'sign-in may not import aws-api',
    ],
    [
      'an imported type expression',
      { 'src/rate-limits/a.ts': "export type A = import('../cloudtrail/b.ts').B", 'src/cloudtrail/b.ts': '' },
      'rate-limits may not import cloudtrail',
    ],
    ['a computed import', { 'src/http/a.ts': 'const b = await import(name)' }, 'computed'],
    ['a folder that nobody placed', { 'src/utils/a.ts': "import { b } from './b.ts'", 'src/utils/b.ts': '' }, 'no row'],
    ['code from outside src', { 'src/cli/a.ts': "import { b } from '../../test/support/b.ts'" }, 'from outside src'],
    ['a file that is not there', { 'src/core/a.ts': "import { b } from './b.ts'" }, 'does not exist'],
    ['the file system in a pure part', { 'src/policy/a.ts': "import fs from 'node:fs'" }, 'policy is pure'],
    ['the time', { 'src/iam/a.ts': 'export const t = Date.now()' }, 'src/iam/a.ts:1: Date.now'],
    ['the time by another name', { 'src/iam/a.ts': 'export const t = globalThis.Date.now()' }, 'Date.now'],
    ['a new date of now', { 'src/iam/a.ts': 'export const t = new Date()' }, 'new Date()'],
    ['chance', { 'src/iam/a.ts': 'export const r = Math.random()' }, 'Math.random'],
    ['chance from node:crypto', { 'src/iam/a.ts': "import { randomUUID } from 'node:crypto'" }, 'randomUUID'],
    ['the environment', { 'src/storage/a.ts': "export const k = process.env['KEY']" }, 'process.env'],
    ['printing', { 'src/http/a.ts': "console.log('x')" }, 'console'],
    ['a long file', { 'src/iam/a.ts': 'export {}\n'.repeat(401) }, 'src/iam/a.ts: 401 lines, at most 400'],
    ['a long test', { 'src/iam/a.test.ts': 'export {}\n'.repeat(401) }, '401 lines'],
    [
      'a cycle',
      { 'src/iam/a.ts': "import './b.ts'", 'src/iam/b.ts': "import './c.ts'", 'src/iam/c.ts': "import './a.ts'" },
      'import cycle: src/iam/a.ts → src/iam/b.ts → src/iam/c.ts → src/iam/a.ts',
    ],
  ])('%s', (_what, files, complaint) => {
    expect(breachesOf(files).join('\n')).toContain(complaint)
  })

  test('nothing in what is allowed', () => {
    const files = {
      'src/core/clock.ts': 'export const clock = { now: () => Date.now() }',
      'src/core/random.ts': "import { randomBytes } from 'node:crypto'",
      'src/iam/a.ts': "import { clock } from '../core/clock.ts'\nexport const d = new Date(0)",
      'src/sts/a.ts': "import { d } from '../iam/a.ts'",
      'src/iam/a.test.ts': "import { d } from '../sts/a.ts'\nconsole.log(Date.now())",
      'src/cli/x.ts': "console.log(process.env['HOME'])",
      'src/main.ts': "import '../src/sts/a.ts'",
      'src/aws-api/model/iam-facts.generated.ts': 'export {}\n'.repeat(9000),
    }
    expect(breachesOf(files)).toEqual([])
  })

  test('nothing in comments, strings, templates and regular expressions', () => {
    const text = [
      "// import { b } from '../iam/b.ts'",
      '/* Date.now() */ export const a = "import \'../iam/b.ts\'; Math.random()"',
      "export const b = `\n import x from '../iam/b.ts' console.log(process.env) `",
      "export const c = /import '..\\/iam\\/b.ts' new Date()/",
    ].join('\n')
    expect(breachesOf({ 'src/core/a.ts': text })).toEqual([])
    const inTemplate = `${'export const d = `$'}{Date.now()}\``
    expect(breachesOf({ 'src/core/a.ts': inTemplate })).toHaveLength(1)
  })

  test('what is not TypeScript', () => {
    expect(() => readModule('src/core/a.ts', 'export const = 1')).toThrow(SyntaxError)
  })
})

test('the table itself has no cycle, and nobody but main, cli and tests knows cloudtrail', () => {
  const rows = Object.entries(allowedImports).filter(([, allowed]) => allowed !== '*')
  const modules = rows.map(([part, allowed]) => {
    const text = [...allowed].map((other) => `import '../${other}/x.ts'`).join('\n')
    return readModule(`src/${part}/x.ts`, text)
  })
  expect(findCycles(modules)).toEqual([])
  expect(rows.filter(([, allowed]) => allowed.includes('cloudtrail')).map(([part]) => part)).toEqual(['cli'])
})
