/** AWS's default quotas (aws-behaviour: §1.13). */
export const quotas = {
  usersPerAccount: 5000,
  virtualMfaDevicesPerAccount: 5000,
  mfaDevicesPerUser: 8,
  accessKeysPerUser: 2,
  tagsPerResource: 50,
} as const

export const quotaMessage = (quota: string, value: number): string => `Cannot exceed quota for ${quota}: ${value}`
