import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { accessKeysOf } from '../access-keys/access-key-store.ts'
import { quotas } from '../limits.ts'
import { countDevices } from '../mfa-devices/device-store.ts'
import { rootPrincipal } from '../principals/find-principal.ts'
import { wholeAccount } from '../target.ts'
import { countUsers } from '../users/user-store.ts'

/** What no row of ours decides yet: AWS's defaults (aws-behaviour: §4.1). */
const fixed = {
  UsersQuota: quotas.usersPerAccount,
  Groups: 0,
  GroupsQuota: 300,
  Roles: 0,
  RolesQuota: 1000,
  InstanceProfiles: 0,
  InstanceProfilesQuota: 1000,
  ServerCertificates: 0,
  ServerCertificatesQuota: 20,
  Providers: 0,
  Policies: 0,
  PoliciesQuota: 1500,
  PolicySizeQuota: 6144,
  PolicyVersionsInUse: 0,
  PolicyVersionsInUseQuota: 10000,
  VersionsPerPolicyQuota: 5,
  AttachedPoliciesPerUserQuota: 10,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerRoleQuota: 10,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  RolePolicySizeQuota: 10240,
  AssumeRolePolicySizeQuota: 2048,
  GroupsPerUserQuota: 10,
  AccessKeysPerUserQuota: quotas.accessKeysPerUser,
  SigningCertificatesPerUserQuota: 2,
  AccountSigningCertificatesPresent: 0,
  GlobalEndpointTokenVersion: 1,
} as const

export const getAccountSummary: Handler<Tx, 'iam', 'GetAccountSummary'> = {
  target: wholeAccount,

  async handle(_input, { caller, tx }) {
    const { accountId } = caller.principal
    const users = await countUsers(tx, accountId)
    const devices = await countDevices(tx, accountId)
    const rootKeys = await accessKeysOf(tx, rootPrincipal(accountId))
    return {
      SummaryMap: {
        ...fixed,
        Users: users,
        MFADevices: devices.all,
        MFADevicesInUse: devices.assigned,
        // INVARIANT(mfa-needed): 1 exactly when a sign-in of root is asked for a code.
        AccountMFAEnabled: devices.ofRoot > 0 ? 1 : 0,
        AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
        AccountPasswordPresent: 1,
      },
    }
  },
}
