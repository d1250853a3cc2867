import { findAccount } from '../accounts/account-store.ts'
import { createAuditSink } from '../cloudtrail/event-store.ts'
import { systemClock } from '../core/clock.ts'
import { OperatorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import { insertAccessKey } from '../iam/access-keys/access-key-store.ts'
import { quotaMessage, quotas } from '../iam/limits.ts'
import { putPassword } from '../iam/login-profiles/login-profile-store.ts'
import { insertUser } from '../iam/users/user-store.ts'
import { hashUserPassword } from './hash-user-password.ts'
import { operatorEvent } from './operator-event.ts'
import { openStoreOf, parseAccountFlag, parseFlags, parseUserNameFlag } from './options.ts'
import { printAnswer } from './print-answer.ts'
import { readPassword } from './read-password.ts'

export async function userCreate(args: readonly string[]): Promise<number> {
  const flags = parseFlags('user create', args)
  const accountId = parseAccountFlag(flags.account)
  const userName = parseUserNameFlag(flags.name)
  const administrator = flags.administrator === true
  const password = flags['password-stdin'] === true ? await readPassword() : undefined

  const store = await openStoreOf(flags, { mustExist: true })
  const { storage, sealer } = store
  const audit = createAuditSink(storage, systemClock, systemRandom)
  try {
    const hash = password === undefined ? undefined : await hashUserPassword(store, accountId, userName, password)
    const now = systemClock.now()
    const created = await storage.transaction(async (tx) => {
      const record = (eventName: string) => audit.record(tx, operatorEvent(accountId, eventName, userName, now))
      if ((await findAccount(tx, sealer, accountId)) === undefined)
        throw new OperatorError(`there is no account ${accountId}`)
      const user = await insertUser(tx, systemRandom, { accountId, userName, path: '/', administrator }, now)
      if (user === 'quota') throw new OperatorError(quotaMessage('UsersPerAccount', quotas.usersPerAccount))
      if (user === 'name-taken') throw new OperatorError(`User with name ${userName} already exists.`)
      await record('CreateUser')
      if (hash !== undefined) {
        await putPassword(tx, user.principal, hash, now)
        await record('CreateLoginProfile')
      }
      const key =
        flags['access-key'] === true ? await insertAccessKey(tx, sealer, systemRandom, user.principal, now) : undefined
      if (key !== undefined) await record('CreateAccessKey')
      return { user, key }
    })
    const { principal } = created.user
    const key = created.key && {
      AccessKeyId: created.key.accessKeyId,
      SecretAccessKey: created.key.secretAccessKey.reveal(),
    }
    printAnswer({ UserName: userName, UserId: principal.id, Arn: principal.arn, ...key }, flags.json === true)
    return 0
  } finally {
    await storage.close()
  }
}
