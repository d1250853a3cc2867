/** Pages of a list that is sorted by one unique text. The marker holds the last text that was given. */
import { createHash } from 'node:crypto'

/** AWS's default and the model's maximum is 1,000 (aws-behaviour: §1.1). */
const pageSizeDefault = 100

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

interface PagingInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

type Refuse = (code: 'ValidationError', message: string) => never

/** Of a marker: tells one of ours from what was typed, cut off or made up. It keeps no secret. */
const checkLength = 8

/**
 * The model takes markers of at most 320 characters, space to ÿ: a serial number of 256 fits as it is, in base64 it would not.
 * Texts are ASCII and of at most 312 characters; of longer ones the marker has a hash.
 */
const toMarker = (text: string): string => checkOf(text) + text

const checkOf = (text: string): string => hashOf(text).slice(0, checkLength)

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The text after which the page begins; empty for the first one. Undefined: the marker is none of ours. */
function parseMarker(marker: string | undefined): string | undefined {
  if (marker === undefined) return ''
  const text = marker.slice(checkLength)
  return text !== '' && toMarker(text) === marker ? text : undefined
}

/**
 * `read(after, limit)` gives rows whose text is greater than `after`, in order. One row more than the page is asked for: it tells
 * whether there are more.
 */
export async function readPage<Row>(
  input: PagingInput,
  refuse: Refuse,
  read: (after: string, limit: number) => Promise<readonly Row[]>,
  textOf: (row: Row) => string,
): Promise<Page<Row>> {
  const after = parseMarker(input.Marker)
  if (after === undefined) return refuseMarker(refuse)
  const size = input.MaxItems ?? pageSizeDefault
  const rows = await read(after, size + 1)
  const last = rows[size - 1]
  if (rows.length <= size || last === undefined) return { rows, IsTruncated: false }
  return { rows: rows.slice(0, size), IsTruncated: true, Marker: toMarker(textOf(last)) }
}

/** The same for a short list that has been read whole, in whatever order. Its texts may be of any length and characters. */
export function pageOf<Row>(
  input: PagingInput,
  refuse: Refuse,
  rows: readonly Row[],
  textOf: (row: Row) => string,
): Promise<Page<Row>> {
  const hashOfRow = (row: Row) => hashOf(textOf(row))
  const read = async (after: string, limit: number) => {
    const start = after === '' ? 0 : rows.findIndex((row) => hashOfRow(row) === after) + 1
    // The row that the last page ended with is gone: what would follow it is not known.
    return after !== '' && start === 0 ? refuseMarker(refuse) : rows.slice(start, start + limit)
  }
  return readPage(input, refuse, read, hashOfRow)
}

/** The page of a list that has no entries: no marker belongs to it. */
export const emptyPage = (input: PagingInput, refuse: Refuse): Promise<Page<never>> =>
  pageOf<never>(input, refuse, [], String)

const refuseMarker = (refuse: Refuse): never => refuse('ValidationError', 'Invalid Marker.')
