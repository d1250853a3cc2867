/** What of IAM is implemented. An operation that is missing here answers 501. */

import { iamModel } from '../aws-api/model/service-model.ts'
import type { ServiceHandlers } from '../aws-api/operation.ts'
import type { Sealer } from '../credentials/seal.ts'
import type { Tx } from '../storage/schema.ts'
import type { SharedTime } from '../storage/shared-time.ts'
import { createAccessKey } from './access-keys/create-access-key.ts'
import { deleteAccessKey } from './access-keys/delete-access-key.ts'
import { getAccessKeyLastUsed } from './access-keys/get-access-key-last-used.ts'
import { listAccessKeys } from './access-keys/list-access-keys.ts'
import { updateAccessKey } from './access-keys/update-access-key.ts'
import { createAccountAlias } from './account/create-account-alias.ts'
import { deleteAccountAlias } from './account/delete-account-alias.ts'
import { getAccountSummary } from './account/get-account-summary.ts'
import { listAccountAliases } from './account/list-account-aliases.ts'
import { deleteLoginProfile } from './login-profiles/delete-login-profile.ts'
import { getLoginProfile } from './login-profiles/get-login-profile.ts'
import { createVirtualMFADevice } from './mfa-devices/create-virtual-mfa-device.ts'
import { deactivateMFADevice } from './mfa-devices/deactivate-mfa-device.ts'
import { deleteVirtualMFADevice } from './mfa-devices/delete-virtual-mfa-device.ts'
import { enableMFADevice } from './mfa-devices/enable-mfa-device.ts'
import { getMFADevice } from './mfa-devices/get-mfa-device.ts'
import { listMFADeviceTags } from './mfa-devices/list-mfa-device-tags.ts'
import { listMFADevices } from './mfa-devices/list-mfa-devices.ts'
import { listVirtualMFADevices } from './mfa-devices/list-virtual-mfa-devices.ts'
import { resyncMFADevice } from './mfa-devices/resync-mfa-device.ts'
import { tagMFADevice } from './mfa-devices/tag-mfa-device.ts'
import { untagMFADevice } from './mfa-devices/untag-mfa-device.ts'
import { listServiceSpecificCredentials } from './service-specific-credentials/list-service-specific-credentials.ts'
import { listSigningCertificates } from './signing-certificates/list-signing-certificates.ts'
import { listSSHPublicKeys } from './ssh-public-keys/list-ssh-public-keys.ts'
import { createUser } from './users/create-user.ts'
import { deleteUser } from './users/delete-user.ts'
import { getUser } from './users/get-user.ts'
import { listAttachedUserPolicies } from './users/list-attached-user-policies.ts'
import { listGroupsForUser } from './users/list-groups-for-user.ts'
import { listUserPolicies } from './users/list-user-policies.ts'
import { listUserTags } from './users/list-user-tags.ts'
import { listUsers } from './users/list-users.ts'
import { tagUser } from './users/tag-user.ts'
import { untagUser } from './users/untag-user.ts'
import { updateUser } from './users/update-user.ts'

export const iamHandlers = (sealer: Sealer, sharedTime: SharedTime) =>
  ({
    model: iamModel(),
    operations: {
      CreateAccessKey: createAccessKey(sealer),
      CreateAccountAlias: createAccountAlias,
      CreateUser: createUser,
      CreateVirtualMFADevice: createVirtualMFADevice(sealer),
      DeactivateMFADevice: deactivateMFADevice,
      DeleteAccessKey: deleteAccessKey,
      DeleteAccountAlias: deleteAccountAlias,
      DeleteLoginProfile: deleteLoginProfile,
      DeleteUser: deleteUser,
      DeleteVirtualMFADevice: deleteVirtualMFADevice,
      EnableMFADevice: enableMFADevice(sealer, sharedTime),
      GetAccessKeyLastUsed: getAccessKeyLastUsed,
      GetAccountSummary: getAccountSummary,
      GetLoginProfile: getLoginProfile,
      GetMFADevice: getMFADevice,
      GetUser: getUser,
      ListAccessKeys: listAccessKeys,
      ListAccountAliases: listAccountAliases,
      ListAttachedUserPolicies: listAttachedUserPolicies,
      ListGroupsForUser: listGroupsForUser,
      ListMFADeviceTags: listMFADeviceTags,
      ListMFADevices: listMFADevices,
      ListSSHPublicKeys: listSSHPublicKeys,
      ListServiceSpecificCredentials: listServiceSpecificCredentials,
      ListSigningCertificates: listSigningCertificates,
      ListUserPolicies: listUserPolicies,
      ListUserTags: listUserTags,
      ListUsers: listUsers,
      ListVirtualMFADevices: listVirtualMFADevices,
      ResyncMFADevice: resyncMFADevice(sealer, sharedTime),
      TagMFADevice: tagMFADevice,
      TagUser: tagUser,
      UntagMFADevice: untagMFADevice,
      UntagUser: untagUser,
      UpdateAccessKey: updateAccessKey,
      UpdateUser: updateUser,
    },
  }) satisfies ServiceHandlers<Tx>
