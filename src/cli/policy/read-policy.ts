import { parsePolicy } from '../../policy/parse/parse-policy.ts'
import { renamePolicy } from '../../policy/parse/parsed.ts'
import type { Finding, ParseResult, Policy, PolicyKind } from '../../policy/types.ts'
import type { CommandIo } from './command-io.ts'
import { PolicyMisuse } from './misuse.ts'

export const kinds: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp']

/** @throws PolicyMisuse where there is no such kind */
export function parseKind(text: string | undefined): PolicyKind | undefined {
  if (text === undefined) return undefined
  const kind = kinds.find((candidate) => candidate === text)
  if (kind === undefined) throw new PolicyMisuse(`got the kind "${text}", expected one of ${kinds.join(', ')}`)
  return kind
}

export interface PolicyFile {
  readonly path: string
  readonly kind: PolicyKind
  readonly result: ParseResult
}

/** @throws PolicyMisuse where the file cannot be read */
export async function readPolicyFile(path: string, kind: PolicyKind | undefined, io: CommandIo): Promise<PolicyFile> {
  const text = await readText(path, io)
  const chosen = kind ?? guessKind(text)
  return { path, kind: chosen, result: parsePolicy(text, chosen) }
}

/** A document that has to be a policy, for a question about it. @throws PolicyMisuse where it is none */
export async function readPolicy<Kind extends PolicyKind = PolicyKind>(
  path: string,
  kind: Kind | undefined,
  io: CommandIo,
): Promise<Policy<Kind>> {
  const file = await readPolicyFile(path, kind, io)
  // Decisions name a policy by its Id; a file is better known by its path. Read as the kind that was asked for; where none was, `Kind` is any.
  if (file.result.ok) return renamePolicy(file.result.policy as Policy<Kind>, path)
  const [first] = file.result.findings
  throw new PolicyMisuse(
    `${path} is no ${file.kind} policy: ${first === undefined ? 'it cannot be read' : wording(first)}; sallyport policy check ${path} says more`,
  )
}

function wording(finding: Finding): string {
  return `line ${finding.line}, column ${finding.column}: ${finding.detail ?? finding.message}`
}

/** Many times the longest policy; a device that never ends is read no further. */
const bytesMax = 1024 * 1024

async function readText(path: string, io: CommandIo): Promise<string> {
  const bytes = await readBytes(path, io)
  if (bytes.length > bytesMax) throw new PolicyMisuse(`${path} is no policy: it has more than 1 MB`)
  try {
    // Never with a letter in place of what cannot be read: a Deny that names another resource would be no Deny.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new PolicyMisuse(`${path} is no policy: it is not in UTF-8; save it as UTF-8`)
  }
}

async function readBytes(path: string, io: CommandIo): Promise<Uint8Array> {
  try {
    return await io.readFile(path, bytesMax + 1)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code ?? error)
    throw new PolicyMisuse(`cannot read ${path}: ${why}`)
  }
}

/** A document with principals belongs to a resource, and to a role if it is about assuming one; any other to an identity. */
function guessKind(text: string): PolicyKind {
  const statements = statementsOf(text)
  if (!statements.some((statement) => 'Principal' in statement || 'NotPrincipal' in statement)) return 'identity'
  const aboutRoles = statements.every(
    (statement) => !('Resource' in statement) && /"sts:/i.test(JSON.stringify(statement['Action'] ?? '')),
  )
  return aboutRoles ? 'trust' : 'resource'
}

function isObject(item: unknown): item is Readonly<Record<string, unknown>> {
  return typeof item === 'object' && item !== null
}

/** Leniently: whatever is wrong with the document, the parser says it. */
function statementsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document !== 'object' || document === null || !('Statement' in document)) return []
    return [document.Statement].flat().filter(isObject)
  } catch {
    return []
  }
}
