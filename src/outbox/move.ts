import { sql } from 'kysely'
import { lockRows, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { outboxLane } from './put.ts'
import type { Kind, OutboxTables, Status } from './tables.ts'

export type Promised = {
  id: number
  key: string
  kind: Kind
  at: number
  status: Status
  personId: string | null
  correlation: string
}
/** `was`: the time it had when it was decided; a promise that changed since stays as it is. `to: null` takes it back. */
export type Move = { id: number; was: number; to: number | null; why: string }
export type SentText = { text: string; format: 'plain' | 'markdown'; thread: string | null; keys: string[] }

const PROMISES = ['reminder', 'proactive'] as const

/** What was promised in a chat, found again by its key, moved or taken back at the person's wish. */
export function openMove({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<OutboxTables>()
  const promises = (lane: string) =>
    q
      .selectFrom('outbox_messages')
      .select(['id', 'key', 'kind', 'scheduled_for', 'status', 'person_id', 'correlation'])
      .where('lane', '=', lane)
      .where('kind', 'in', [...PROMISES])
      .where('key', 'is not', null)

  return {
    /** The latest of each key in this chat, whatever became of it. */
    async promised(assistant: string, channel: string, chatId: string, keys: readonly string[]): Promise<Promised[]> {
      if (keys.length === 0) return []
      const lane = outboxLane(assistant, channel, chatId)
      // Apart, so that each finds its index: what waits is little, what is over may be much.
      const [over, waiting] = await Promise.all(
        (['is', 'is not'] as const).map((due) =>
          promises(lane)
            .where('due_at', due, null)
            .where('key', 'in', [...keys])
            .execute(),
        ),
      )
      const all = [...over!, ...waiting!].sort((a, b) => a.id - b.id)
      return [...new Map(all.map((m) => [m.key!, promise(m)])).values()]
    },

    /** Those of the last turn that promised something, still pending, and put since then. */
    async lastPromised(assistant: string, channel: string, chatId: string, since: number): Promise<Promised[]> {
      const found = await promises(outboxLane(assistant, channel, chatId))
        .where('due_at', 'is not', null)
        .where('status', '=', sql.lit('pending' as const))
        .where('put_at', '>=', since)
        .where('key', 'like', 'plan-%')
        .orderBy('id', 'desc')
        .limit(20)
        .execute()
      return found.filter((m) => m.correlation === found[0]!.correlation).map(promise)
    },

    /** What a message of ours said when it was first sent, and the promises its buttons are about. */
    async sentAs(assistant: string, channel: string, chatId: string, messageId: string): Promise<SentText | undefined> {
      const found = await q
        .selectFrom('outbox_messages')
        .select(['text', 'format', 'thread', 'buttons'])
        .where('lane', '=', outboxLane(assistant, channel, chatId))
        .where('due_at', 'is', null)
        .where('message_id', '=', messageId)
        .where('edits', 'is', null)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      if (!found || found.text === null) return undefined
      return { text: found.text, format: found.format, thread: found.thread, keys: keysIn(found.buttons) }
    },

    /** Which of them were still as they had been, and so were moved. */
    async move(tx: Tx<OutboxTables>, moves: readonly Move[]): Promise<Set<number>> {
      const moved = new Set<number>()
      if (moves.length === 0) return moved
      const now = clock.now()
      await sql`select lane from outbox_lanes where lane in (
          select lane from outbox_messages where id in (${sql.join(moves.map((m) => m.id))})) order by lane ${lockRows(db.engine)}`.execute(
        tx,
      )
      for (const { id, was, to, why } of moves.toSorted((a, b) => a.id - b.id)) {
        const row = tx
          .updateTable('outbox_messages')
          .where('id', '=', id)
          .where('status', '=', 'pending')
          .where('kind', 'in', [...PROMISES])
          .where('scheduled_for', '=', was)
        const at = to === null ? 0 : Math.max(now, to)
        const { numUpdatedRows } = await (
          to === null
            ? row.set({ status: 'cancelled', reason: 'person_spoke', due_at: null })
            : row.set(({ eb, ref }) => ({
                scheduled_for: at,
                line_at: at,
                due_at: at,
                expires_at: eb(ref('expires_at'), '+', at - was),
                held_at: null,
                reason: null,
              }))
        ).executeTakeFirst()
        if (numUpdatedRows === 0n) continue
        moved.add(id)
        await sql`update outbox_lanes set puts = puts + 1, ready_at = case when owner is null then ${now} else ready_at end
          where lane = (select lane from outbox_messages where id = ${id})`.execute(tx)
        await tx
          .insertInto('outbox_decisions')
          .values({ message_id: id, at: now, what: to === null ? 'cancelled' : 'moved', why } as never)
          .execute()
      }
      return moved
    },
  }
}

type Row = {
  id: number
  key: string | null
  kind: Kind
  scheduled_for: number
  status: Status
  person_id: string | null
  correlation: string
}

const promise = (m: Row): Promised => ({
  id: m.id,
  key: m.key!,
  kind: m.kind,
  at: m.scheduled_for,
  status: m.status,
  personId: m.person_id,
  correlation: m.correlation,
})

function keysIn(buttons: string | null): string[] {
  const rows = buttons ? (JSON.parse(buttons) as { data: string }[][]) : []
  return [...new Set(rows.flat().flatMap(({ data }) => /^p:[hdu]:([\w-]{1,36}):/.exec(data)?.[1] ?? []))]
}
