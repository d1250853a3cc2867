/** What docs/policy.md shows is what the command prints, and its list of codes is whole. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findingCodes } from '../../policy/findings/codes.ts'
import * as policy from '../../policy/index.ts'
import { runPolicyCommand } from './policy-command.ts'

const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8')

/** "`name.json` …:" and the JSON that follows. */
const files = new Map(
  [...page.matchAll(/`([a-z0-9-]+\.json)`[^`]*:\n\n```json\n([\s\S]*?)```/g)].map(([, name, text]) => [name, text]),
)
const examples = [...page.matchAll(/```console\n\$ sallyport policy (.*)\n([\s\S]*?)```/g)].map(
  ([, command, output]) => [command ?? '', output ?? ''],
)

describe('docs/policy.md', () => {
  test.each(examples)('sallyport policy %s', async (command, output) => {
    let out = ''
    await runPolicyCommand(command.split(' '), {
      stdout: (text) => {
        out += text
      },
      stderr: (text) => {
        out += text
      },
      colour: false,
      readFile: async (path) => files.get(path) ?? '',
    })
    expect(out).toBe(output)
  })

  test('its program runs, and comes to what it says', () => {
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
    const [, imported = '', rest = ''] = /^import \{ (.*) \} from 'sallyport\/policy'\n([\s\S]*)$/.exec(program) ?? []
    const names = imported.split(', ')
    const [, before = '', value = '', claim = ''] = /^([\s\S]*\n)(.*) \/\/ ('.*')\n$/.exec(rest) ?? []
    // The text is the repository's own documentation.
    const run = new Function('text', ...names, `${before}return [${value}, ${claim}]`)
    const [got, claimed] = run(files.get('deny-without-mfa.json'), ...names.map((name) => Reflect.get(policy, name)))
    expect(claimed).toBe('explicit-deny')
    expect(got).toBe(claimed)
  })

  test('shows check, explain and diff, and lists every code', () => {
    expect(new Set(examples.map(([command]) => command?.split(' ')[0]))).toEqual(new Set(['check', 'explain', 'diff']))
    const listed = [...page.matchAll(/^\| `([A-Z_]+)` \| (\w+) \| (.*) \|$/gm)].map(([, code, weight, what]) => [
      code,
      [weight, what],
    ])
    expect(Object.fromEntries(listed)).toEqual(findingCodes)
  })
})
