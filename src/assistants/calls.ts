import { sql } from 'kysely'
import type { Closing, Turn } from '../conversations/index.ts'
import { clean, rows, sha256, type Clock, type Database, type Tx } from '../foundation/index.ts'
import type { ModelMessage } from './model.ts'
import type { AssistantTables } from './tables.ts'
import type { Tool } from './tool.ts'
import { told, type ToolOutcome } from './use-tool.ts'

/*
 * What tools that write did in a turn that has not come to an answer.
 *
 *   begun (committed) → run → ended, with what it said (committed) → gone when the turn is answered
 *   killed before it began   → nothing happened; the model asks again
 *   killed after it ended    → the next try is told of the call and its result, and calling the same again gives that result
 *   killed in between        → nobody knows: it is not run again (unless its key makes that safe), and the model is told so
 *   an apology               → kept for the conversation's next turn: a person who asks again does not get it twice
 *
 * Kept by conversation and not by turn: after a failure the same messages come one by one, or with others behind them.
 */

type Row = AssistantTables['tool_calls']

export type TurnCalls = {
  /** The conversation as told to the model, with the calls that were made before. */
  among(messages: readonly ModelMessage[]): ModelMessage[]
  /** So many rounds of this turn are over already: their keys are taken. */
  roundsBefore: number
  once(tool: Tool, args: unknown, key: string, run: (key: string) => Promise<ToolOutcome>): Promise<ToolOutcome>
  any(): boolean
}

const FORGOTTEN_MS = 86_400_000
const PARKED_FORGOTTEN_MS = 30 * FORGOTTEN_MS
const MOST_SHOWN = 32
// A model that repeats itself is not to change the world sixty times before somebody reads of it.
const MOST_IN_A_TURN = 10
const ENOUGH_DONE = told(
  'too_many_changes',
  'nothing more may be changed in this turn. Tell the person what was done and what is left, and go on when they answer',
)
const UNKNOWN = told(
  'outcome_unknown',
  'it was begun and interrupted; whether it took effect is not known. Do not repeat it: say so, and offer to find out',
)

export function openCalls({ db, clock }: { db: Database; clock: Clock }) {
  const q = db.as<AssistantTables>()

  return {
    async ofTurn(turn: Turn, personId: string): Promise<TurnCalls> {
      const seqs = turn.messages.map((m) => m.seq)
      const [first, last] = [Math.min(...seqs), Math.max(...seqs)]
      const isOurs = (row: Row) => row.first_seq <= last && row.last_seq >= first
      const kept = await q
        .selectFrom('tool_calls')
        .selectAll()
        .where('lane', '=', turn.lane)
        .where('person_id', '=', personId)
        .where('begun_at', '>', clock.now() - PARKED_FORGOTTEN_MS)
        .orderBy('begun_at')
        .orderBy('call_key')
        .limit(200)
        .execute()
      const ours = kept.filter(isOurs)
      const before = kept.filter((row) => !isOurs(row) && row.parked === 0 && row.begun_at > clock.now() - FORGOTTEN_MS)
      let made = 0
      return {
        roundsBefore: Math.max(0, ...ours.map((row) => row.round)),
        any: () => made + kept.length > 0,
        among(messages) {
          const said = messages.findLastIndex((m) => m.role === 'user')
          return [
            ...messages.slice(0, Math.max(0, said)),
            ...asMessages(before.slice(-MOST_SHOWN)),
            ...messages.slice(Math.max(0, said)),
            ...asMessages(ours.slice(-MOST_SHOWN)),
          ]
        },
        async once(tool, args, key, run) {
          const text = clean(JSON.stringify(inOrder(args)))
          const same = sha256(`${tool.name} ${text}`)
          const again = ours.find((row) => row.same === same)
          if (again && (again.ended_at !== null || tool.writes !== 'by key')) return outcomeOf(again)
          if (!again && ours.length + made >= MOST_IN_A_TURN) return { made: true, content: ENOUGH_DONE, untouched: true }
          const callKey = again?.call_key ?? key
          made++
          if (!again && !(await begin(callKey, roundOf(key), tool.name, text, same))) return { made: true, content: UNKNOWN }
          const outcome = await run(callKey)
          await (outcome.untouched ? undo(callKey) : end(callKey, outcome))
          return outcome
        },
      }

      async function begin(key: string, round: number, tool: string, text: string, same: string): Promise<boolean> {
        const now = clock.now()
        return db.transaction<AssistantTables, boolean>(async (tx) => {
          await sql`delete from tool_calls where begun_at < ${now - PARKED_FORGOTTEN_MS}
            or (parked = 0 and begun_at < ${now - FORGOTTEN_MS})`.execute(tx)
          const { rows: fresh } = await sql`
            insert into tool_calls(call_key, lane, person_id, first_seq, last_seq, round, tool, arguments, same, begun_at)
            values (${key}, ${turn.lane}, ${personId}, ${first}, ${last}, ${round}, ${tool}, ${text}, ${same}, ${now})
            on conflict (call_key) do nothing returning call_key`.execute(tx)
          return fresh.length > 0
        })
      }
    },

    /** In the transaction that ends the turns. */
    async closed(
      tx: Tx,
      closings: readonly Closing<{ settlesCalls?: boolean; turnRecord: { outcome: string } }>[],
    ): Promise<void> {
      const spans = (which: typeof closings) =>
        which.flatMap(({ turn: { lane, messages } }) =>
          messages.length === 0 ? [] : [{ lane, first: messages[0]!.seq, last: messages.at(-1)!.seq }],
        )
      const settled = spans(closings.filter(({ effects }) => effects.settlesCalls))
      const parked = spans(closings.filter(({ effects }) => effects.turnRecord.outcome === 'parked'))
      const SPAN = { lane: 'text', first: 'int', last: 'int' } as const
      if (settled.length > 0)
        await sql`delete from tool_calls where call_key in (
          select c.call_key from ${rows(db.engine, settled, SPAN)} join tool_calls c on c.lane = r.lane
          where c.last_seq <= r.last and (c.parked = 0 or c.last_seq >= r.first))`.execute(tx)
      // Whoever puts the message back gets the same turn again.
      if (parked.length > 0)
        await sql`update tool_calls set parked = 1 where call_key in (
          select c.call_key from ${rows(db.engine, parked, SPAN)} join tool_calls c on c.lane = r.lane
          where c.first_seq <= r.last and c.last_seq >= r.first)`.execute(tx)
    },

    async erase(tx: Tx, personId: string): Promise<void> {
      await sql`delete from tool_calls where person_id = ${personId}`.execute(tx)
    },
  }

  async function end(key: string, { made, content }: ToolOutcome): Promise<void> {
    await sql`update tool_calls set ended_at = ${clock.now()}, made = ${made ? 1 : 0}, result = ${clean(content)}
      where call_key = ${key} and ended_at is null`.execute(q)
  }

  async function undo(key: string): Promise<void> {
    await sql`delete from tool_calls where call_key = ${key}`.execute(q)
  }
}

const roundOf = (key: string): number => Number(key.split(':').at(-2)) || 0

/** The same arguments, however a model orders them. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, inOrder(one)]),
  )
}

const outcomeOf = (row: Row): ToolOutcome => ({ made: row.made !== 0, content: row.result ?? UNKNOWN })

/** Each with its result right behind it, as every protocol wants it. */
const asMessages = (calls: readonly Row[]): ModelMessage[] =>
  calls.flatMap((row, n) => {
    const id = `earlier_${n}_${sha256(row.call_key).slice(0, 12)}`
    return [
      { role: 'assistant', content: '', calls: [{ id, name: row.tool, arguments: row.arguments }] },
      { role: 'tool', callId: id, name: row.tool, content: outcomeOf(row).content },
    ]
  })

export type Calls = ReturnType<typeof openCalls>
