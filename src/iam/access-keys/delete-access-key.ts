import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTarget, targetArn } from '../target.ts'

export const deleteAccessKey: Handler<Tx, 'iam', 'DeleteAccessKey'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    const rows = await tx
      .deleteFrom('access_keys')
      .where('account_id', '=', principal.accountId)
      .where('access_key_id', '=', input.AccessKeyId)
      .where('principal_id', '=', principal.id)
      .returning('access_key_id')
      .execute()
    if (rows.length === 0) refuse('NoSuchEntity', `The Access Key with id ${input.AccessKeyId} cannot be found.`)
  },
}
