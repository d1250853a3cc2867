import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotas } from '../limits.ts'

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
  resource: () => '*',

  async handle(_input, { caller, tx }) {
    const { accountId } = caller.principal
    const row = await tx
      .selectNoFrom((eb) => [
        eb.selectFrom('users').select(eb.fn.countAll<number>().as('n')).where('account_id', '=', accountId).as('users'),
        eb
          .selectFrom('mfa_devices')
          .select(eb.fn.countAll<number>().as('n'))
          .where('account_id', '=', accountId)
          .as('devices'),
        eb
          .selectFrom('mfa_devices')
          .select(eb.fn.countAll<number>().as('n'))
          .where('account_id', '=', accountId)
          .where('principal_id', 'is not', null)
          .as('devicesInUse'),
        eb
          .selectFrom('mfa_devices')
          .select(eb.fn.countAll<number>().as('n'))
          .where('account_id', '=', accountId)
          .where('principal_id', '=', accountId)
          .as('rootDevices'),
        eb
          .selectFrom('access_keys')
          .select(eb.fn.countAll<number>().as('n'))
          .where('account_id', '=', accountId)
          .where('principal_id', '=', accountId)
          .as('rootKeys'),
      ])
      .executeTakeFirstOrThrow()
    return {
      SummaryMap: {
        ...fixed,
        Users: Number(row.users),
        MFADevices: Number(row.devices),
        MFADevicesInUse: Number(row.devicesInUse),
        // INVARIANT(mfa-needed): 1 exactly when a sign-in of root is asked for a code.
        AccountMFAEnabled: Number(row.rootDevices) > 0 ? 1 : 0,
        AccountAccessKeysPresent: Number(row.rootKeys) > 0 ? 1 : 0,
        AccountPasswordPresent: 1,
      },
    }
  },
}
