/** Names of condition keys. */

import { isAscii, startsWithIgnoringCase } from './fold.ts'

/** What a tag's key may hold (IAM API reference, Tag). */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * AWS's own names are in ASCII. What a customer has named stands behind the first slash (`aws:RequestTag/Équipe`) or is a
 * pair of an encryption context, and may hold any letters.
 */
export function isKeyName(name: string): boolean {
  if (name === '') return false
  if (isAscii(name)) return true
  const start = startsWithIgnoringCase(name, encryptionContext) ? encryptionContext.length : name.indexOf('/') + 1
  return start > 0 && isAscii(name.slice(0, start)) && tagCharacters.test(name.slice(start))
}

const encryptionContext = 'kms:encryptioncontext:'

/** What may stand in `${…}`: IAM's guide has variables of tags, whose keys may hold blanks. */
export function isVariableName(name: string): boolean {
  return tagCharacters.test(name) && isKeyName(name)
}
