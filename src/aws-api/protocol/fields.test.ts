import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AwsError } from '../errors.ts'
import { type Fields, parseFields } from './fields.ts'

const parse = (body: string, query = ''): Fields => parseFields(query, Buffer.from(body, 'latin1'))
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof AwsError) return error.code
    throw error
  }
  return 'none'
}

describe('the parameters of a call', () => {
  it('are decoded from the body and from the URL', () => {
    const fields = parse('Name=a+b%2Bc&Empty=&Bare', 'Other=%C3%A9%F0%9F%94%91')
    expect(fields).toEqual(
      new Map([
        ['Other', 'é🔑'],
        ['Name', 'a b+c'],
        ['Empty', ''],
        ['Bare', ''],
      ]),
    )
  })

  it('become trees at their dots', () => {
    expect(parse('Tags.member.1.Key=k&Tags.member.1.Value=v').get('Tags')).toEqual(
      new Map([
        [
          'member',
          new Map([
            [
              '1',
              new Map([
                ['Key', 'k'],
                ['Value', 'v'],
              ]),
            ],
          ]),
        ],
      ]),
    )
  })

  it.each([
    ['a name twice', 'A=1&A=1', ''],
    ['a name in body and URL', 'A=1', 'A=1'],
    ['a name twice, encoded in two ways', 'UserName=a&User%4eame=b', ''],
    ['a name in two spellings', 'UserName=a&username=b', ''],
    ['a nested name twice', 'A.member.1=1&A.member.1=2', ''],
    ['a value that goes on', 'A=1&A.B=1', ''],
    ['a tree that is a value too', 'A.B=1&A=1', ''],
    ['broken percent-encoding', 'A=%zz', ''],
    ['a lone percent sign', 'A=%', ''],
    ['broken UTF-8', 'A=\xff', ''],
    ['broken UTF-8 in the URL', '', 'A=\xff'],
    ['broken UTF-8, percent-encoded', 'A=%c3%28', ''],
    ['an overlong encoding', 'A=%c0%af', ''],
    ['an encoded surrogate', 'A=%ed%a0%80', ''],
    ['a NUL', 'A=%00', ''],
    ['a control character as it is', 'A=\x01', ''],
    ['a control character in a name', 'A%1b=1', ''],
    ['U+FFFF', 'A=%ef%bf%bf', ''],
    ['a name of thirteen parts', `${'A.'.repeat(12)}A=1`, ''],
    ['10,001 parameters', Array.from({ length: 10_001 }, (_, index) => `A${index}=1`).join('&'), ''],
  ])('are refused with %s', (_, body, query) => {
    expect(codeOf(() => parse(body, query))).toBe('MalformedQueryString')
  })

  it('may be 10,000', () => {
    expect(parse(Array.from({ length: 10_000 }, (_, index) => `A${index}=1`).join('&')).size).toBe(10_000)
  })

  it('never reach a prototype', () => {
    const fields = parse('__proto__.member.1=x&constructor.prototype.y=z&toString=1')
    expect([...fields.keys()]).toEqual(['__proto__', 'constructor', 'toString'])
    expect(({} as { [name: string]: unknown })['member']).toBeUndefined()
    expect(({} as { [name: string]: unknown })['y']).toBeUndefined()
  })

  it('come back as what a form encoder made of them', () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'B', 'é', '🔑', '&', '=', '%', '+', ' '), minLength: 1 })
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(names, fc.string({ unit: fc.constantFrom('x', '&', '=', '%', '+', ' ', '"', '\n', '漢') })),
          {
            selector: ([name]) => name.toLowerCase(),
          },
        ),
        (pairs) => {
          expect(parse(new URLSearchParams(pairs).toString())).toEqual(new Map(pairs))
        },
      ),
    )
  })

  it('of any bytes are parsed or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['none', 'MalformedQueryString']).toContain(codeOf(() => parseFields('', Buffer.from(bytes))))
      }),
    )
  })
})
