import { sql } from 'kysely'
import { rows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { dayOf, nextSlot, without } from './rhythm.ts'
import { rhythmIn, slotIn, type Next } from './series-next.ts'
import type { OutboxTables } from './tables.ts'

/** Of the series that this message belongs to: `next` leaves out this very message; `days` what comes on those local days. */
export type Skip = { id: number; next: boolean; days: readonly string[]; why: string }

export type SkipOptions = {
  db: Database
  clock: Clock
  next: Next
  zoneOf?: ((tx: Tx, personId: string) => Promise<string | undefined>) | undefined
}

/** One time of a series is left out at the person's wish, and it goes on. Said again, it is left out already. */
export function openSkip({ db, clock, next, zoneOf }: SkipOptions) {
  type Message = { id: number; series_id: number; key: string }
  const messagesOf = async (tx: Tx<OutboxTables>, ids: readonly number[]): Promise<Map<number, Message>> => {
    const list = rows(
      db.engine,
      ids.map((id) => ({ id })),
      { id: 'int' },
    )
    const { rows: found } = await sql<Message>`
      select m.id, m.series_id, m.key from ${list} join outbox_messages m on m.id = r.id where m.series_id is not null and m.key is not null`.execute(
      tx,
    )
    return new Map(found.map((m) => [m.id, m]))
  }

  const note = (tx: Tx<OutboxTables>, id: number, what: string, why: string) =>
    tx
      .insertInto('outbox_decisions')
      .values({ message_id: id, at: clock.now(), what, why } as never)
      .execute()

  const end = async (tx: Tx<OutboxTables>, { id, why }: Skip): Promise<boolean> => {
    const { numUpdatedRows } = await tx
      .updateTable('outbox_messages')
      .set({ status: 'cancelled', reason: 'person_spoke', due_at: null })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await note(tx, id, 'cancelled', why)
    await sql`update outbox_lanes set puts = puts + 1, ready_at = case when owner is null then ${clock.now()} else ready_at end
      where lane = (select lane from outbox_messages where id = ${id})`.execute(tx)
    return true
  }

  return {
    /** Which of them were still to be left out, and are. */
    async skip(tx: Tx<OutboxTables>, wishes: readonly Skip[]): Promise<Set<number>> {
      const done = new Set<number>()
      if (wishes.length === 0) return done
      const ids = wishes.map(({ id }) => id)
      const before = await messagesOf(tx, ids)
      const series = await next.lock(tx, [...new Set([...before.values()].map((m) => m.series_id))])
      // As they are now that nobody else can change them.
      const messages = await messagesOf(tx, ids)
      for (const wish of wishes) {
        const message = messages.get(wish.id)
        const one = series.find(({ id }) => id === message?.series_id)
        if (!message || !one) continue
        const now = clock.now()
        const zone = (await zoneOf?.(tx, one.person_id)) ?? 'UTC'
        const slot = slotIn(message)
        const day = dayOf(slot, one.zone ?? zone)
        const already = rhythmIn(one).except?.includes(day) ?? false
        const meansIt = wish.next || wish.days.includes(day)
        const ended = meansIt && (await end(tx, wish))
        if (!meansIt || ended || already) done.add(wish.id)
        const rhythm = without(rhythmIn(one), ended ? [...wish.days, day] : wish.days, dayOf(now, zone))
        one.rhythm = JSON.stringify(rhythm)
        await tx.updateTable('outbox_series').set({ rhythm: one.rhythm }).where('id', '=', one.id).execute()
        if (!meansIt) await note(tx, wish.id, 'noted', wish.why)
        if (ended && slot === one.slot_at) await next.goTo(tx, one, nextSlot(rhythm, Math.max(now, slot), zone), zone, now)
      }
      return done
    },
  }
}
