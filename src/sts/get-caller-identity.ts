import type { Handler } from '../aws-api/operation.ts'
import type { Tx } from '../storage/schema.ts'

/** Never denied, whatever the policies say: it tells callers who they are. */
export const getCallerIdentity: Handler<Tx, 'sts', 'GetCallerIdentity'> = {
  target: async () => ({ found: undefined, resources: ['*'] }),

  async handle(_input, { caller }) {
    const { id, accountId, arn } = caller.principal
    return { UserId: id, Account: accountId, Arn: arn }
  },
}
