/**
 * The facts of a service, read from the generated text when they are first needed. Shapes are looked up by name and belong to
 * their model for the life of the process: what is precomputed from them is kept beside them.
 */
import { type Deviations, iamDeviations, stsDeviations } from './deviations.ts'
import { iamFacts } from './iam-facts.generated.ts'
import { stsFacts } from './sts-facts.generated.ts'

export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'long' | 'boolean' | 'timestamp' | 'blob'
  /** Of a structure: the name of each member's shape. */
  readonly members?: { readonly [member: string]: string }
  readonly required?: readonly string[]
  /** Of a list: the name of its members' shape. */
  readonly member?: string
  /** Of a map. */
  readonly key?: string
  readonly value?: string
  readonly enum?: readonly string[]
  readonly min?: number
  readonly max?: number
  /** As AWS prints it, in Java's syntax. */
  readonly pattern?: string
  readonly sensitive?: boolean
}

export interface OperationFacts {
  readonly input?: string
  readonly output?: string
  /** Names of error shapes. */
  readonly errors: readonly string[]
}

export interface ServiceModel {
  readonly service: string
  readonly title: string
  readonly apiVersion: string
  readonly xmlNamespace: string
  readonly signingName: string
  readonly operations: { readonly [name: string]: OperationFacts }
  /** By shape name: the code on the wire and the HTTP status. */
  readonly errors: { readonly [shape: string]: readonly [code: string, status: number] }
  readonly shapes: { readonly [name: string]: Shape }
  readonly deviations: Deviations
}

const parsed = new Map<string, ServiceModel>()

function parseOnce(facts: string, deviations: Deviations): ServiceModel {
  let model = parsed.get(facts)
  if (model === undefined) {
    model = { ...JSON.parse(facts), deviations } as ServiceModel // our own generated text, checked by its tests
    parsed.set(facts, model)
  }
  return model
}

/** The model of IAM. Its facts are parsed by the first call, in about a millisecond. */
export const iamModel = (): ServiceModel & { readonly service: 'iam' } =>
  parseOnce(iamFacts, iamDeviations) as ServiceModel & { readonly service: 'iam' }

/** The model of STS. */
export const stsModel = (): ServiceModel & { readonly service: 'sts' } =>
  parseOnce(stsFacts, stsDeviations) as ServiceModel & { readonly service: 'sts' }

/** The shape named `name`, which must be one of the model. */
export function getShape(model: ServiceModel, name: string): Shape {
  const shape = Object.hasOwn(model.shapes, name) ? model.shapes[name] : undefined
  if (shape === undefined)
    throw new RangeError(`got the shape name ${JSON.stringify(name)}, expected one of ${model.service}`)
  return shape
}
