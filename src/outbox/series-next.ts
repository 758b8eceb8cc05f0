import { sql } from 'kysely'
import { lockRows, Refused, rows, type Database, type Tx } from '../foundation/index.ts'
import { EXPIRY_MS, outboxLane, type Put, type Scheduled } from './put.ts'
import type { Rhythm } from './rhythm.ts'
import type { OutboxTables } from './tables.ts'

export type SeriesRow = OutboxTables['outbox_series']

export const rhythmIn = (series: SeriesRow): Rhythm => JSON.parse(series.rhythm) as Rhythm
export const keyAt = (series: SeriesRow, slot: number): string => `series-${series.id}-${slot}`
/** The hour that a message of a series was put for. */
export const slotIn = ({ key }: { key: string }): number => Number(key.split('-').at(-1))
/** Until when a message of that hour is of use. */
export const endOf = (series: SeriesRow, slot: number): number => slot + (EXPIRY_MS[series.kind] ?? 0)

/** The one message of a series: that of its next hour. */
export function openNext({
  db,
  scheduleIn,
}: {
  db: Database
  scheduleIn: (tx: Tx<OutboxTables>, put: Put) => Promise<Scheduled>
}) {
  const put = (tx: Tx<OutboxTables>, series: SeriesRow, slot: number): Promise<Scheduled> =>
    scheduleIn(tx, {
      assistant: series.assistant,
      channel: series.channel,
      chatId: series.chat_id,
      thread: series.thread,
      kind: series.kind,
      text: series.text ?? undefined,
      intent: series.intent ?? undefined,
      scheduledFor: slot,
      expiresAt: endOf(series, slot),
      key: keyAt(series, slot),
      correlation: series.correlation,
      seriesId: series.id,
    })

  return {
    put,

    /** On to that hour, or over. */
    async goTo(tx: Tx<OutboxTables>, series: SeriesRow, slot: number | undefined, zone: string, now: number): Promise<void> {
      if (slot !== undefined)
        await put(tx, series, slot).catch((error: unknown) => {
          // Too much waits for this person already: this once it is left out.
          if (!(error instanceof Refused)) throw error
        })
      const next = { slot_at: slot ?? series.slot_at, next_at: slot ?? null, ended_at: slot === undefined ? now : null }
      await tx
        .updateTable('outbox_series')
        .set({ ...next, zone, rhythm: series.rhythm })
        .where('id', '=', series.id)
        .execute()
    },

    /** Those that go on, locked; their lanes before them, as everywhere. */
    async lock(tx: Tx<OutboxTables>, ids: readonly number[]): Promise<SeriesRow[]> {
      if (ids.length === 0) return []
      const list = rows(
        db.engine,
        ids.map((id) => ({ id })),
        { id: 'int' },
      )
      const { rows: places } = await sql<Pick<SeriesRow, 'assistant' | 'channel' | 'chat_id'>>`
        select s.assistant, s.channel, s.chat_id from ${list} join outbox_series s on s.id = r.id`.execute(tx)
      const lanes = places.map((one) => ({ lane: outboxLane(one.assistant, one.channel, one.chat_id) }))
      if (lanes.length === 0) return []
      await sql`
        select lane from outbox_lanes where lane in (select r.lane from ${rows(db.engine, lanes, { lane: 'text' })}) order by lane ${lockRows(db.engine)}`.execute(
        tx,
      )
      const { rows: found } = await sql<SeriesRow>`
        select s.* from ${list} join outbox_series s on s.id = r.id
        where s.next_at is not null order by s.id ${lockRows(db.engine, 's')}`.execute(tx)
      return found
    },
  }
}

export type Next = ReturnType<typeof openNext>
