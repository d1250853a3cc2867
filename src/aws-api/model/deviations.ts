/**
 * Where Sallyport leaves the model, as data. `scripts/import-models.ts` reads what touches types, the pipeline reads the rest.
 */

/** What one service's operations and shapes do differently from its model. */
export interface Deviations {
  /** Shapes whose values never reach the record or the log, though the model does not call them `sensitive`. */
  readonly neverRecorded: readonly string[]
  /** Output members that the model requires and that AWS itself leaves out in some rows. */
  readonly leftOutAtTimes: { readonly [shape: string]: readonly string[] }
  /** Required input members that the console's own session may leave out: they then mean the session's own principal. */
  readonly optionalForConsole: { readonly [operation: string]: readonly string[] }
  /** Operations that are recorded with the user name `AWS ROOT USER` when root means itself by leaving `UserName` out. */
  readonly recordsRootAsUserName: readonly string[]
  /** Operations that change nothing although their name begins with none of the reading verbs. */
  readonly readOnly: readonly string[]
  /** Operations that CloudTrail calls read-only although they change the store or hand out something to record. */
  readonly readOnlyButWriting: readonly string[]
  /** Whether a refusal of an input says the value that it refuses, and the values that an enumeration has. */
  readonly saysRefusedValues: boolean
  /**
   * By the model's pattern: what a value must be, in the service's own words. Such a refusal stands alone, and before any other.
   * IAM's are as AWS answered them in 2026 (github.com/mulgadc/spinifex, github.com/versity/versitygw; aws/aws-cli#5860 has one).
   */
  readonly patternWords: { readonly [pattern: string]: string }
}

export const iamDeviations = {
  neverRecorded: ['authenticationCodeType'],
  // Root's row in ListVirtualMFADevices and root's own GetUser have neither (aws-behaviour §1.9).
  leftOutAtTimes: { User: ['Path', 'UserName'] },
  // Root has no user name, and only a console session may touch its devices (design, decision 13).
  optionalForConsole: { EnableMFADevice: ['UserName'], ResyncMFADevice: ['UserName'] },
  // aws-behaviour §6.6
  recordsRootAsUserName: ['EnableMFADevice', 'DeactivateMFADevice', 'ResyncMFADevice'],
  readOnly: ['GenerateCredentialReport', 'GenerateServiceLastAccessedDetails', 'GenerateOrganizationsAccessReport'],
  readOnlyButWriting: [],
  saysRefusedValues: false,
  patternWords: {
    '[\\w+=,.@-]+': 'It must contain only alphanumeric characters and/or the following: +=,.@_-',
    '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)':
      'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    '\\u002F[\\u0021-\\u007F]*':
      'It must begin with the / character and contain only alphanumeric characters and/or / characters.',
  },
} as const satisfies Deviations

export const stsDeviations = {
  neverRecorded: ['tokenCodeType', 'tokenType'],
  leftOutAtTimes: {},
  optionalForConsole: {},
  recordsRootAsUserName: [],
  readOnly: ['DecodeAuthorizationMessage'],
  // CloudTrail shows them as readOnly with responseElements; a TokenCode is used up by them.
  readOnlyButWriting: [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'GetFederationToken',
    'GetSessionToken',
  ],
  saysRefusedValues: true,
  patternWords: {},
} as const satisfies Deviations
