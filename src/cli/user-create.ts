import { findAccount } from '../accounts/account-store.ts'
import { createAuditSink } from '../cloudtrail/event-store.ts'
import type { AccountId } from '../core/account-id.ts'
import type { AuditEvent } from '../core/audit.ts'
import { systemClock } from '../core/clock.ts'
import { OperatorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import { insertAccessKey } from '../iam/access-keys/access-key-store.ts'
import { insertUser } from '../iam/users/user-store.ts'
import { getFlag, Misuse, openStoreOf, parseAccountFlag, parseFlags } from './options.ts'

/** The model's pattern for user names (aws-behaviour: §1.2). */
const userNamePattern = /^[\w+=,.@-]{1,64}$/

export async function userCreate(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, {
    account: { type: 'string' },
    name: { type: 'string' },
    administrator: { type: 'boolean' },
    'access-key': { type: 'boolean' },
    json: { type: 'boolean' },
  })
  const accountId = parseAccountFlag(getFlag(flags.account, 'account'))
  const userName = getFlag(flags.name, 'name')
  if (!userNamePattern.test(userName))
    throw new Misuse(`got --name ${JSON.stringify(userName)}, expected 1 to 64 of A-Z a-z 0-9 _ + = , . @ -`)
  const administrator = flags.administrator === true

  const { storage, sealer } = await openStoreOf(flags, { mustExist: true })
  const audit = createAuditSink(storage, systemClock, systemRandom)
  const now = systemClock.now()
  try {
    const created = await storage.transaction(async (tx) => {
      if ((await findAccount(tx, sealer, accountId)) === undefined)
        throw new OperatorError(`there is no account ${accountId}`)
      const user = await insertUser(tx, systemRandom, { accountId, userName, path: '/', administrator }, now)
      if (user === undefined) throw new OperatorError(`User with name ${userName} already exists.`)
      await audit.record(tx, operatorEvent(accountId, 'CreateUser', userName, now))
      const key =
        flags['access-key'] === true ? await insertAccessKey(tx, sealer, systemRandom, user.principal, now) : undefined
      if (key !== undefined) await audit.record(tx, operatorEvent(accountId, 'CreateAccessKey', userName, now))
      return { user, key }
    })
    const { principal } = created.user
    const key = created.key && {
      AccessKeyId: created.key.accessKeyId,
      SecretAccessKey: created.key.secretAccessKey.reveal(),
    }
    const answer = { UserName: userName, UserId: principal.id, Arn: principal.arn, ...key }
    const lines = Object.entries(answer).map(([name, value]) => `${name}: ${value}`)
    process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : `${lines.join('\n')}\n`)
    return 0
  } finally {
    await storage.close()
  }
}

/** What the operator does to an account stands in its record, as what a service does. */
const operatorEvent = (accountId: AccountId, eventName: string, userName: string, now: number): AuditEvent => ({
  accountId,
  time: now,
  identity: { type: 'operator', accountId },
  eventSource: 'iam.amazonaws.com',
  eventName,
  eventType: 'AwsApiCall',
  readOnly: false,
  sourceIpAddress: 'sallyport',
  userAgent: 'sallyport',
  requestParameters: { userName },
  responseElements: null,
  host: '',
})
