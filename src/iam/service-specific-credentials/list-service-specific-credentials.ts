import type { Handler } from '../../aws-api/operation.ts'
import { userArn } from '../../core/arn.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** The services for which AWS makes such credentials (IAM user guide, "Service-specific credentials"). */
const services = new Set(['bedrock.amazonaws.com', 'cassandra.amazonaws.com', 'codecommit.amazonaws.com'])

/** No credential can be made yet, for whatever service. */
export const listServiceSpecificCredentials: Handler<Tx, 'iam', 'ListServiceSpecificCredentials', NamedPrincipal> = {
  // Who asks for those of all users is asked about all of them (recorded in github.com/radkawar/stackd).
  async target(input, call) {
    const target = await userTarget(input, call)
    if (input.AllUsers !== true) return target
    return { ...target, resources: [userArn(call.caller.principal.accountId, '/', '*')] }
  },

  async handle(input, { refuse }, named) {
    if (input.AllUsers === true && input.UserName !== undefined)
      refuse('ValidationError', 'Cannot list credentials for all users if a username is given')
    const { ServiceName = '' } = input
    if (ServiceName !== '' && !services.has(ServiceName.toLowerCase()))
      refuse('NoSuchEntity', `No such service ${ServiceName} is supported for Service Specific Credentials`)
    getTarget(named, refuse)
    const { rows: ServiceSpecificCredentials, ...paging } = await emptyPage(input, refuse)
    return { ServiceSpecificCredentials, ...paging }
  },
}
