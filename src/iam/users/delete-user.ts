import type { Handler } from '../../aws-api/operation.ts'
import type { UserPrincipal } from '../../core/caller.ts'
import type { Tx } from '../../storage/schema.ts'
import { accessKeysOf } from '../access-keys/access-key-store.ts'
import { findLoginProfile } from '../login-profiles/login-profile-store.ts'
import { activeDevicesOf } from '../mfa-devices/device-store.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { deleteTags, userTags } from '../tags.ts'
import { getTargetUser, lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { removeUser } from './user-store.ts'

/** Refuses while the user has devices, a password or access keys; they are removed first, as on AWS. */
export const deleteUser: Handler<Tx, 'iam', 'DeleteUser', NamedPrincipal> = {
  target: userTarget,

  async handle(_input, { tx, now, refuse }, named) {
    const user = getTargetUser(await lockTarget(tx, named, refuse), refuse)
    const left = await findWhatIsLeft(tx, user)
    if (left !== undefined) refuse('DeleteConflict', `Cannot delete entity, must ${left} first.`)
    await deleteTags(tx, userTags(user))
    await endOtherSessions(tx, user.accountId, user.id, undefined, now)
    await removeUser(tx, user)
  },
}

/**
 * In AWS's words and, where it is known, its order: a device is named before a key (github.com/radkawar/stackd, recorded in September
 * 2026); the words for a login profile stand in hashicorp/terraform#9583, those for keys in aws-controllers-k8s/community#2229.
 */
async function findWhatIsLeft(tx: Tx, user: UserPrincipal): Promise<string | undefined> {
  if ((await activeDevicesOf(tx, user.accountId, user.id)).length > 0) return 'remove tokens from principal'
  if ((await findLoginProfile(tx, user)) !== undefined) return 'delete login profile'
  if ((await accessKeysOf(tx, user)).length > 0) return 'delete access keys'
  return undefined
}
