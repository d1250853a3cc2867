import type { Handler } from '../../aws-api/operation.ts'
import type { Sealer } from '../../credentials/seal.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { lockTarget, targetArn, userNameOf } from '../target.ts'
import { insertAccessKey } from './access-key-store.ts'

export function createAccessKey(sealer: Sealer): Handler<Tx, 'iam', 'CreateAccessKey'> {
  return {
    resource: (input, caller) => targetArn(input.UserName, caller),

    async handle(input, { caller, tx, now, random, refuse }) {
      const { principal } = await lockTarget(tx, caller, input.UserName, refuse)
      const key = await insertAccessKey(tx, sealer, random, principal, now)
      if (key === undefined) return refuse('LimitExceeded', quotaMessage('AccessKeysPerUser', quotas.accessKeysPerUser))
      return {
        AccessKey: {
          UserName: userNameOf(principal),
          AccessKeyId: key.accessKeyId,
          Status: 'Active',
          SecretAccessKey: key.secretAccessKey.reveal(),
          CreateDate: now,
        },
      }
    },
  }
}
