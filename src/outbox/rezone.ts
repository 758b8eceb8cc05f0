import { sql } from 'kysely'
import type { Clock, Tx } from '../foundation/index.ts'
import { dayOf, nextSlot, relaid } from './rhythm.ts'
import { endOf, keyAt, rhythmIn, type Next, type SeriesRow } from './series-next.ts'
import type { OutboxTables, Status } from './tables.ts'

type Message = { id: number; status: Status }

/**
 * Somebody lives elsewhere now: the hour of what repeats goes with them, on the day it was meant for. What was promised
 * once, for a moment that was said, stays at that moment.
 */
export function openRezone({ clock, next }: { clock: Clock; next: Next }) {
  const messageAt = async (tx: Tx<OutboxTables>, one: SeriesRow, slot: number): Promise<Message | undefined> => {
    const found = await tx
      .selectFrom('outbox_messages')
      .select(['id', 'status'])
      .where('series_id', '=', one.id)
      .where('key', '=', keyAt(one, slot))
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return found
  }

  const slotThere = async (tx: Tx<OutboxTables>, one: SeriesRow, was: string, zone: string): Promise<number | undefined> => {
    const now = clock.now()
    const slot = relaid(rhythmIn(one), one.slot_at, one.zone ?? was, zone)
    // Later on that day it is still of use; once the day is over there, the next is.
    const over = endOf(one, slot) <= now || dayOf(slot, zone) < dayOf(now, zone)
    // A whole day apart it is the very moment at which it came last.
    const twice = slot !== one.slot_at && (await messageAt(tx, one, slot)) !== undefined
    return over || twice ? nextSlot(rhythmIn(one), Math.max(now, slot), zone) : slot
  }

  const move = async (tx: Tx<OutboxTables>, one: SeriesRow, { id }: Message, slot: number): Promise<void> => {
    const now = clock.now()
    const at = Math.max(now, slot)
    await tx
      .updateTable('outbox_messages')
      .set({
        scheduled_for: at,
        line_at: at,
        due_at: at,
        expires_at: endOf(one, slot),
        key: keyAt(one, slot),
        held_at: null,
        reason: null,
      })
      .where('id', '=', id)
      .execute()
    await sql`update outbox_lanes set puts = puts + 1, ready_at = case when owner is null then ${now} else ready_at end
      where lane = (select lane from outbox_messages where id = ${id})`.execute(tx)
    await tx
      .insertInto('outbox_decisions')
      .values({ message_id: id, at: now, what: 'moved', why: 'zone_changed' } as never)
      .execute()
  }

  return {
    /** `was`: where they lived before, for a series that does not know. */
    async rezone(tx: Tx<OutboxTables>, personId: string, was: string, zone: string): Promise<void> {
      const found = await tx
        .selectFrom('outbox_series')
        .select('id')
        .where('person_id', '=', personId)
        .where('next_at', 'is not', null)
        .execute()
      const series = await next.lock(
        tx,
        found.map(({ id }) => id),
      )
      for (const one of series) {
        if ((one.zone ?? was) === zone) continue
        const message = await messageAt(tx, one, one.slot_at)
        // What is leaving has had its hour: the series goes on from there by itself.
        if (message?.status !== 'pending' && (message?.status !== 'cancelled' || one.slot_at <= clock.now())) continue
        const slot = await slotThere(tx, one, was, zone)
        if (slot === undefined) continue
        if (message.status === 'pending') await move(tx, one, message, slot)
        await tx.updateTable('outbox_series').set({ slot_at: slot, next_at: slot, zone }).where('id', '=', one.id).execute()
      }
    },
  }
}
