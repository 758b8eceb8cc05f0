import { sql } from 'kysely'
import { listStatement, type Database, type Tx } from '../foundation/index.ts'
import type { AssistantTables, TurnOutcome } from './tables.ts'

export type TurnRecord = {
  correlation: string
  lane: string
  assistant: string
  attempt: number
  startedAt: number
  endedAt: number
  model: string | null
  tokensIn: number
  tokensOut: number
  costMicros: number | null
  rounds: number
  outcome: TurnOutcome
  error: string | null
  reused?: number
}

const COLUMNS = {
  correlation: 'text',
  lane: 'text',
  assistant: 'text',
  attempt: 'int',
  started_at: 'int',
  ended_at: 'int',
  model: 'text',
  tokens_in: 'int',
  tokens_out: 'int',
  cost_micros: 'int',
  rounds: 'int',
  outcome: 'text',
  error: 'text',
  reused: 'int',
} as const

const row = (r: TurnRecord) => ({
  correlation: r.correlation,
  lane: r.lane,
  assistant: r.assistant,
  attempt: r.attempt,
  started_at: Math.round(r.startedAt),
  ended_at: Math.round(r.endedAt),
  model: r.model,
  tokens_in: Math.round(r.tokensIn),
  tokens_out: Math.round(r.tokensOut),
  cost_micros: r.costMicros === null ? null : Math.round(r.costMicros),
  rounds: r.rounds,
  outcome: r.outcome,
  error: r.error?.slice(0, 300) ?? null,
  reused: r.reused ?? 0,
})

// A correlation that is retried for ever must not make a trace endless.
const MOST_SHOWN = 50
const BITE = 2_000

/** What each turn took. */
export function openTurnRecords({ db }: { db: Database }) {
  const q = db.as<AssistantTables>()
  const insert = listStatement<ReturnType<typeof row>, object>(
    db.engine,
    COLUMNS,
    (r) => sql`
      insert into turns(correlation, lane, assistant, attempt, started_at, ended_at, model, tokens_in, tokens_out, cost_micros, rounds, outcome, error, reused)
      select r.correlation, r.lane, r.assistant, r.attempt, r.started_at, r.ended_at, r.model, r.tokens_in, r.tokens_out, r.cost_micros, r.rounds, r.outcome, r.error, r.reused
      from ${r} where true`,
  )
  const write = async (tx: Tx, records: readonly TurnRecord[]): Promise<void> => {
    if (records.length === 0) return
    await insert(tx, records.map(row), {})
  }
  return {
    write,
    /** Of an attempt that came to nothing: outside any closing. */
    writeFailed: (record: TurnRecord): Promise<void> => db.transaction((tx) => write(tx, [record])),

    /** What a model's provider complained of may quote the person. */
    async forgetErrors(tx: Tx, chats: readonly { channel: string; chatId: string }[]): Promise<void> {
      for (const { channel, chatId } of chats)
        await sql`update turns set error = null where error is not null and lane like '%' || ${`|${channel}|${chatId}|`} || '%'`.execute(
          tx,
        )
    },

    async turnsOf(correlation: string): Promise<TurnRecord[]> {
      const found = await q
        .selectFrom('turns')
        .selectAll()
        .where('correlation', '=', correlation)
        .orderBy('seq')
        .limit(MOST_SHOWN)
        .execute()
      return found.map((r) => ({
        correlation: r.correlation,
        lane: r.lane,
        assistant: r.assistant,
        attempt: r.attempt,
        startedAt: r.started_at,
        endedAt: r.ended_at,
        model: r.model,
        tokensIn: r.tokens_in,
        tokensOut: r.tokens_out,
        costMicros: r.cost_micros,
        rounds: r.rounds,
        outcome: r.outcome,
        error: r.error,
        reused: r.reused,
      }))
    },

    /** Nightly, in small bites. */
    async forgetTurns(assistant: string, olderThan: number): Promise<number> {
      for (let forgotten = 0; ;) {
        const { rows: gone } = await sql`
          delete from turns where seq in (
            select seq from turns where assistant = ${assistant} and ended_at < ${olderThan} order by ended_at limit ${BITE}) returning seq`.execute(
          q,
        )
        forgotten += gone.length
        if (gone.length < BITE) return forgotten
      }
    },
  }
}
