import { listRecords } from '../cloudtrail/event-store.ts'
import { openStoreOf, parseAccountFlag, parseFlags, parseNumberFlag } from './options.ts'
import { toTerminal } from './print-answer.ts'

/** Enough for a terminal; `--limit` gives more. */
const limitDefault = '100'

export async function events(args: readonly string[]): Promise<number> {
  const flags = parseFlags('events', args)
  const account = flags.account === undefined ? undefined : parseAccountFlag(flags.account)
  const limit = parseNumberFlag(flags.limit ?? limitDefault, 'limit', 1, 1_000_000)
  const { storage } = await openStoreOf(flags, { mustExist: true })
  try {
    const records = await listRecords(storage.reader, account, limit)
    for (const record of records) process.stdout.write(`${flags.json === true ? record : toLine(JSON.parse(record))}\n`)
    return 0
  } finally {
    await storage.close()
  }
}

interface Shown {
  eventTime: string
  recipientAccountId: string
  eventName: string
  userIdentity: { type: string; userName?: string; arn?: string; invokedBy?: string }
  sourceIPAddress: string
  errorCode?: string
  errorMessage?: string
  additionalEventData?: { MFAUsed?: string }
  responseElements?: { ConsoleLogin?: string } | null
}

function outcomeOf({ eventName, errorCode, errorMessage, responseElements }: Shown): string {
  if (eventName === 'RefusedRequests') return `${errorCode}: ${errorMessage}`
  return errorCode ?? errorMessage ?? responseElements?.ConsoleLogin ?? ''
}

/** One line for a person: when, which account, who, what, and how it ended. */
function toLine(record: Shown): string {
  const { userIdentity: who } = record
  const outcome = outcomeOf(record)
  const mfa = record.additionalEventData?.MFAUsed === undefined ? '' : `MFA ${record.additionalEventData.MFAUsed}`
  const name = who.arn ?? who.userName ?? who.invokedBy ?? who.type
  const parts = [
    record.eventTime,
    record.recipientAccountId,
    record.eventName,
    name,
    record.sourceIPAddress,
    mfa,
    outcome,
  ]
  return toTerminal(parts.filter((part) => part !== '').join('  '))
}
