/** What the longest documents cost `findings`, in counted steps, so that a check of a pull request ends. */
import { expect, test } from 'vitest'
import { createStepCounter } from '../support/counted-steps.ts'
import { countRegExpSteps } from '../support/regexp-steps.ts'

const countSteps = await createStepCounter('/src/policy/findings/')
const { parsePolicy } = await import('../../src/policy/parse/parse-policy.ts')
const { checkArns } = await import('../../src/policy/findings/check-arns.ts')

/** Characters of the longest value. */
const value = 10_240
/** A few passes over the text, of a few steps a character each. */
const stepsPerCharacterMax = 40

/** What begins no variable is refused, but in a document of the version that has none. */
const texts: readonly (readonly [string, string])[] = [
  ['a variable that is opened again and again, and blanks', `${'${aws:PrincipalTag/'.repeat(250)}${' '.repeat(5_400)}`],
  ['an open variable of blanks', `\${${' '.repeat(10_000)}`],
  ['braces that nothing closes', '${'.repeat(5_100)],
  ['braces that are closed at the end', `${'${'.repeat(5_100)}}*`],
  ['a name that nearly ends as it would have to', `\${${'x:sub '.repeat(1_700)}y}*`],
  ['many variables', `\${saml:sub}/`.repeat(800)],
  ['many variables of blanks', `\${ }*`.repeat(2_000)],
]

const cases = texts.flatMap(([what, text]) =>
  ['2008-10-17', '2012-10-17'].map((version) => [what, version, text] as const),
)

test.each(cases)('variables of an ARN: %s, version %s', async (_, Version, text) => {
  const statement = { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${text}` }
  const parsed = parsePolicy(JSON.stringify({ Version, Statement: [statement] }), 'identity')
  if (!parsed.ok) return expect(parsed.findings.map(({ code }) => code)).toEqual(['INVALID_VARIABLE'])
  let ofExpressions = 0
  const steps = await countSteps(() => {
    ofExpressions = countRegExpSteps(() => [...checkArns(parsed.policy)])
  })
  expect(steps + ofExpressions).toBeGreaterThan(0)
  expect(steps + ofExpressions).toBeLessThan(stepsPerCharacterMax * value)
})
