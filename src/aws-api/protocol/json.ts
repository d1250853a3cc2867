/** The same answers for a client that asks with `Accept: application/json`: AWS's query services give the XML's elements as JSON. */
import { getShape, type ServiceModel } from '../model/service-model.ts'

type Converter = (value: unknown) => unknown

/** Absent members are null, times are seconds, blobs are base64, as AWS gives them. */
function buildConverter(model: ServiceModel, shapeName: string, built: Map<string, Converter>): Converter {
  const before = built.get(shapeName)
  if (before) return before
  const shape = getShape(model, shapeName)
  switch (shape.type) {
    case 'structure': {
      const members: (readonly [string, Converter])[] = []
      const converter: Converter = (value) => {
        const structure = value as { readonly [member: string]: unknown } // typed by the operation's output
        return Object.fromEntries(
          members.map(([name, convert]) => [name, structure[name] === undefined ? null : convert(structure[name])]),
        )
      }
      built.set(shapeName, converter)
      for (const [name, memberShape] of Object.entries(shape.members ?? {}))
        members.push([name, buildConverter(model, memberShape, built)])
      return converter
    }
    case 'list': {
      const convert = buildConverter(model, shape.member ?? '', built)
      return (value) => (value as readonly unknown[]).map(convert)
    }
    case 'map': {
      const convert = buildConverter(model, shape.value ?? '', built)
      return (value) =>
        Object.fromEntries(
          Object.entries(value as object)
            .filter(([, member]) => member !== undefined)
            .map(([key, member]) => [key, convert(member)]),
        )
    }
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'timestamp':
      return (value) => (value as number) / 1000
    case 'string':
    case 'integer':
    case 'long':
    case 'boolean':
      return (value) => value
    default:
      return shape.type satisfies never
  }
}

/** A writer of whole answers of one operation; `outputShape` is absent where the operation gives nothing. */
export function buildJsonAnswer(
  model: ServiceModel,
  operation: string,
  outputShape: string | undefined,
): (output: unknown, requestId: string) => string {
  const convert = outputShape === undefined ? undefined : buildConverter(model, outputShape, new Map())
  return (output, requestId) =>
    JSON.stringify({
      [`${operation}Response`]: {
        ...(convert && { [`${operation}Result`]: convert(output) }),
        ResponseMetadata: { RequestId: requestId },
      },
    })
}

export function jsonError(
  error: { readonly type: string; readonly code: string; readonly message: string },
  requestId: string,
): string {
  return JSON.stringify({ Error: { Code: error.code, Message: error.message, Type: error.type }, RequestId: requestId })
}
