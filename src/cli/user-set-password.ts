import { createAuditSink } from '../cloudtrail/event-store.ts'
import { systemClock } from '../core/clock.ts'
import { OperatorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import { putPassword } from '../iam/login-profiles/login-profile-store.ts'
import { findUserByName, lockPrincipal } from '../iam/principals/find-principal.ts'
import { hashUserPassword } from './hash-user-password.ts'
import { operatorEvent } from './operator-event.ts'
import { openStoreOf, parseAccountFlag, parseFlags, parseUserNameFlag } from './options.ts'
import { printAnswer } from './print-answer.ts'
import { readPassword } from './read-password.ts'

export async function userSetPassword(args: readonly string[]): Promise<number> {
  const flags = parseFlags('user set-password', args)
  const accountId = parseAccountFlag(flags.account)
  const userName = parseUserNameFlag(flags.name)
  const password = await readPassword()

  const store = await openStoreOf(flags, { mustExist: true })
  const { storage } = store
  const audit = createAuditSink(storage, systemClock, systemRandom)
  const noSuchUser = () => new OperatorError(`The user with name ${userName} cannot be found.`)
  try {
    const passwordHash = await hashUserPassword(store, accountId, userName, password)
    const now = systemClock.now()
    const user = await storage.transaction(async (tx) => {
      const found = await findUserByName(tx, accountId, userName)
      const locked = found && (await lockPrincipal(tx, found.principal))
      if (locked?.principal.kind !== 'user') throw noSuchUser()
      const user = locked.principal
      const outcome = await putPassword(tx, user, passwordHash, now)
      const eventName = outcome === 'created' ? 'CreateLoginProfile' : 'UpdateLoginProfile'
      await audit.record(tx, operatorEvent(accountId, eventName, user.userName, now))
      return user
    })
    printAnswer({ UserName: user.userName, UserId: user.id, Arn: user.arn }, flags.json === true)
    return 0
  } finally {
    await storage.close()
  }
}
