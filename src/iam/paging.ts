/** Pages of a list that is sorted by one unique text: the marker is the last text that was given. */

/** AWS's default and the model's maximum is 1,000 (aws-behaviour: §1.1). */
const pageSizeDefault = 100

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** The text after which the page begins; empty for the first one. Undefined: the marker is none of ours. */
export function parseMarker(marker: string | undefined): string | undefined {
  if (marker === undefined) return ''
  const text = Buffer.from(marker, 'base64url').toString()
  return text !== '' && Buffer.from(text).toString('base64url') === marker ? text : undefined
}

/**
 * `read(after, limit)` gives rows whose text is greater than `after`, in order. One row more than the page is asked for: it tells
 * whether there are more.
 */
export async function readPage<Row>(
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
  refuse: (code: 'ValidationError', message: string) => never,
  read: (after: string, limit: number) => Promise<readonly Row[]>,
  textOf: (row: Row) => string,
): Promise<Page<Row>> {
  const after = parseMarker(input.Marker)
  if (after === undefined) return refuse('ValidationError', 'Invalid Marker.')
  const size = input.MaxItems ?? pageSizeDefault
  const rows = await read(after, size + 1)
  const last = rows[size - 1]
  if (rows.length <= size || last === undefined) return { rows, IsTruncated: false }
  return { rows: rows.slice(0, size), IsTruncated: true, Marker: Buffer.from(textOf(last)).toString('base64url') }
}
