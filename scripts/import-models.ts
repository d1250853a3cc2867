/**
 * Reads the service models of an installed botocore (Apache-2.0, see NOTICE) and writes our own compact form of their facts,
 * without prose, and the types of the handlers. Run by hand when AWS has added something:
 *
 *     npx tsx scripts/import-models.ts PATH-OF-THE-BOTOCORE-PACKAGE
 *
 * `python3 -c "import botocore; print(botocore.__file__)"` tells the path. A trait that is not known here stops the import:
 * a fact must not get lost silently.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Deviations, iamDeviations, stsDeviations } from '../src/aws-api/model/deviations.ts'

interface SourceShape {
  type: string
  members?: { [name: string]: { [trait: string]: unknown; shape: string } }
  required?: string[]
  member?: { [trait: string]: unknown; shape: string }
  key?: { shape: string }
  value?: { shape: string }
  enum?: string[]
  min?: number
  max?: number
  pattern?: string
  sensitive?: boolean
  exception?: boolean
  error?: { code: string; httpStatusCode: number; senderFault?: boolean }
}

interface SourceOperation {
  name: string
  http: { method: string; requestUri: string }
  input?: { shape: string }
  output?: { shape: string; resultWrapper?: string }
  errors?: { shape: string }[]
}

interface SourceModel {
  metadata: { [key: string]: string }
  operations: { [name: string]: SourceOperation }
  shapes: { [name: string]: SourceShape }
}

const knownShapeTraits = new Set(
  'type members required member key value enum min max pattern sensitive exception error documentation box'.split(' '),
)
const knownMemberTraits = new Set(['shape', 'documentation'])
const knownOperationTraits = new Set('name http input output errors documentation auth authtype'.split(' '))

function checkTraits(where: string, found: object, known: ReadonlySet<string>): void {
  for (const trait of Object.keys(found))
    if (!known.has(trait)) throw new Error(`${where} has the trait ${trait}, which the wire code does not know`)
}

function readModel(botocorePath: string, service: string): SourceModel {
  const folder = join(botocorePath, 'data', service)
  const version = readdirSync(folder).sort().at(-1)
  if (version === undefined) throw new Error(`found no version of ${service} in ${folder}`)
  const name = readdirSync(join(folder, version)).find((file) => file.startsWith('service-2.json'))
  if (name === undefined) throw new Error(`found no service-2.json of ${service} ${version}`)
  const bytes = readFileSync(join(folder, version, name))
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
}

/** The shapes that operations reach, errors apart, in the model's order. */
function reachableShapes(model: SourceModel): Map<string, SourceShape> {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const shape = model.shapes[name]
    if (shape === undefined) throw new Error(`shape ${name} is named and not defined`)
    checkTraits(name, shape, knownShapeTraits)
    for (const [member, reference] of Object.entries(shape.members ?? {})) {
      checkTraits(`${name}.${member}`, reference, knownMemberTraits)
      visit(reference.shape)
    }
    if (shape.member) {
      checkTraits(`${name}.member`, shape.member, knownMemberTraits)
      visit(shape.member.shape)
    }
    if (shape.key) visit(shape.key.shape)
    if (shape.value) visit(shape.value.shape)
  }
  for (const operation of Object.values(model.operations)) {
    if (operation.input) visit(operation.input.shape)
    if (operation.output) visit(operation.output.shape)
  }
  return new Map(Object.entries(model.shapes).filter(([name]) => found.has(name)))
}

function compactShape(shape: SourceShape): object {
  const members =
    shape.members && Object.fromEntries(Object.entries(shape.members).map(([name, { shape }]) => [name, shape]))
  return {
    type: shape.type,
    ...(members && { members }),
    ...(shape.required?.length && { required: shape.required }),
    ...(shape.member && { member: shape.member.shape }),
    ...(shape.key && { key: shape.key.shape }),
    ...(shape.value && { value: shape.value.shape }),
    ...(shape.enum && { enum: shape.enum }),
    ...(shape.min !== undefined && { min: shape.min }),
    ...(shape.max !== undefined && { max: shape.max }),
    ...(shape.pattern !== undefined && { pattern: shape.pattern }),
    ...(shape.sensitive && { sensitive: true }),
  }
}

/** The code on the wire and the status: without an `error` block it is the shape's whole name, 400 (aws-behaviour §1.1). */
function errorOnTheWire(model: SourceModel, shapeName: string): { code: string; status: number } {
  const error = model.shapes[shapeName]?.error
  return { code: error?.code ?? shapeName, status: error?.httpStatusCode ?? 400 }
}

function compactModel(service: string, model: SourceModel): object {
  const { metadata } = model
  if (metadata['protocol'] !== 'query')
    throw new Error(`${service} speaks ${metadata['protocol']}, only query is known here`)
  const errors: { [shape: string]: [code: string, status: number] } = {}
  const operations = Object.entries(model.operations).map(([name, operation]) => {
    checkTraits(name, operation, knownOperationTraits)
    if (operation.http.method !== 'POST' || operation.http.requestUri !== '/') throw new Error(`${name} is not POST /`)
    if (operation.output) {
      checkTraits(`${name}.output`, operation.output, new Set(['shape', 'resultWrapper']))
      if (operation.output.resultWrapper !== `${name}Result`) throw new Error(`${name} has an unusual result wrapper`)
    }
    for (const { shape } of operation.errors ?? []) {
      const { code, status } = errorOnTheWire(model, shape)
      errors[shape] = [code, status]
    }
    return [
      name,
      {
        ...(operation.input && { input: operation.input.shape }),
        ...(operation.output && { output: operation.output.shape }),
        errors: (operation.errors ?? []).map(({ shape }) => shape),
      },
    ]
  })
  return {
    service,
    title: metadata['serviceFullName'],
    apiVersion: metadata['apiVersion'],
    xmlNamespace: metadata['xmlNamespace'],
    signingName: metadata['signingName'] ?? metadata['endpointPrefix'],
    operations: Object.fromEntries(operations),
    errors,
    shapes: Object.fromEntries([...reachableShapes(model)].map(([name, shape]) => [name, compactShape(shape)])),
  }
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`
const unionOf = (texts: readonly string[]): string => texts.map(quoted).join(' | ') || 'never'

function typeOf(model: SourceModel, name: string): string {
  const shape = model.shapes[name]
  switch (shape?.type) {
    case 'structure':
      return name.charAt(0).toUpperCase() + name.slice(1)
    case 'list': {
      const member = typeOf(model, shape.member?.shape ?? '')
      return member.includes(' ') ? `readonly (${member})[]` : `readonly ${member}[]`
    }
    case 'map': {
      const keys = model.shapes[shape.key?.shape ?? '']?.enum
      return `{ readonly [key in ${keys ? unionOf(keys) : 'string'}]?: ${typeOf(model, shape.value?.shape ?? '')} | undefined }`
    }
    case 'string':
      return shape.enum ? unionOf(shape.enum) : 'string'
    case 'integer':
    case 'long':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'timestamp':
      return 'Milliseconds'
    case 'blob':
      return 'Uint8Array'
    default:
      throw new Error(`shape ${name} has the type ${shape?.type}, which is not known here`)
  }
}

function writeTypes(service: string, model: SourceModel, deviations: Deviations): string {
  const lines: string[] = ['/** Milliseconds since 1970-01-01T00:00:00Z. */', 'type Milliseconds = number', '']
  const optionalAt = new Map(Object.entries(deviations.leftOutAtTimes))
  for (const [operation, members] of Object.entries(deviations.optionalForConsole))
    optionalAt.set(model.operations[operation]?.input?.shape ?? '', members)
  for (const [name, shape] of reachableShapes(model)) {
    if (shape.type !== 'structure') continue
    lines.push(`export interface ${typeOf(model, name)} {`)
    for (const [member, reference] of Object.entries(shape.members ?? {})) {
      const required = shape.required?.includes(member) && !optionalAt.get(name)?.includes(member)
      lines.push(
        `  readonly ${member}${required ? '' : '?'}: ${typeOf(model, reference.shape)}${required ? '' : ' | undefined'}`,
      )
    }
    lines.push('}', '')
  }
  lines.push('/** What each operation takes, gives, and may refuse with. */')
  lines.push(`export interface ${service.charAt(0).toUpperCase()}${service.slice(1)}Operations {`)
  for (const [name, operation] of Object.entries(model.operations)) {
    const input = operation.input ? typeOf(model, operation.input.shape) : 'Readonly<Record<string, never>>'
    const output = operation.output ? typeOf(model, operation.output.shape) : 'void'
    const codes = (operation.errors ?? []).map(({ shape }) => errorOnTheWire(model, shape).code)
    lines.push(`  ${name}: { input: ${input}; output: ${output}; error: ${unionOf(codes)} }`)
  }
  lines.push('}', '')
  return lines.join('\n')
}

function main(): void {
  const botocorePath = process.argv[2]
  if (botocorePath === undefined) throw new Error('got no path, expected the folder of an installed botocore')
  const opening =
    '// Written by scripts/import-models.ts from the facts of botocore (Apache-2.0, see NOTICE). Not to be edited.\n'
  const folder = new URL('../src/aws-api/model/', import.meta.url)
  for (const [service, deviations] of [
    ['iam', iamDeviations],
    ['sts', stsDeviations],
  ] as const) {
    const model = readModel(botocorePath, service)
    const facts = JSON.stringify(compactModel(service, model)).replace(/[\\`]|\$\{/g, '\\$&')
    // Text and not an object: the compiler passes over it, and it is parsed only when the service is used.
    writeFileSync(
      new URL(`${service}-facts.generated.ts`, folder),
      `${opening}export const ${service}Facts = \`${facts}\`\n`,
    )
    writeFileSync(
      new URL(`${service}-types.generated.ts`, folder),
      `${opening}\n${writeTypes(service, model, deviations)}`,
    )
  }
}

main()
