/** docs/compatibility.md: which operations answer, and which answer 501. Written from the models and from what is registered. */
import type { ServiceModel } from './service-model.ts'

/** `implemented` are the names of the registered handlers by service: `{ iam: ['CreateUser', …], sts: … }`. */
export function renderCompatibility(
  models: readonly ServiceModel[],
  implemented: { readonly [service: string]: readonly string[] },
): string {
  const lines = [
    '# Compatibility',
    '',
    '<!-- Written by `npm run compatibility` from the registered handlers. Not to be edited. -->',
    '',
    'A signed call of an operation that is not implemented answers 501 `NotImplemented`. A name that AWS does not have answers',
    '400 `InvalidAction`, as on AWS.',
    '',
    '| service | version | implemented | of |',
    '|---|---|---|---|',
  ]
  for (const model of models) {
    const done = doneOf(model, implemented)
    lines.push(`| ${model.title} | ${model.apiVersion} | ${done.length} | ${Object.keys(model.operations).length} |`)
  }
  for (const model of models) {
    const done = doneOf(model, implemented)
    const open = Object.keys(model.operations).filter((name) => !done.includes(name))
    lines.push('', `## ${model.title}`, '', '### Implemented', '', ...listOf(done))
    lines.push('', '### Not implemented', '', ...listOf(open))
  }
  return `${lines.join('\n')}\n`
}

function doneOf(model: ServiceModel, implemented: { readonly [service: string]: readonly string[] }): string[] {
  const names = implemented[model.service] ?? []
  for (const name of names)
    if (!Object.hasOwn(model.operations, name))
      throw new RangeError(`got the operation ${name}, expected one of ${model.service}`)
  return [...names].sort()
}

const listOf = (names: readonly string[]): string[] =>
  names.length === 0 ? ['None.'] : [...names].sort().map((name) => `- ${name}`)
