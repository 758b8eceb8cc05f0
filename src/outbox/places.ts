import { sql } from 'kysely'
import type { Clock, Database } from '../foundation/index.ts'
import { outboxLane } from './put.ts'
import type { OutboxTables } from './tables.ts'

export type Pace = { intervalMs: number; burst: number }

// Of a chat's burst: what is left for what is really said.
const SPARE = 2

/** A chat's budget is one: what is shown beside the messages takes its places from there, and only where there is room. */
export function openPlaces({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<OutboxTables>()
  return {
    async takePlace(assistant: string, channel: string, chatId: string, { intervalMs, burst }: Pace): Promise<boolean> {
      const now = clock.now()
      const room = now + Math.max(0, burst - SPARE) * intervalMs
      const { rows: taken } = await sql`
        update outbox_lanes set paced_to = (case when paced_to > ${now} then paced_to else ${now} end) + ${intervalMs}
        where lane = ${outboxLane(assistant, channel, chatId)} and not_before <= ${now} and paced_to <= ${room}
          and not exists (select 1 from outbox_brakes where scope = ${`${channel}|${assistant}`} and until > ${now})
        returning lane`.execute(q)
      return taken.length > 0
    },
  }
}
