/** What a request may carry. Beyond it nothing is decided: what no caller of AWS can send is not worth a long comparison. */

/** ActionNameType of IAM's model. */
export const actionCharactersMax = 128

/** ResourceNameType and arnType of IAM's model. */
export const resourceCharactersMax = 2_048

/** The values of one key together: the listener takes no more than 16 KB of headers, where the longest values come from. */
export const contextValueCharactersMax = 16_384

/**
 * Values of one key. The longest lists that AWS fills in are those of a call's parts: `dynamodb:LeadingKeys` of the 100 items of a
 * BatchGetItem, `aws:TagKeys` of the 50 tags of a resource. This is ten times as many.
 */
export const contextValuesMax = 1_000
