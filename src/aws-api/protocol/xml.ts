/** Answers of the query protocol in XML (aws-behaviour §1.1). What can be known from the model is put together once. */
import { getShape, type ServiceModel } from '../model/service-model.ts'

type Writer = (value: unknown) => string

// A carriage return would come back as a line feed (XML 1.0 §2.11), so it is escaped too. In `u` mode a surrogate is one that stands alone.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant
const special = /[&<>"'\r\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u
const allSpecial = new RegExp(special, 'gu')
const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\r', '&#xD;'],
])

/** Text that may stand anywhere in XML. What XML 1.0 cannot carry is refused at input; here it becomes U+FFFD, so that no answer breaks. */
export function escapeXml(text: string): string {
  return special.test(text) ? text.replace(allSpecial, (character) => entities.get(character) ?? '\ufffd') : text
}

/** Milliseconds to `2015-08-30T12:36:00Z`: AWS gives whole seconds. */
export const toIsoSeconds = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`

/** A writer of what stands between the tags of a value of `shapeName`. */
function buildWriter(model: ServiceModel, shapeName: string, built: Map<string, Writer>): Writer {
  const before = built.get(shapeName)
  if (before) return before
  const shape = getShape(model, shapeName)
  switch (shape.type) {
    case 'structure': {
      const members: { name: string; open: string; close: string; write: Writer }[] = []
      const writer: Writer = (value) => {
        const structure = value as { readonly [member: string]: unknown } // typed by the operation's output
        let text = ''
        for (const { name, open, close, write } of members) {
          const member = structure[name]
          if (member !== undefined) text += open + write(member) + close
        }
        return text
      }
      built.set(shapeName, writer)
      for (const [name, memberShape] of Object.entries(shape.members ?? {}))
        members.push({ name, open: `<${name}>`, close: `</${name}>`, write: buildWriter(model, memberShape, built) })
      return writer
    }
    case 'list': {
      const write = buildWriter(model, shape.member ?? '', built)
      return (value) => (value as readonly unknown[]).map((member) => `<member>${write(member)}</member>`).join('')
    }
    case 'map': {
      const write = buildWriter(model, shape.value ?? '', built)
      return (value) =>
        Object.entries(value as object)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]) => `<entry><key>${escapeXml(key)}</key><value>${write(member)}</value></entry>`)
          .join('')
    }
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'timestamp':
      return (value) => toIsoSeconds(value as number)
    case 'string':
    case 'integer':
    case 'long':
    case 'boolean':
      return (value) => escapeXml(String(value))
    default:
      return shape.type satisfies never
  }
}

/** A writer of whole answers of one operation; `outputShape` is absent where the operation gives nothing. */
export function buildXmlAnswer(
  model: ServiceModel,
  operation: string,
  outputShape: string | undefined,
): (output: unknown, requestId: string) => string {
  const open = `<${operation}Response xmlns="${model.xmlNamespace}">`
  const close = `</ResponseMetadata></${operation}Response>`
  if (outputShape === undefined)
    return (_, requestId) => `${open}<ResponseMetadata><RequestId>${requestId}</RequestId>${close}`
  const write = buildWriter(model, outputShape, new Map())
  return (output, requestId) =>
    `${open}<${operation}Result>${write(output)}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId>${close}`
}

export function xmlError(
  xmlNamespace: string,
  error: { readonly type: string; readonly code: string; readonly message: string },
  requestId: string,
): string {
  return `<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>${error.type}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
}
