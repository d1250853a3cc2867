/**
 * Every finding beyond grammar: its code, how much it weighs, and one line on what it means. A code never changes
 * its meaning; `docs/policy.md` lists them all, and SARIF takes its rules from here.
 *
 * `warning`: the document does something else than it seems to. `suggestion`: it does what it says, and there is
 * something its author should know.
 */

export const findingCodes = {
  MFA_DENY_MISSES_ACCESS_KEYS: ['warning', 'A Deny for want of MFA does not hit long-term access keys.'],
  MFA_DENY_MISSES_SESSIONS: ['warning', 'A Deny for want of MFA does not hit temporary sessions without MFA.'],
  MFA_DENY_INVERTED: ['warning', 'A Deny hits those who signed in with MFA, and spares those who did not.'],
  MFA_ALLOW_LETS_ACCESS_KEYS_THROUGH: ['warning', 'An Allow meant for MFA also holds for long-term access keys.'],
  MFA_ALLOW_LETS_SESSIONS_THROUGH: ['warning', 'An Allow meant for MFA also holds for sessions without MFA.'],
  MFA_EXEMPTIONS_LACK_CHANGE_PASSWORD: ['warning', 'A user who must change the password at first sign-in cannot.'],
  MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS: ['warning', 'A session without MFA may enrol a device for another user.'],
  MFA_EXEMPTIONS_UNDO_MFA: ['warning', 'A session without MFA may remove a device.'],
  MFA_DENY_BLOCKS_ENROLMENT: [
    'warning',
    'A user without a device can never enrol one: nobody can get out of the Deny.',
  ],
  MFA_PRINCIPAL_CANNOT_SATISFY: ['warning', 'The principal named can never have signed in with MFA.'],
  MFA_DENIES_ROLES: ['suggestion', 'A Deny for want of MFA also hits roles of services and federated sessions.'],
  ACTION_CANNOT_BE_CONTROLLED: ['suggestion', 'No policy controls this action; listing it has no effect.'],
  NO_ALLOW: ['suggestion', 'The document allows nothing.'],
  ALLOW_NOT_ACTION: ['warning', 'An Allow with NotAction grants everything that it does not list.'],
  ALLOW_NOT_PRINCIPAL: ['warning', 'An Allow with NotPrincipal grants to everyone else, strangers included.'],
  ALLOW_EVERYTHING: ['warning', 'Every action on every resource is allowed.'],
  ALLOW_ALWAYS_DENIED: ['warning', 'An Allow is without effect: a Deny of the same document covers it.'],
  PUBLIC_PRINCIPAL: ['warning', 'Anyone is allowed, in any account and without signing in.'],
  NOT_PRINCIPAL_LACKS_ACCOUNT: ['warning', 'A Deny with NotPrincipal also hits the principal that it spares.'],
  FEDERATED_SUBJECT_NOT_LIMITED: [
    'warning',
    'Anyone who has an account with the identity provider may assume the role.',
  ],
  PASS_ANY_ROLE: ['warning', 'Any role may be passed to any service.'],
  VARIABLE_IN_OLD_VERSION: ['warning', 'Policy variables are plain text in version 2008-10-17.'],
  VARIABLE_BEFORE_WILDCARD: [
    'warning',
    'A user whose name is the beginning of another one reaches what belongs to the other.',
  ],
  WILDCARD_COMPARED_LITERALLY: ['warning', 'The operator compares * and ? as plain characters.'],
  CIDR_COMPARED_AS_TEXT: ['warning', 'An address range is compared as text and never matches.'],
  VALUE_NEVER_MATCHES: ['warning', 'The value is not of the type that the operator compares.'],
  MULTIVALUED_KEY_WITHOUT_SET: ['warning', 'Only ForAnyValue and ForAllValues match a multivalued key.'],
  FOR_ALL_VALUES_MATCHES_ABSENT: ['warning', 'ForAllValues in an Allow also holds when the key is absent.'],
  SOURCE_IP_DENIES_FORWARDED_CALLS: [
    'warning',
    'A Deny by address also hits calls that AWS services make for the user.',
  ],
  IMPOSSIBLE_ARN: ['warning', 'No resource can have this ARN.'],
  UNKNOWN_SERVICE: ['warning', 'No service has this prefix.'],
  UNKNOWN_ACTION: ['warning', 'The service has no such action.'],
  UNKNOWN_CONDITION_KEY: ['warning', 'No such condition key is known.'],
  UNKNOWN_VARIABLE: ['warning', 'The policy variable names a condition key that is not known.'],
  UNKNOWN_RESOURCE: ['warning', 'The service has no resource of this form.'],
  ACTION_NEVER_ON_RESOURCE: ['warning', 'The action never applies to the resources of its statement.'],
} as const satisfies Record<string, readonly ['warning' | 'suggestion', string]>

export type FindingCode = keyof typeof findingCodes
