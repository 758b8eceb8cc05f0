import { sql } from 'kysely'
import { lockRows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { CEILING, type Kind, type OutboxTables } from './tables.ts'

type Slotted = { id: number; person_id: string; channel: string; chat_id: string; kind: Kind; day: number; slot: number }

/**
 * Two persons turn out to be one: what waits and what was used of `from` is from now on `to`'s. The slots used by both add
 * up. A row that finds no free slot on its day keeps its own under the old name: then the joined person has used the whole
 * day, and no slot was freed. May be done again for what was on its way: it moves only what is left.
 */
export function openJoinPersons({ db, clock }: { db: Database; clock: Clock }) {
  return {
    async joinPersons(tx: Tx<OutboxTables>, from: string, to: string): Promise<{ moved: number; kept: number }> {
      // Lanes before rows, as everywhere.
      await sql`
        select lane from outbox_lanes where lane in (
          select lane from outbox_messages where person_id in (${from}, ${to}) and due_at is not null) order by lane ${lockRows(db.engine)}`.execute(
        tx,
      )
      await sql`select id from outbox_messages where person_id in (${from}, ${to}) and due_at is not null order by id ${lockRows(db.engine)}`.execute(
        tx,
      )
      await sql`update outbox_series set person_id = ${to} where person_id = ${from}`.execute(tx)
      const { rows: free } = await sql`
        update outbox_messages set person_id = ${to} where person_id = ${from} and quota_slot is null returning id`.execute(tx)
      const { rows: slotted } = await sql<Slotted>`
        select id, person_id, channel, chat_id, kind, quota_day as day, quota_slot as slot from outbox_messages
        where person_id in (${from}, ${to}) and quota_slot is not null order by quota_day, quota_slot, id`.execute(tx)
      const { moves, kept } = placesFor(slotted, from)
      for (const { id, slot } of moves)
        await tx.updateTable('outbox_messages').set({ person_id: to, quota_slot: slot }).where('id', '=', id).execute()
      if (kept.length > 0)
        await tx
          .insertInto('outbox_decisions')
          .values(kept.map((id) => ({ message_id: id, at: clock.now(), what: 'kept', why: 'daily_limit' })) as never)
          .execute()
      return { moved: free.length + moves.length, kept: kept.length }
    },
  }
}

/** Those whose number is free keep it; the others take what is left of their day. No two of one chat share a number. */
function placesFor(slotted: readonly Slotted[], from: string): { moves: { id: number; slot: number }[]; kept: number[] } {
  const taken = new Set<string>()
  const inChat = new Set<string>()
  const person = (s: Slotted, slot: number) => `${s.kind}|${s.day}|${slot}`
  const chat = (s: Slotted, slot: number) => `${s.channel}|${s.chat_id}|${person(s, slot)}`
  for (const s of slotted) {
    inChat.add(chat(s, s.slot))
    if (s.person_id !== from) taken.add(person(s, s.slot))
  }
  const moves: { id: number; slot: number }[] = []
  const crowded: Slotted[] = []
  for (const s of slotted) {
    if (s.person_id !== from) continue
    if (taken.has(person(s, s.slot))) crowded.push(s)
    else {
      taken.add(person(s, s.slot))
      moves.push({ id: s.id, slot: s.slot })
    }
  }
  const kept: number[] = []
  for (const s of crowded) {
    const ceiling = s.kind === 'proactive' ? CEILING.proactive : CEILING.reminder
    const slot = Array.from({ length: ceiling }, (_, n) => n + 1).find((n) => !taken.has(person(s, n)) && !inChat.has(chat(s, n)))
    if (slot === undefined) {
      kept.push(s.id)
      continue
    }
    taken.add(person(s, slot))
    inChat.add(chat(s, slot))
    moves.push({ id: s.id, slot })
  }
  return { moves, kept }
}
