/**
 * Condition keys that AWS declares as multivalued: a request carries a list of them, be it of one element, and only
 * `ForAllValues` and `ForAnyValue` compare it.
 *
 * Sources: IAM user guide, "AWS global condition context keys" (Value type: Multivalued); the Service Authorization
 * Reference, type ArrayOfString or ArrayOfARN, for the services that this server is about. Keys of other services are
 * multivalued where `buildContext` is given a list.
 */
export const multivaluedKeys: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:vpceorgpaths',
  'account:accountresourceorgpaths',
  'account:alternatecontacttypes',
  'iam:accountpropertynamespaces',
  'kms:encryptioncontextkeys',
  'kms:grantoperations',
  'kms:resourcealiases',
  's3:inventoryaccessibleoptionalfields',
  's3:requestobjecttagkeys',
  'saml:cn',
  'saml:eduorghomepageuri',
  'saml:eduorgidentityauthnpolicyuri',
  'saml:eduorglegalname',
  'saml:eduorgsuperioruri',
  'saml:eduorgwhitepagesuri',
  'saml:edupersonaffiliation',
  'saml:edupersonassurance',
  'saml:edupersonentitlement',
  'saml:edupersonnickname',
  'saml:edupersonorgunitdn',
  'saml:edupersonscopedaffiliation',
  'saml:edupersontargetedid',
  'sts:identitytokenaudience',
  'sts:requestcontextproviders',
  'sts:transitivetagkeys',
])
