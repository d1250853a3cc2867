import type { Handler } from '../../aws-api/operation.ts'
import type { Sealer } from '../../credentials/seal.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { lockTarget, type NamedPrincipal, userNameOf, userTarget } from '../target.ts'
import { insertAccessKey } from './access-key-store.ts'

export function createAccessKey(sealer: Sealer): Handler<Tx, 'iam', 'CreateAccessKey', NamedPrincipal> {
  return {
    target: userTarget,

    async handle(_input, { tx, now, random, refuse }, named) {
      const { principal } = await lockTarget(tx, named, refuse)
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
