/**
 * Prefixes of the services whose resources RCPs reach (Organizations user guide, "List of AWS services that support
 * RCPs"). An RCP says nothing about any other service's actions, IAM's among them.
 */
export const rcpServices: ReadonlySet<string> = new Set([
  'aoss',
  'cognito-identity',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'sts',
])
