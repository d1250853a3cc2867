import { describe, expect, test } from 'vitest'
import { type JsonNode, parseJson } from './strict-json.ts'

/** The value as JSON.parse gives it, without places. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plain)
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
  return node.kind === 'string' ? node.value : JSON.parse(node.value)
}

describe('what RFC 8259 accepts', () => {
  test.each([
    '{}',
    '[]',
    ' [ 1 , -0.5e+3 , 0 , 1E2, true, false, null ] ',
    '{"a":{"b":["c","\\u0041\\n\\t\\b\\f\\r\\/\\\\\\""]}}',
    '"\\ud83d\\ude00 😀"',
    '{"":""}',
    '\t\r\n{\r"a"\n:\r\n1}',
  ])('%s', (text) => {
    const result = parseJson(text)
    expect(result.ok && plain(result.value)).toEqual(JSON.parse(text))
  })
})

describe('what is refused', () => {
  test.each<[text: string, code: string, line: number, column: number]>([
    ['', 'JSON_SYNTAX', 1, 1],
    ['{', 'JSON_SYNTAX', 1, 2],
    ['{"a":1,}', 'JSON_SYNTAX', 1, 8],
    ['{"a" 1}', 'JSON_SYNTAX', 1, 6],
    ['{a:1}', 'JSON_SYNTAX', 1, 2],
    ["{'a':1}", 'JSON_SYNTAX', 1, 2],
    ['[1,]', 'JSON_SYNTAX', 1, 4],
    ['[1 2]', 'JSON_SYNTAX', 1, 4],
    ['{} x', 'JSON_SYNTAX', 1, 4],
    ['{}{}', 'JSON_SYNTAX', 1, 3],
    ['\ufeff{}', 'JSON_SYNTAX', 1, 1],
    ['// no\n{}', 'JSON_SYNTAX', 1, 1],
    ['01', 'JSON_SYNTAX', 1, 2],
    ['1.', 'JSON_SYNTAX', 1, 3],
    ['.5', 'JSON_SYNTAX', 1, 1],
    ['-', 'JSON_SYNTAX', 1, 2],
    ['1e', 'JSON_SYNTAX', 1, 3],
    ['NaN', 'JSON_SYNTAX', 1, 1],
    ['True', 'JSON_SYNTAX', 1, 1],
    ['"a', 'JSON_SYNTAX', 1, 3],
    ['"a\nb"', 'JSON_SYNTAX', 1, 3],
    ['"\\x41"', 'JSON_SYNTAX', 1, 3],
    ['"\\u00g0"', 'JSON_SYNTAX', 1, 3],
    ['"\\ud83d"', 'JSON_SYNTAX', 1, 1],
    ['"\\ude00\\ud83d"', 'JSON_SYNTAX', 1, 1],
    ['"\ud83d"', 'JSON_SYNTAX', 1, 1],
    ['{\n "a": 1,\n "a": 2}', 'JSON_DUPLICATE_KEY', 3, 2],
    ['{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_KEY', 1, 8],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'JSON_TOO_DEEP', 1, 33],
    [`[${'1,'.repeat(20_000)}1]`, 'JSON_TOO_MANY_VALUES', 1, 40_000],
  ])('%j', (text, code, line, column) => {
    expect(parseJson(text)).toMatchObject({ ok: false, failure: { code, line, column } })
  })
})

test('32 levels are accepted', () => {
  expect(parseJson(`${'['.repeat(32)}${']'.repeat(32)}`).ok).toBe(true)
})

test('a value stands where it begins, whatever ends the lines', () => {
  const result = parseJson('{\r\n  "a": [\n    true,\r    "x"]}')
  const array = result.ok && result.value.kind === 'object' ? result.value.members[0]?.value : undefined
  expect(array).toMatchObject({
    line: 2,
    column: 8,
    items: [
      { line: 3, column: 5 },
      { line: 4, column: 5 },
    ],
  })
})
