/** From a call's parameters to the operation's input, as its shape says. Parameters that the shape does not name are ignored, as AWS does. */
import { AwsError } from '../errors.ts'
import { getShape, type ServiceModel } from '../model/service-model.ts'
import { type Field, type Fields, listIndexMax } from './fields.ts'

/** A structure as handlers get it. */
export type InputStructure = { readonly [member: string]: unknown }
type Reader = (field: Field, name: string) => unknown

const malformed = (message: string): AwsError => new AwsError('MalformedInput', 400, message)

/** A reader of the structure shape `shapeName`. */
export function buildInputReader(model: ServiceModel, shapeName: string): (fields: Fields) => InputStructure {
  const built = new Map<string, Reader>()
  return buildReader(model, shapeName, built) as (fields: Fields) => InputStructure // the shape is a structure
}

function buildReader(model: ServiceModel, shapeName: string, built: Map<string, Reader>): Reader {
  const before = built.get(shapeName)
  if (before) return before
  const shape = getShape(model, shapeName)
  switch (shape.type) {
    case 'structure': {
      const members: (readonly [string, Reader])[] = []
      const reader: Reader = (field, name) => {
        if (typeof field === 'string') throw malformed(`${name} must be a structure.`)
        // Without a prototype: a member named like one of Object's could not be mistaken for it.
        const structure: { [member: string]: unknown } = Object.create(null)
        for (const [member, read] of members) {
          const found = field.get(member)
          if (found !== undefined) structure[member] = read(found, member)
        }
        return structure
      }
      built.set(shapeName, reader)
      for (const [member, memberShape] of Object.entries(shape.members ?? {}))
        members.push([member, buildReader(model, memberShape, built)])
      return reader
    }
    case 'list': {
      const read = buildReader(model, shape.member ?? '', built)
      return (field, name) => readList(field, name, read)
    }
    case 'string':
      return readText
    case 'integer':
    case 'long':
      return readInteger
    case 'boolean':
      return readBoolean
    case 'blob':
      return readBlob
    case 'timestamp':
      return readTimestamp
    case 'map':
      throw new RangeError(`got a map in the input of ${model.service}: ${shapeName}, expected none`)
    default:
      return shape.type satisfies never
  }
}

/** `X.member.1` to `X.member.N` without a gap; `X=` alone is the empty list. */
function readList(field: Field, name: string, read: Reader): unknown[] {
  if (field === '') return []
  const members = typeof field === 'string' ? undefined : field.get('member')
  if (typeof field === 'string' || field.size !== 1 || members === undefined || typeof members === 'string')
    throw malformed(`${name} must be a list: ${name}.member.1, ${name}.member.2 and so on.`)
  if (members.size > listIndexMax) throw malformed(`${name} has more than ${listIndexMax} members.`)
  const list: unknown[] = []
  for (let index = 1; index <= members.size; index++) {
    const member = members.get(String(index))
    // As many names as numbers from 1 on: if each number is there, no other name is.
    if (member === undefined) throw malformed(`The members of ${name} must be numbered from 1 without a gap.`)
    list.push(read(member, name))
  }
  return list
}

function readText(field: Field, name: string): string {
  if (typeof field !== 'string') throw malformed(`${name} must be a value.`)
  return field
}

const integerMin = -(2 ** 31)
const integerMax = 2 ** 31 - 1

/** As AWS reads them, with a sign and zeros before the number (recorded in github.com/radkawar/stackd). */
function readInteger(field: Field, name: string): number {
  const text = readText(field, name)
  const value = /^[+-]?[0-9]{1,64}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= integerMin && value <= integerMax)) throw malformed(`${name} must be a whole number.`)
  return value
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function readBoolean(field: Field, name: string): boolean {
  const text = readText(field, name)
  const value = booleans.get(text)
  if (value === undefined) throw malformed(`${name} must be true or false.`)
  return value
}

function readBlob(field: Field, name: string): Uint8Array {
  const text = readText(field, name)
  const bytes = Buffer.from(text, 'base64')
  // Buffer skips what is not base64: only what it writes back in the same way was base64.
  if (bytes.toString('base64') !== text) throw malformed(`${name} must be base64.`)
  return bytes
}

function readTimestamp(field: Field, name: string): number {
  const text = readText(field, name)
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) throw malformed(`${name} must be a time like 2015-08-30T12:36:00Z.`)
  return milliseconds
}
