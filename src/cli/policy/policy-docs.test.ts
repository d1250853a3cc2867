/** What README and docs/policy.md show is what the commands print for the files of examples/, and the list of codes is whole. */

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { consoleCommands, shownFiles } from '../../../test/support/markdown.ts'
import { findingCodes } from '../../policy/findings/codes.ts'
import * as policy from '../../policy/index.ts'
import { runPolicyCommand } from './policy-command.ts'

const repository = new URL('../../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, repository), 'utf8')

const page = read('docs/policy.md')
const start = 'npx sallyport policy '
const commandsOf = (file: string) =>
  consoleCommands(read(file)).filter(
    ({ command }) => command.startsWith(start) || command.startsWith('sallyport policy'),
  )

describe.each(['README.md', 'docs/policy.md'])('%s', (file) => {
  test.each(commandsOf(file))('$command', async ({ command, output }) => {
    let out = ''
    const print = (text: string) => {
      out += text
    }
    expect(command.slice(0, start.length)).toBe(start)
    await runPolicyCommand(command.slice(start.length).split(' '), {
      stdout: print,
      stderr: print,
      colour: false,
      // As in a clone: paths are relative to its root, and the files are those of examples/.
      readFile: async (path) => {
        expect(path).toMatch(/^examples\/[\w-]+\.json$/)
        return Buffer.from(read(path))
      },
    })
    expect(out).toBe(output)
  })
})

describe('docs/policy.md', () => {
  test('shows every file of examples/ as it is', () => {
    const files = readdirSync(new URL('examples/', repository)).map((name) => `examples/${name}`)
    expect(Object.fromEntries(shownFiles(page))).toEqual(Object.fromEntries(files.map((file) => [file, read(file)])))
  })

  test('its program runs, and comes to what it says', () => {
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
    const [, imported = '', rest = ''] = /^import \{ (.*) \} from 'sallyport\/policy'\n([\s\S]*)$/.exec(program) ?? []
    const names = imported.split(', ')
    const [, before = '', value = '', claim = ''] = /^([\s\S]*\n)(.*) \/\/ ('.*')\n$/.exec(rest) ?? []
    // The text is the repository's own documentation.
    const run = new Function('text', ...names, `${before}return [${value}, ${claim}]`)
    const [got, claimed] = run(
      read('examples/deny-without-mfa.json'),
      ...names.map((name) => Reflect.get(policy, name)),
    )
    expect(claimed).toBe('explicit-deny')
    expect(got).toBe(claimed)
  })

  test('shows check, explain and diff, and lists every code', () => {
    const shown = commandsOf('docs/policy.md').map(({ command }) => command.split(' ')[3])
    expect(new Set(shown)).toEqual(new Set(['check', 'explain', 'diff']))
    const listed = [...page.matchAll(/^\| `([A-Z_]+)` \| (\w+) \| (.*) \|$/gm)].map(([, code, weight, what]) => [
      code,
      [weight, what],
    ])
    expect(Object.fromEntries(listed)).toEqual(findingCodes)
  })
})

test('README explains a decision', () => {
  expect(commandsOf('README.md').map(({ command }) => command.split(' ')[3])).toContain('explain')
})
