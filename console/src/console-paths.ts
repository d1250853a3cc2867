export const homePath = '/console/home'
export const securityCredentialsPath = '/console/iam/security-credentials'
export const assignMfaPath = '/console/iam/security-credentials/assign-mfa'
