import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { activeDevicesOf } from '../mfa-devices/device-store.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { deleteTags } from '../tags.ts'
import { lockTarget, targetArn } from '../target.ts'

/** Refuses while the user has access keys or MFA devices; they are removed first, as on AWS. */
export const deleteUser: Handler<Tx, 'iam', 'DeleteUser'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, now, refuse }) {
    const { principal } = await lockTarget(tx, caller, input.UserName, refuse)
    const { accountId, id } = principal
    const key = await tx
      .selectFrom('access_keys')
      .select('access_key_id')
      .where('account_id', '=', accountId)
      .where('principal_id', '=', id)
      .executeTakeFirst()
    if (key !== undefined || (await activeDevicesOf(tx, accountId, id)).length > 0) {
      refuse('DeleteConflict', 'Cannot delete entity, must remove referenced objects first.')
    }
    await deleteTags(tx, accountId, principal.arn)
    await endOtherSessions(tx, accountId, id, undefined, now)
    await tx.deleteFrom('known_browsers').where('account_id', '=', accountId).where('principal_id', '=', id).execute()
    await tx.deleteFrom('tries').where('account_id', '=', accountId).where('subject', '=', id).execute()
    await tx.deleteFrom('users').where('account_id', '=', accountId).where('user_id', '=', id).execute()
  },
}
