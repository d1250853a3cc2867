import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { activeDevicesOf } from '../mfa-devices/device-store.ts'
import { lockPrincipal } from '../principals/find-principal.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { deleteTags } from '../tags.ts'
import { getTarget, targetArn } from '../target.ts'

/** Refuses while the user has access keys or MFA devices; they are removed first, as on AWS. */
export const deleteUser: Handler<Tx, 'iam', 'DeleteUser'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, now, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    const { accountId, id } = principal
    await lockPrincipal(tx, principal)
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
    for (const table of ['known_browsers', 'users'] as const) {
      const column = table === 'users' ? 'user_id' : 'principal_id'
      await tx.deleteFrom(table).where('account_id', '=', accountId).where(column, '=', id).execute()
    }
  },
}
