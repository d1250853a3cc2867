/** What of STS is implemented. An operation that is missing here answers 501. */

import { stsModel } from '../aws-api/model/service-model.ts'
import type { ServiceHandlers } from '../aws-api/operation.ts'
import type { Tx } from '../storage/schema.ts'
import { getCallerIdentity } from './get-caller-identity.ts'

export const stsHandlers = () =>
  ({
    model: stsModel(),
    operations: { GetCallerIdentity: getCallerIdentity },
  }) satisfies ServiceHandlers<Tx>
