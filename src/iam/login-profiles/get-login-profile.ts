import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTarget, getTargetUser, type NamedPrincipal, userTarget } from '../target.ts'
import { findLoginProfile } from './login-profile-store.ts'
import { refuseNoProfile } from './refuse-no-profile.ts'

export const getLoginProfile: Handler<Tx, 'iam', 'GetLoginProfile', NamedPrincipal> = {
  target: userTarget,

  async handle(_input, { tx, refuse }, named) {
    const user = getTargetUser(getTarget(named, refuse), refuse)
    const profile = (await findLoginProfile(tx, user)) ?? refuseNoProfile(user, refuse)
    // Nothing sets a password yet that has to be changed at the first sign-in.
    return { LoginProfile: { UserName: user.userName, CreateDate: profile.createdAt, PasswordResetRequired: false } }
  },
}
