import { sql, type RawBuilder } from 'kysely'
import { rows, statement, type Clock, type Database, type Tx } from '../foundation/index.ts'
import { laneOf, type Incoming } from './inbox.ts'
import type { ConversationTables, Outcome } from './tables.ts'

export type Line = {
  seq: number
  speaker: string | null
  text: string
  at: number
  sourceKey: string
  outcome: Outcome | null
  kind?: string | null
}

export type HeardRecord = {
  seq: number
  sourceKey: string
  lane: string | null
  assistant: string
  channel: string
  chatId: string | null
  kind: string | null
  text: string | null
  raw: string | null
  saidAt: number | null
  receivedAt: number
  doneAt: number | null
  outcome: Outcome | null
  reason: string | null
}

export type Retention = { rawMs: number; transcriptMs: number; keysMs: number }

// Nightly work goes in small bites: a long statement would hold up the intake on SQLite.
const BITE = 2_000
// Above the number of any message.
const EVER = Number.MAX_SAFE_INTEGER

/** Looking back at what was heard, and forgetting it in time. */
export function openArchive({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<ConversationTables>()
  const all = () => q.selectFrom('heard').selectAll()
  const newest = (ended: RawBuilder<unknown>) =>
    statement<{ lane: string; before: number; limit: number }, LineRow>(
      (p) => sql`
        select seq, speaker, text, received_at, source_key, outcome, kind from heard
        where lane = ${p.lane} and done_at is not null and text is not null and seq < ${p.before} ${ended}
        order by seq desc limit ${p.limit}`,
    )
  const dealtWith = newest(sql``)
  const answered = newest(sql`and outcome = 'answered'`)
  const stillOpen = statement<{ lane: string }, LineRow>(
    (p) => sql`
      select seq, speaker, text, received_at, source_key, outcome from heard
      where lane = ${p.lane} and done_at is null order by seq limit 100`,
  )
  const linesOf = async (which: typeof answered, lane: string, limit: number, before = EVER): Promise<Line[]> => {
    const found = await which(q, { lane, before, limit })
    return (
      found
        .reverse()
        // A photo without words was still something that they said.
        .filter((r) => r.text !== '' || r.kind === 'photo')
        .map((r) => ({
          seq: r.seq,
          speaker: r.speaker,
          text: r.text!,
          at: r.received_at,
          sourceKey: r.source_key,
          outcome: r.outcome,
          kind: r.kind,
        }))
    )
  }

  return {
    /** When something was last said in any of these conversations; 0 if nothing is kept. */
    async lastHeard(tx: Tx, lanes: readonly string[]): Promise<number> {
      if (lanes.length === 0) return 0
      const list = lanes.map((lane) => ({ lane }))
      const { rows: found } = await sql<{ at: number | null }>`
        select max(c.heard_at) as at from ${rows(db.engine, list, { lane: 'text' })} join conversations c on c.lane = r.lane`.execute(
        tx,
      )
      return found[0]?.at ?? 0
    },

    /** What people said in this conversation and was dealt with, oldest first. */
    lines: (lane: string, limit: number, before?: number) => linesOf(dealtWith, lane, limit, before),

    /** Without what was refused or parked: a model must not answer it after all. */
    answeredLines: (lane: string, limit: number, before?: number) => linesOf(answered, lane, limit, before),

    /** Those of the conversation that still wait, for a page that shows everything. */
    async waiting(lane: string): Promise<Line[]> {
      const found = await stillOpen(q, { lane })
      return found.map((r) => ({
        seq: r.seq,
        speaker: r.speaker,
        text: r.text ?? '',
        at: r.received_at,
        sourceKey: r.source_key,
        outcome: r.outcome,
      }))
    },

    async find(by: { seq: number } | { sourceKey: string }): Promise<HeardRecord | undefined> {
      const found = await (
        'seq' in by ? all().where('seq', '=', by.seq) : all().where('source_key', '=', by.sourceKey)
      ).executeTakeFirst()
      return found && record(found)
    },

    /** Was a message with this id of the channel already dealt with in the conversation? */
    async wasDone(lane: string, externalId: string): Promise<boolean> {
      const found = await q
        .selectFrom('heard')
        .select('seq')
        .where('lane', '=', lane)
        .where('done_at', 'is not', null)
        .where('external_id', '=', externalId)
        .where('kind', '!=', 'edit')
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },

    async parked(limit: number, after = 0): Promise<HeardRecord[]> {
      const found = await q
        .selectFrom('heard_parked')
        .innerJoin('heard', 'heard.seq', 'heard_parked.seq')
        .selectAll('heard')
        .where('heard_parked.seq', '>', after)
        .orderBy('heard_parked.seq')
        .limit(limit)
        .execute()
      return found.map(record)
    },

    async countParked(): Promise<number> {
      const { n } = await q
        .selectFrom('heard_parked')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    /** How many conversations wait, and since when the oldest does. */
    async backlog(): Promise<{ conversations: number; oldestReadyAt: number | null }> {
      const now = clock.now()
      const { rows: found } = await sql<{ n: number; oldest: number | null }>`
        select count(*) as n, min(ready_at) as oldest from conversations where ready_at <= ${now}`.execute(q)
      return { conversations: Number(found[0]?.n ?? 0), oldestReadyAt: found[0]?.oldest ?? null }
    },

    /** A parked update that can be read by now: it gets its place, and then waits like any other. */
    async nowUnderstood(seq: number, m: Incoming): Promise<boolean> {
      if (m.chatId === undefined) return false
      const lane = laneOf(m.assistant, m.channel, m.chatId, m.thread)
      const now = clock.now()
      return db.transaction<ConversationTables, boolean>(async (tx) => {
        await sql`
          insert into conversations(lane, assistant, channel, chat_id, thread, heard_at, born_at)
          values (${lane}, ${m.assistant}, ${m.channel}, ${m.chatId}, ${m.thread ?? null}, ${now}, ${now}) on conflict(lane) do nothing`.execute(
          tx,
        )
        const { rows: changed } = await sql`
          update heard set lane = ${lane}, chat_id = ${m.chatId}, speaker = ${m.speaker ?? null}, kind = ${m.kind},
            external_id = ${m.externalId ?? null}, text = ${m.text}, said_at = ${m.saidAt}
          where seq = ${seq} and outcome = 'parked' and lane is null returning seq`.execute(tx)
        return changed.length > 0
      })
    },

    /** A chat got a new id: its conversations go on under it. */
    async moveChat(tx: Tx<ConversationTables>, channel: string, from: string, to: string): Promise<void> {
      const old = await tx
        .selectFrom('conversations')
        .selectAll()
        .where('channel', '=', channel)
        .where('chat_id', '=', from)
        .orderBy('lane')
        .execute()
      for (const c of old) {
        const lane = laneOf(c.assistant, channel, to, c.thread)
        await sql`
          insert into conversations(lane, assistant, channel, chat_id, thread, ready_at, pending, heard_at, born_at, waiting_since, settle_until)
          values (${lane}, ${c.assistant}, ${channel}, ${to}, ${c.thread}, ${c.pending > 0 ? clock.now() : null}, ${c.pending}, ${c.heard_at}, ${c.born_at}, ${c.waiting_since}, 0)
          on conflict(lane) do update set pending = conversations.pending + excluded.pending,
            ready_at = case when conversations.ready_at is null then excluded.ready_at else conversations.ready_at end`.execute(
          tx,
        )
        await tx.updateTable('heard').set({ lane, chat_id: to }).where('lane', '=', c.lane).execute()
        await tx.deleteFrom('conversations').where('lane', '=', c.lane).execute()
      }
    },

    /** Enforces what was promised about keeping. Keys of updates stay longer: without them a repeat would be answered again. */
    async forget(assistant: string, { rawMs, transcriptMs, keysMs }: Retention): Promise<number> {
      const now = clock.now()
      const keep = Math.max(transcriptMs, keysMs)
      let forgotten = 0
      for (let from = 0; ;) {
        const { rows: bite } = await sql<{ last: number | null; oldest: number | null }>`
          select max(seq) as last, min(received_at) as oldest
          from (select seq, received_at from heard where seq > ${from} order by seq limit ${BITE}) as bite`.execute(q)
        const last = bite[0]?.last ?? null
        if (last === null || (bite[0]!.oldest ?? now) >= now - rawMs) return forgotten
        const over = sql`seq > ${from} and seq <= ${last} and assistant = ${assistant} and done_at is not null`
        const { rows: gone } = await sql`delete from heard where ${over} and received_at < ${now - keep} returning seq`.execute(q)
        const { rows: silent } = await sql`
          update heard set text = null, speaker = null, raw = null
          where ${over} and received_at < ${now - transcriptMs} and (text is not null or raw is not null) returning seq`.execute(
          q,
        )
        const { rows: blank } = await sql`
          update heard set raw = null
          where ${over} and received_at < ${now - rawMs} and raw is not null and outcome <> 'parked' returning seq`.execute(q)
        forgotten += gone.length + silent.length + blank.length
        from = last
      }
    },
  }
}

export type Archive = ReturnType<typeof openArchive>

type LineRow = Pick<ConversationTables['heard'], 'seq' | 'speaker' | 'text' | 'received_at' | 'source_key' | 'outcome' | 'kind'>

const record = (r: ConversationTables['heard']): HeardRecord => ({
  seq: r.seq,
  sourceKey: r.source_key,
  lane: r.lane,
  assistant: r.assistant,
  channel: r.channel,
  chatId: r.chat_id,
  kind: r.kind,
  text: r.text,
  raw: r.raw,
  saidAt: r.said_at,
  receivedAt: r.received_at,
  doneAt: r.done_at,
  outcome: r.outcome,
  reason: r.reason,
})
