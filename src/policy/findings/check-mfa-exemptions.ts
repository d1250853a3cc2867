/**
 * The list that a Deny for want of MFA leaves open (`NotAction`), so that users can enrol: what it lacks, and what it
 * must not contain (IAM User Guide, "Allows MFA-authenticated IAM users to manage their own MFA device").
 */

import type { Finding, Policy, Statement } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { type MfaStates, mfaStates, wantsMfa } from './mfa-states.ts'
import { covers } from './patterns.ts'
import { reaches, reachesResource } from './statement-reach.ts'

const user = 'alice'
const own = 'arn:aws:iam::123456789012:user/alice'
const other = 'arn:aws:iam::123456789012:user/bob'
const device = 'arn:aws:iam::123456789012:mfa/alice'

export function* checkMfaExemptions(policy: Policy): Generator<Finding> {
  if (policy.kind !== 'identity' && policy.kind !== 'boundary' && policy.kind !== 'scp') return
  const denies = policy.statements.filter((statement) => isMfaDeny(statement))
  for (const statement of denies) {
    yield* checkWayOut(statement)
    if (statement.actions.element !== 'NotAction' || !reachesResource(statement, own, user)) continue
    yield* checkChangePassword(statement)
    yield* checkUndoing(statement, denies)
    yield* checkEnrolForOthers(statement, denies, policy)
  }
}

function isMfaDeny(statement: Statement): boolean {
  const states: MfaStates | undefined = mfaStates(statement)
  return statement.effect === 'Deny' && wantsMfa(states)
}

function* checkWayOut(statement: Statement): Generator<Finding> {
  const missing = []
  if (reaches(statement, 'iam:EnableMFADevice', own, user)) missing.push('iam:EnableMFADevice')
  if (reaches(statement, 'iam:CreateVirtualMFADevice', device, user)) missing.push('iam:CreateVirtualMFADevice')
  if (missing.length === 0) return
  yield findingAt(
    'MFA_DENY_BLOCKS_ENROLMENT',
    statement.actions,
    `a user without a device can never get one: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} denied until MFA is shown, and MFA cannot be shown without a device; write NotAction with iam:CreateVirtualMFADevice, iam:EnableMFADevice, iam:ResyncMFADevice, iam:GetUser, iam:GetMFADevice, iam:ListMFADevices, iam:ListVirtualMFADevices and iam:ChangePassword`,
    statement,
  )
}

function* checkChangePassword(statement: Statement): Generator<Finding> {
  const missing = []
  if (reaches(statement, 'iam:ChangePassword', own, user)) missing.push('iam:ChangePassword')
  if (reaches(statement, 'iam:GetAccountPasswordPolicy', '*', user)) missing.push('iam:GetAccountPasswordPolicy')
  if (missing.length === 0) return
  yield findingAt(
    'MFA_EXEMPTIONS_LACK_CHANGE_PASSWORD',
    statement.actions,
    `a user who has to change the password at the first sign-in is stuck, for there is no MFA yet; add ${missing.join(' and ')} to NotAction`,
    statement,
  )
}

const undoing = ['iam:DeactivateMFADevice', 'iam:DeleteVirtualMFADevice']

function* checkUndoing(statement: Statement, denies: readonly Statement[]): Generator<Finding> {
  for (const entry of statement.actions.values) {
    const undone = undoing.filter((action) => covers(entry.value.toLowerCase(), action.toLowerCase()))
    const open = undone.filter(
      (action) => !denies.some((deny) => reaches(deny, action, action === undoing[0] ? own : device, user)),
    )
    if (open.length === 0) continue
    yield findingAt(
      'MFA_EXEMPTIONS_UNDO_MFA',
      entry,
      `${entry.value} leaves ${open.join(' and ')} open to a session without MFA: a stolen password or key is then enough to take the device away; remove it from NotAction`,
      statement,
    )
  }
}

const enrolling = ['iam:EnableMFADevice', 'iam:ResyncMFADevice']

/** The Deny leaves enrolment open on every user, so an Allow that is broader than the own user opens it for others. */
function* checkEnrolForOthers(statement: Statement, denies: readonly Statement[], policy: Policy): Generator<Finding> {
  const allows = policy.statements.filter((candidate) => candidate.effect === 'Allow')
  const open = enrolling.filter((action) => {
    if (reaches(statement, action, other, user)) return false
    if (denies.some((deny) => reaches(deny, action, other, user))) return false
    const allowedForOther = allows.some((allow) => reaches(allow, action, other, user))
    const allowedForOwn = allows.some((allow) => reaches(allow, action, own, user))
    // An Allow for the own user alone is the document's own limit; without any, some other document allows it.
    return allowedForOther || !allowedForOwn
  })
  const at = statement.actions.values.find((entry) =>
    open.some((action) => covers(entry.value.toLowerCase(), action.toLowerCase())),
  )
  if (at === undefined) return
  yield findingAt(
    'MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS',
    at,
    `${open.join(' and ')} ${open.length > 1 ? 'stay' : 'stays'} open on every user: with a broad Allow, a session without MFA enrols its own device for somebody else; add a Deny of iam:EnableMFADevice and iam:ResyncMFADevice with "NotResource": "arn:aws:iam::*:user/\${aws:username}" and the same condition`,
    statement,
  )
}
