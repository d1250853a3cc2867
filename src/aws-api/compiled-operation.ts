/** Everything about an operation that its model decides, put together once at its first call and then only used. */
import type { AuditFields } from '../core/audit.ts'
import type { Caller } from '../core/caller.ts'
import type { AnswerFormat } from './answer.ts'
import { AwsError, commonErrors } from './errors.ts'
import { getShape, type OperationFacts, type ServiceModel } from './model/service-model.ts'
import type { Call, Target } from './operation.ts'
import type { Fields } from './protocol/fields.ts'
import { buildJsonAnswer } from './protocol/json.ts'
import { buildInputReader, type InputStructure } from './protocol/read-input.ts'
import { buildXmlAnswer } from './protocol/xml.ts'
import { buildRecorder } from './recorded-fields.ts'
import { buildCheckInput, type CheckInput } from './validation/validate.ts'

/** A handler whose operation is known only at run time: its input has been read and checked by its own model. */
export interface AnyHandler<Tx> {
  target(input: unknown, call: Call<Tx, string>): Promise<Target<unknown>>
  before?(input: unknown, call: Call<Tx, string>, found: unknown): Promise<void>
  handle(input: unknown, call: Call<Tx, string>, found: unknown): Promise<unknown>
}

export interface CompiledOperation<Tx> {
  readonly name: string
  readonly model: ServiceModel
  /** Undefined: known and not implemented. */
  readonly handler: AnyHandler<Tx> | undefined
  /** `iam:CreateUser` */
  readonly action: string
  /** What CloudTrail calls it. */
  readonly readOnly: boolean
  /** Runs in a transaction together with its event. */
  readonly writes: boolean
  readInput(fields: Fields): InputStructure
  /** Throws AWS's ValidationError. */
  checkInput(input: InputStructure, fromConsole: boolean): void
  readonly write: { readonly [format in AnswerFormat]: (output: unknown, requestId: string) => string }
  recordInput(input: InputStructure, caller: Caller): AuditFields | null
  recordOutput(output: unknown): AuditFields | null
  /** What a handler's `call.refuse` does. */
  refuse(code: string, message: string): never
  /** The code of an error as CloudTrail has it: `EntityAlreadyExistsException`. */
  recordedCode(code: string): string
  /** What an unknown failure is called: `ServiceFailure` where the operation declares it. */
  readonly failureCode: string
}

export function compileOperation<Tx>(
  model: ServiceModel,
  name: string,
  handler: AnyHandler<Tx> | undefined,
): CompiledOperation<Tx> {
  const facts = model.operations[name]
  if (facts === undefined) throw new RangeError(`got ${name}, expected an operation of ${model.service}`)
  const readOnly = isReadOnly(model, name)
  const readOnlyButWriting = model.deviations.readOnlyButWriting.includes(name)
  const recordsOutput = !readOnly || readOnlyButWriting
  const errors = new Map(facts.errors.map((shape) => [model.errors[shape]?.[0] ?? shape, shape]))
  return {
    name,
    model,
    handler,
    action: `${model.service}:${name}`,
    readOnly,
    writes: !readOnly || readOnlyButWriting,
    readInput: facts.input === undefined ? () => noInput : buildInputReader(model, facts.input),
    checkInput: buildCheck(model, name, facts),
    write: {
      xml: buildXmlAnswer(model, name, facts.output),
      json: buildJsonAnswer(model, name, facts.output),
    },
    recordInput: buildInputRecorder(model, name, facts),
    recordOutput: recordsOutput && facts.output !== undefined ? buildRecorder(model, facts.output) : () => null,
    refuse(code, message) {
      const shape = errors.get(code)
      const status = (shape === undefined ? undefined : model.errors[shape]?.[1]) ?? commonStatus.get(code)
      if (status === undefined) throw new RangeError(`got the error code ${code}, which ${name} does not declare`)
      throw new AwsError(code, status, message)
    },
    recordedCode: (code) => errors.get(code) ?? code,
    failureCode: errors.has('ServiceFailure') ? 'ServiceFailure' : 'InternalFailure',
  }
}

const noInput: InputStructure = Object.freeze(Object.create(null))
const commonStatus: ReadonlyMap<string, number> = new Map(Object.entries(commonErrors))

const isReadOnly = (model: ServiceModel, name: string): boolean =>
  /^(Get|List|Simulate)[A-Z]/.test(name) ||
  model.deviations.readOnly.includes(name) ||
  model.deviations.readOnlyButWriting.includes(name)

function buildCheck(
  model: ServiceModel,
  name: string,
  facts: OperationFacts,
): (input: InputStructure, fromConsole: boolean) => void {
  if (facts.input === undefined) return () => {}
  const check = buildCheckInput(model, facts.input)
  const optional = model.deviations.optionalForConsole[name]
  const checkOfConsole: CheckInput = optional === undefined ? check : buildCheckInput(model, facts.input, optional)
  return (input, fromConsole) => (fromConsole ? checkOfConsole : check)(input)
}

function buildInputRecorder(
  model: ServiceModel,
  name: string,
  facts: OperationFacts,
): (input: InputStructure, caller: Caller) => AuditFields | null {
  if (facts.input === undefined) return () => null
  const record = buildRecorder(model, facts.input)
  if (!model.deviations.recordsRootAsUserName.includes(name)) return record
  if (!Object.hasOwn(getShape(model, facts.input).members ?? {}, 'UserName'))
    throw new RangeError(`got ${name} in recordsRootAsUserName, expected an operation with UserName`)
  return (input, caller) =>
    caller.principal.kind === 'root' && input['UserName'] === undefined
      ? { userName: 'AWS ROOT USER', ...record(input) }
      : record(input)
}
