import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, targetArn } from '../target.ts'

/** No credential can be made yet, for whatever service. */
export const listServiceSpecificCredentials: Handler<Tx, 'iam', 'ListServiceSpecificCredentials'> = {
  // Who asks for those of all users asks for more than its own.
  resource: (input, caller) => (input.AllUsers === true ? '*' : targetArn(input.UserName, caller)),

  async handle(input, { caller, tx, refuse }) {
    // The model's documentation says that the two exclude each other; AWS's own sentence is not known.
    if (input.AllUsers === true && input.UserName !== undefined)
      refuse('ValidationError', 'AllUsers cannot be specified together with UserName.')
    await getTarget(tx, caller, input.UserName, refuse)
    const { rows: ServiceSpecificCredentials, ...paging } = await emptyPage(input, refuse)
    return { ServiceSpecificCredentials, ...paging }
  },
}
