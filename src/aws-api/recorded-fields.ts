/**
 * `requestParameters` and `responseElements` of an event: AWS's members with a small first letter (aws-behaviour §6.6).
 *
 * INVARIANT(no-secret-recorded): what the model calls sensitive, and what deviations.ts names, is left out here, in one place.
 */
import type { AuditFields, AuditValue } from '../core/audit.ts'
import { getShape, type ServiceModel } from './model/service-model.ts'
import { camelCase } from './validation/validate.ts'

type Recorder = (value: unknown) => AuditValue

/** A recorder of the structure shape `shapeName`; a structure of which nothing is left is null. */
export function buildRecorder(model: ServiceModel, shapeName: string): (structure: unknown) => AuditFields | null {
  const record = build(model, shapeName, new Map())
  return (structure) => {
    const fields = record?.(structure) as AuditFields | undefined // the shape is a structure
    return fields === undefined || Object.keys(fields).length === 0 ? null : fields
  }
}

/** Undefined for what must not be recorded. */
function build(model: ServiceModel, shapeName: string, built: Map<string, Recorder>): Recorder | undefined {
  const shape = getShape(model, shapeName)
  if (shape.sensitive || model.deviations.neverRecorded.includes(shapeName)) return undefined
  const before = built.get(shapeName)
  if (before) return before
  switch (shape.type) {
    case 'structure': {
      const members: (readonly [member: string, name: string, record: Recorder])[] = []
      const recorder: Recorder = (value) => {
        const structure = value as { readonly [member: string]: unknown } // read or typed by the same shape
        const fields: { [name: string]: AuditValue } = {}
        for (const [member, name, record] of members)
          if (structure[member] !== undefined) fields[name] = record(structure[member])
        return fields
      }
      built.set(shapeName, recorder)
      for (const [member, memberShape] of Object.entries(shape.members ?? {})) {
        const record = build(model, memberShape, built)
        if (record) members.push([member, camelCase(member), record])
      }
      return recorder
    }
    case 'list': {
      const record = build(model, shape.member ?? '', built)
      return record && ((value) => (value as readonly unknown[]).map(record))
    }
    case 'map': {
      const record = build(model, shape.value ?? '', built)
      return (
        record &&
        ((value) =>
          Object.fromEntries(
            Object.entries(value as object)
              .filter(([, member]) => member !== undefined)
              .map(([key, member]) => [key, record(member)]),
          ))
      )
    }
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'timestamp':
      return (value) => toEnglishTime(value as number)
    case 'string':
    case 'integer':
    case 'long':
    case 'boolean':
      return (value) => value as string | number | boolean
    default:
      return shape.type satisfies never
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Oct 25, 2024, 9:07:11 PM`, in UTC: how AWS's records write times inside of responseElements (aws-behaviour §6.6). */
export function toEnglishTime(milliseconds: number): string {
  const [, year, month, day, hour, rest] =
    /^(\d+)-(\d\d)-(\d\d)T(\d\d)(:\d\d:\d\d)/.exec(new Date(milliseconds).toISOString()) ?? []
  const hours = Number(hour)
  return `${months[Number(month) - 1]} ${Number(day)}, ${year}, ${hours % 12 || 12}${rest} ${hours < 12 ? 'AM' : 'PM'}`
}
