/** The pages say what is there: commands that parse, scripts that exist, paths and links that lead somewhere. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type CommandName, commandNames, flagsOf, policyCommands } from '../src/cli/commands.ts'
import { codeTexts, consoleCommands, headingAnchors, linkTargets } from './support/markdown.ts'
import { root } from './support/run-process.ts'

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && fs.existsSync(path.join(root, file)))
  .map((file) => ({ file, text: read(file) }))

interface Usage {
  /** Of `--name VALUE` and `--name`, by name without dashes. */
  readonly flags: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
  readonly required: readonly string[]
}

function toUsage(name: CommandName): Usage {
  const flags = Object.entries(flagsOf(name))
  return {
    flags: Object.fromEntries(
      flags.map(([flag, { value }]) => [flag, { type: value === undefined ? 'boolean' : 'string' }]),
    ),
    required: flags.filter(([, { needed }]) => needed === true).map(([flag]) => flag),
  }
}

const usages = new Map<string, Usage>(commandNames.map((name) => [name, toUsage(name)]))

/** The `sallyport …` of a line as its words, without prompt, pipe and comment. */
function sallyportWords(line: string): readonly string[] | undefined {
  const part = line
    .replace(/\s#.*$/, '')
    .split(/\||&&/)
    .map((piece) => piece.trim().replace(/^\$ /, ''))
    .find((piece) => /^(npx )?sallyport /.test(piece))
  return part?.replace(/^npx /, '').split(/\s+/).slice(1)
}

/** What is wrong with it: undefined, nothing. */
function misuseOf(words: readonly string[]): string | undefined {
  const [first = '', second = ''] = words
  // What the policy commands print is compared in src/cli/policy/policy-docs.test.ts, so they parse.
  if (first === 'policy')
    return policyCommands.some((command) => command === second) ? undefined : `no command policy ${second}`
  const name = usages.has(first) ? first : `${first} ${second}`
  const usage = usages.get(name)
  if (usage === undefined) return `no command ${name}`
  try {
    const args = words.slice(name.split(' ').length)
    const { values } = parseArgs({ args, options: usage.flags, strict: true, allowPositionals: false })
    const missing = usage.required.filter((flag) => !(flag in values))
    return missing.length === 0 ? undefined : `${name} needs --${missing.join(', --')}`
  } catch (error) {
    return `${name}: ${String(error)}`
  }
}

describe('commands', () => {
  const typed = pages.flatMap(({ file, text }) =>
    consoleCommands(text).flatMap(({ command }) => {
      const words = sallyportWords(command)
      return words === undefined ? [] : [[file, words.join(' ')] as const]
    }),
  )

  test('README shows how to start, to test, to get a key and to give a password', () => {
    const { text = '' } = pages.find(({ file }) => file === 'README.md') ?? {}
    expect(text).toMatch(/^ {4}npm ci && npm start$/m)
    expect(text).toMatch(/^ {4}npm ci && npm test$/m)
    const shown = typed.filter(([file]) => file === 'README.md').map(([, words]) => words.split(' --')[0])
    expect(new Set(shown)).toEqual(new Set(['user create', 'events', 'user set-password', 'policy explain']))
  })

  test.each(typed)('%s: sallyport %s', (_file, words) => {
    expect(misuseOf(words.split(' '))).toBeUndefined()
  })

  test('every other mention is of a command that exists', () => {
    const named = pages.flatMap(({ file, text }) =>
      codeTexts(text).flatMap((code) => {
        const [first = '', second = ''] = sallyportWords(code) ?? []
        const name = first === 'policy' ? `policy ${second}`.trim() : [first, second].filter(isWord).join(' ')
        return name === '' ? [] : [{ file, name }]
      }),
    )
    const known = (name: string) =>
      name === 'policy' || [...usages.keys(), ...policyCommands.map((each) => `policy ${each}`)].includes(name)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ name }) => !known(name))).toEqual([])
  })

  test.each([...usages])('docs/operations.md lists the flags of %s', (name, { flags }) => {
    const line = new RegExp(`^ {4}sallyport ${name} .*$`, 'm').exec(read('docs/operations.md'))?.[0] ?? ''
    expect([...line.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag).sort()).toEqual(Object.keys(flags).sort())
  })

  test('the check catches an unknown command, an unknown flag, a missing one and a value too many', () => {
    expect(misuseOf(['user', 'destroy'])).toBe('no command user destroy')
    expect(misuseOf(['events', '--nope'])).toMatch(/Unknown option '--nope'/)
    expect(misuseOf(['user', 'create', '--account', '1'])).toBe('user create needs --name')
    expect(misuseOf(['events', '--json', 'x'])).toMatch(/Unexpected argument 'x'/)
    expect(misuseOf(['policy', 'guess'])).toBe('no command policy guess')
  })
})

const isWord = (text: string): boolean => /^[a-z][a-z-]*$/.test(text)

test('npm scripts that are named exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = pages.flatMap(({ file, text }) =>
    codeTexts(text).flatMap((code) =>
      [...code.matchAll(/\bnpm (run [\w:-]+|[a-z]+)/g)].map(([, words = '']) => ({ file, words })),
    ),
  )
  const builtIn = ['ci', 'install']
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(({ words }) => !builtIn.includes(words) && !(words.replace('run ', '') in scripts))).toEqual([])
})

test('links lead to a file, and to a heading where they name one', () => {
  const links = pages.flatMap(({ file, text }) => linkTargets(text).map((target) => ({ file, target })))
  const isDead = ({ file, target }: (typeof links)[number]): boolean => {
    if (/^[a-z]+:/.test(target)) return false
    const [relative = '', anchor] = target.split('#')
    const found = relative === '' ? file : path.join(path.dirname(file), relative)
    if (!fs.existsSync(path.join(root, found))) return true
    return anchor !== undefined && !headingAnchors(read(found)).has(anchor)
  }
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter(isDead)).toEqual([])
})

test('paths of this repository that are named exist', () => {
  const folders = 'src|test|console|docs|bench|scripts|examples'
  const named = pages.flatMap(({ file, text }) =>
    codeTexts(text).flatMap((code) =>
      [...code.matchAll(new RegExp(`(?<![\\w./:@-])(?:${folders})/[\\w./-]*[\\w/]`, 'g'))].map(([found]) => ({
        file,
        found,
      })),
    ),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(({ found }) => !fs.existsSync(path.join(root, found)))).toEqual([])
})
