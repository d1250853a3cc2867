/**
 * What each kind of document may say, as one table.
 *
 * - identity, boundary, session: IAM user guide, "Grammar of the IAM JSON policy language".
 * - resource, trust: the same with Principal; trust policies name no resource, and only the STS AssumeRole family.
 * - scp: Organizations user guide, "SCP syntax"; the whole language but Principal since September 2025.
 * - rcp: Organizations user guide, "RCP syntax"; customer managed RCPs only deny, to everyone (`"Principal": "*"`).
 */

import type { PolicyKind } from '../types.ts'

export interface KindRules {
  /**
   * Characters of the document as sent: no more than AWS takes. IAM's finer quotas, which leave out white space, are the
   * service's to check; so is that of a single value, which json.ts bounds for all kinds.
   */
  readonly charactersMax: number
  /** IAM's pattern `[\u0009\u000A\u000D\u0020-\u00FF]+` holds for the document as sent. */
  readonly latin1Only: boolean
  readonly id: boolean
  /** `2012-10-17` has to be there. */
  readonly newestVersionOnly: boolean
  readonly principal: 'required' | 'prohibited' | 'everyone'
  readonly notPrincipal: boolean
  readonly notAction: boolean
  readonly resource: 'required' | 'optional' | 'prohibited'
  readonly sid: 'alphanumeric' | 'any'
  readonly denyOnly: boolean
  /**
   * Numbers, dates, addresses and ARNs that are none are taken, and mean what compile/value-test.ts says. IAM refuses to
   * store them, while AssumeRole takes them in a session policy (recorded: github.com/radkawar/stackd,
   * testdata/aws/iam/condition_values.json).
   */
  readonly malformedLiterals: boolean
  /** A Resource with fewer than six parts is completed with stars; a session policy must not have one (`reference-arns`). */
  readonly incompleteArns: boolean
}

const identity: KindRules = {
  // policyDocumentType of IAM's model.
  charactersMax: 131_072,
  latin1Only: true,
  id: true,
  newestVersionOnly: false,
  principal: 'prohibited',
  notPrincipal: false,
  notAction: true,
  resource: 'required',
  sid: 'alphanumeric',
  denyOnly: false,
  malformedLiterals: false,
  incompleteArns: true,
}

export const kindRules: Readonly<Record<PolicyKind, KindRules>> = {
  identity,
  boundary: identity,
  // sessionPolicyDocumentType of STS's model.
  session: { ...identity, charactersMax: 2_048, malformedLiterals: true, incompleteArns: false },
  resource: {
    ...identity,
    // The delegation policy of Organizations, the largest of the services' resource policies (KMS takes 32 KB, S3 20 KB).
    charactersMax: 40_000,
    latin1Only: false,
    principal: 'required',
    notPrincipal: true,
    resource: 'optional',
    sid: 'any',
  },
  trust: { ...identity, principal: 'required', notAction: false, resource: 'prohibited' },
  scp: {
    ...identity,
    // Organizations user guide, "Quotas and service limits", since May 2026.
    charactersMax: 10_240,
    latin1Only: false,
    id: false,
    newestVersionOnly: true,
    sid: 'any',
  },
  rcp: {
    ...identity,
    charactersMax: 5_120,
    latin1Only: false,
    id: false,
    newestVersionOnly: true,
    principal: 'everyone',
    notAction: false,
    sid: 'any',
    denyOnly: true,
  },
}

/** All that a trust policy may allow or deny. Wildcards are refused, `sts:*` too. */
export const trustActions: ReadonlySet<string> = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:setcontext',
  'sts:setsourceidentity',
  'sts:tagsession',
])
