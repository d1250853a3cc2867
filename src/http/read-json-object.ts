import { type JsonNode, parseJson } from '../core/strict-json.ts'
import { WebRefusal } from '../sign-in/web.ts'

/**
 * The body of a browser's request: one JSON object, read strictly. No member is named twice, since two readers may take different ones, and
 * no text has a control character: none is typed into a form, and a store may refuse U+0000 in the middle of a request.
 */
export function readJsonObject(text: string): Record<string, unknown> {
  const parsed = parseJson(text)
  if (!parsed.ok) {
    const { code, detail } = parsed.failure
    const told = code === 'JSON_DUPLICATE_KEY' || code === 'JSON_TOO_LONG'
    throw invalid(told ? `The body is refused: ${detail}.` : 'The body must be one JSON object.')
  }
  if (parsed.value.kind !== 'object') throw invalid('The body must be one JSON object.')
  return toValue(parsed.value, 'the body') as Record<string, unknown> // as its kind says
}

/** C0, DEL and C1. */
const controlCharacter = /\p{Cc}/u

function toValue(node: JsonNode, field: string): unknown {
  switch (node.kind) {
    case 'string':
      return checkText(node.value, field)
    case 'array':
      return node.items.map((item) => toValue(item, field))
    case 'object':
      // `__proto__` becomes a member like any other.
      return Object.fromEntries(
        node.members.map(({ key, value }) => {
          const name = checkText(key.value, 'the name of a field')
          return [name, toValue(value, `the field ${name}`)]
        }),
      )
    case 'number':
      return Number(node.value)
    case 'boolean':
      return node.value === 'true'
    case 'null':
      return null
    default:
      return node satisfies never
  }
}

function checkText(text: string, field: string): string {
  if (controlCharacter.test(text)) throw invalid(`Control characters cannot be used: ${field} has one.`)
  return text
}

const invalid = (message: string) => new WebRefusal(400, 'ValidationError', 'Invalid request', message)
