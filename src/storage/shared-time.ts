import { sql } from 'kysely'
import type { Clock } from '../core/clock.ts'
import type { Storage } from './storage.ts'

/** Milliseconds, by one clock for all servers of a store: what they write for each other to compare is of this time. */
export type SharedTime = () => Promise<number>

/** PostgreSQL's own clock. An embedded store is used on one machine, so that machine's clock is shared already. */
export const sharedTimeOf = ({ engine, reader }: Storage, clock: Clock): SharedTime =>
  engine === 'sqlite'
    ? async () => clock.now()
    : async () => {
        const { rows } = await sql<{
          now: number
        }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(reader)
        return Number(rows[0]?.now)
      }
