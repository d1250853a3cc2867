/** The examples in the docstrings of the public functions run here, so that they stay true. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as policy from './index.ts'

const sources = [
  './parse/parse-policy.ts',
  './compile/compile-policy.ts',
  './decide/decide.ts',
  './explain/explain.ts',
  './request/build-context.ts',
  './request/context.ts',
  './request/parse-principal.ts',
]

/** Each example's lines; `expression // value` and `expression` + a line `// value` are what it claims. */
function examplesIn(source: string): readonly string[][] {
  const text = readFileSync(new URL(source, import.meta.url), 'utf8')
  return [...text.matchAll(/@example\n((?: \*.*\n)*?) \*\//g)].map(([, block = '']) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^ \* ?/, '')),
  )
}

/** Turns an example into a function body that collects [value, claimed value]. */
function toBody(lines: readonly string[]): { body: string; claims: number } {
  let claims = 0
  const body: string[] = []
  for (const [index, line] of lines.entries()) {
    const [, code = '', claim] = /^(.*?)(?:\s*\/\/ (.*))?$/.exec(line) ?? []
    const next = /^\/\/ (.*)$/.exec(lines[index + 1] ?? '')?.[1]
    const value = code === '' ? undefined : (claim ?? next)
    if (value === undefined) body.push(code)
    else {
      claims++
      body.push(`claim((${code}), (${value}))`)
    }
  }
  return { body: body.join('\n'), claims }
}

test.each(sources.flatMap((source) => examplesIn(source).map((lines, index) => [source, index, lines] as const)))(
  '%s, example %i',
  (_source, _index, lines) => {
    const { body, claims } = toBody(lines)
    expect(claims).toBeGreaterThan(0)
    const names = Object.keys(policy)
    // The text is the repository's own documentation.
    const run = new Function('claim', ...names, body)
    run((value: unknown, claimed: unknown) => expect(value).toEqual(claimed), ...Object.values(policy))
  },
)

test('every public function that this folder documents has an example', () => {
  expect(sources.map((source) => examplesIn(source).length)).toEqual([1, 2, 1, 1, 1, 1, 1])
})
