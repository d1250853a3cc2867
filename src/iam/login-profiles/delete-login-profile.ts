import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTargetUser, lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { removePassword } from './login-profile-store.ts'
import { refuseNoProfile } from './refuse-no-profile.ts'

/** Takes a user's password away: its console sessions and half-done sign-ins end with it, its access keys stay. */
export const deleteLoginProfile: Handler<Tx, 'iam', 'DeleteLoginProfile', NamedPrincipal> = {
  target: userTarget,

  async handle(_input, { tx, now, refuse }, named) {
    const user = getTargetUser(await lockTarget(tx, named, refuse), refuse)
    if (!(await removePassword(tx, user, now))) refuseNoProfile(user, refuse)
  },
}
