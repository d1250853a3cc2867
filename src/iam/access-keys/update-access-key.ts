import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTarget, targetArn } from '../target.ts'

export const updateAccessKey: Handler<Tx, 'iam', 'UpdateAccessKey'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    if (input.Status === 'Expired') return refuse('InvalidInput', 'The status must be Active or Inactive.')
    const rows = await tx
      .updateTable('access_keys')
      .set({ status: input.Status })
      .where('account_id', '=', principal.accountId)
      .where('access_key_id', '=', input.AccessKeyId)
      .where('principal_id', '=', principal.id)
      .returning('access_key_id')
      .execute()
    if (rows.length === 0) refuse('NoSuchEntity', `The Access Key with id ${input.AccessKeyId} cannot be found.`)
  },
}
