/**
 * Checks an input against the constraints of its shape and says what AWS says (aws-behaviour §3.7):
 * `2 validation errors detected: Value 'x' at 'tokenCode' failed to satisfy constraint: Member must …; Value …`.
 * All violations are found, in the order of the model, a value's length before its pattern.
 */
import { AwsError } from '../errors.ts'
import { getShape, type ServiceModel, type Shape } from '../model/service-model.ts'
import { compilePattern } from './pattern.ts'

interface Violation {
  /** `Value 'x' at 'userName'`, as the caller may read it. */
  readonly value: string
  /** The same for the record, where it must not repeat a code or a password. */
  readonly recordedValue: string
  readonly constraint: string
  /** The whole message, where the service has words of its own. */
  readonly words?: string
}
type Check = (value: unknown, path: string, found: Violation[]) => void

/** Throws AWS's ValidationError, or does nothing. */
export type CheckInput = (input: object) => void

/** `UserName` is `userName` in AWS's messages and in CloudTrail: the first letter only. */
export const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** `optional` are required members that may be absent all the same. */
export function buildCheckInput(model: ServiceModel, shapeName: string, optional: readonly string[] = []): CheckInput {
  const shape = getShape(model, shapeName)
  const required = shape.required?.filter((member) => !optional.includes(member)) ?? []
  const check = buildStructureCheck(model, { ...shape, required }, new Map())
  return (input) => {
    const found: Violation[] = []
    check(input, '', found)
    if (found.length > 0) throw toError(found)
  }
}

function toError(found: readonly Violation[]): AwsError {
  const words = found.find((violation) => violation.words !== undefined)?.words
  if (words !== undefined) return new AwsError('ValidationError', 400, words)
  const opening = `${found.length} validation ${found.length === 1 ? 'error' : 'errors'} detected: `
  const say = (value: (violation: Violation) => string): string =>
    opening + found.map((each) => `${value(each)} failed to satisfy constraint: ${each.constraint}`).join('; ')
  return new AwsError(
    'ValidationError',
    400,
    say((each) => each.value),
    { recordedMessage: say((each) => each.recordedValue) },
  )
}

function buildCheck(model: ServiceModel, shapeName: string, built: Map<string, Check | undefined>): Check | undefined {
  if (built.has(shapeName)) return built.get(shapeName)
  const shape = getShape(model, shapeName)
  let check: Check | undefined
  if (shape.type === 'structure') check = buildStructureCheck(model, shape, built)
  else if (shape.type === 'list') check = buildListCheck(model, shape, built)
  else if (shape.type === 'string') check = buildTextCheck(model, shape, secrecyOf(model, shapeName, shape))
  else if (shape.type === 'integer' || shape.type === 'long') check = buildNumberCheck(model, shape)
  built.set(shapeName, check)
  return check
}

/** `unsaid`: no secret, but the service does not repeat it. */
type Secrecy = 'open' | 'unsaid' | 'not-recorded' | 'sensitive'

function secrecyOf(model: ServiceModel, shapeName: string, shape: Shape): Secrecy {
  if (shape.sensitive) return 'sensitive'
  if (!model.deviations.saysRefusedValues) return 'unsaid'
  return model.deviations.neverRecorded.includes(shapeName) ? 'not-recorded' : 'open'
}

function buildStructureCheck(model: ServiceModel, shape: Shape, built: Map<string, Check | undefined>): Check {
  const members = Object.entries(shape.members ?? {}).map(([name, shapeName]) => ({
    name,
    path: camelCase(name),
    required: shape.required?.includes(name) ?? false,
    check: buildCheck(model, shapeName, built),
  }))
  return (value, path, found) => {
    const structure = value as { readonly [member: string]: unknown } // made by the reader of the same shape
    for (const { name, path: memberPath, required, check } of members) {
      const member = structure[name]
      if (member !== undefined) check?.(member, path === '' ? memberPath : `${path}.${memberPath}`, found)
      else if (required) {
        const nothing = model.deviations.saysRefusedValues ? 'Value null' : 'Value'
        const at = `${nothing} at '${path === '' ? memberPath : `${path}.${memberPath}`}'`
        found.push({ value: at, recordedValue: at, constraint: 'Member must not be null' })
      }
    }
  }
}

function buildListCheck(model: ServiceModel, shape: Shape, built: Map<string, Check | undefined>): Check {
  const checkMember = buildCheck(model, shape.member ?? '', built)
  const checkLength = buildLengthCheck(shape, openTo(model), (list: readonly unknown[]) => list.length)
  return (value, path, found) => {
    checkLength?.(value, path, found)
    if (checkMember)
      for (const [index, member] of (value as readonly unknown[]).entries())
        checkMember(member, `${path}.${index + 1}.member`, found)
  }
}

const openTo = ({ deviations }: ServiceModel): Secrecy => (deviations.saysRefusedValues ? 'open' : 'unsaid')

function buildTextCheck(model: ServiceModel, shape: Shape, secrecy: Secrecy): Check | undefined {
  const { enum: values, pattern } = shape
  const { patternWords, saysRefusedValues } = model.deviations
  const words = pattern === undefined ? undefined : patternWords[pattern]
  const valueSet = saysRefusedValues ? `: [${values?.join(', ')}]` : ''
  const checkLength = buildLengthCheck(shape, secrecy, codePoints)
  // Compiled at the first use: most operations are never called.
  let compiled: RegExp | undefined
  if (!checkLength && pattern === undefined && values === undefined) return undefined
  return (value, path, found) => {
    const text = value as string
    checkLength?.(text, path, found)
    if (pattern !== undefined) {
      compiled ??= compilePattern(pattern)
      if (!compiled.test(text))
        found.push({
          ...violation(text, path, secrecy, `Member must satisfy regular expression pattern: ${pattern}`),
          ...(words !== undefined && { words: `The specified value for ${path} is invalid. ${words}` }),
        })
    }
    if (values && !values.includes(text))
      found.push(violation(text, path, secrecy, `Member must satisfy enum value set${valueSet}`))
  }
}

/** Lengths are counted in Unicode scalar values (Smithy 2.0, length trait). */
function codePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0xdc00 && code <= 0xdfff) count--
  }
  return count
}

function buildLengthCheck<T>(shape: Shape, secrecy: Secrecy, lengthOf: (value: T) => number): Check | undefined {
  const { min = 0, max = Number.POSITIVE_INFINITY } = shape
  if (min === 0 && max === Number.POSITIVE_INFINITY) return undefined
  return (value, path, found) => {
    const length = lengthOf(value as T) // the shape's type
    if (length < min)
      found.push(violation(value, path, secrecy, `Member must have length greater than or equal to ${min}`))
    if (length > max)
      found.push(violation(value, path, secrecy, `Member must have length less than or equal to ${max}`))
  }
}

function buildNumberCheck(model: ServiceModel, shape: Shape): Check | undefined {
  const secrecy = openTo(model)
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape
  return (value, path, found) => {
    const number = value as number
    if (number < min)
      found.push(violation(value, path, secrecy, `Member must have value greater than or equal to ${min}`))
    if (number > max) found.push(violation(value, path, secrecy, `Member must have value less than or equal to ${max}`))
  }
}

function violation(value: unknown, path: string, secrecy: Secrecy, constraint: string): Violation {
  const masked = `Value at '${path}'`
  const open = `Value '${printed(value)}' at '${path}'`
  return {
    value: secrecy === 'sensitive' || secrecy === 'unsaid' ? masked : open,
    recordedValue: secrecy === 'open' ? open : masked,
    constraint,
  }
}

/** As Java prints it. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `(${Object.entries(value)
      .map(([name, member]) => `${camelCase(name)}=${printed(member)}`)
      .join(', ')})`
  return String(value)
}
