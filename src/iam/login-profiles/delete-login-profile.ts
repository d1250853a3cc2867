import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTargetUser, lockTarget, targetArn } from '../target.ts'
import { removePassword } from './login-profile-store.ts'
import { refuseNoProfile } from './refuse-no-profile.ts'

/** Takes a user's password away: its console sessions and half-done sign-ins end with it, its access keys stay. */
export const deleteLoginProfile: Handler<Tx, 'iam', 'DeleteLoginProfile'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, now, refuse }) {
    const user = getTargetUser(await lockTarget(tx, caller, input.UserName, refuse), refuse)
    if (!(await removePassword(tx, user, now))) refuseNoProfile(user, refuse)
  },
}
