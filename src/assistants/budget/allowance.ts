import { sql } from 'kysely'
import { Refused, type Clock, type Database, type Log, type Tx } from '../../foundation/index.ts'
import { localDay } from '../../outbox/index.ts'
import type { AssistantTables } from '../tables.ts'
import { costOf } from './prices.ts'
import type { Estimate } from './estimate.ts'

/*
 * What may be spent on a day: tokens and money of one person with one assistant, money of an assistant with everybody.
 *
 *   before a call   the most it can cost is held: one statement per limit that adds only where there is room for it, so
 *                   that any number of callers, in any number of processes, never hold and spend more than the limit
 *   after it        what was held is given back and what it did cost is spent
 *   never after it  (killed, hung, cut) it stays held: it may have been billed, so it counts in full until midnight
 *
 * A day is the person's own, from their midnight to the next; of an assistant with everybody, the house's.
 */

export type Limits = {
  tokensPersonDay?: number
  /** In dollars, as the two that follow. */
  moneyPersonDay?: number
  moneyDay?: number
}
export type Purse = { assistant: string; personId: string; zone: string; limits: Limits }
export type Hold = Purse & { day: number; houseDay: number; tokens: number; micros: number }
export type SpentScope = 'person' | 'assistant'

/** There is no room left today. `until`: when there will be. */
export class Spent extends Refused {
  readonly until: number
  readonly scope: SpentScope
  constructor(scope: SpentScope, until: number) {
    super('budget_spent', `nothing is left for today (${scope})`, { details: { scope, until } })
    this.name = 'Spent'
    this.until = until
    this.scope = scope
  }
}

export type AllowanceOptions = {
  db: Database
  clock: Clock
  log: Log
  /** The house's, for what is counted over everybody. */
  zone: string
  /** Once per assistant, scope and day, over all processes: for the operator. */
  onSpent?(about: { assistant: string; scope: SpentScope }): void
  /** What each call did cost: for the numbers. */
  onCall?(about: { assistant: string; model: string; tokens: number; micros: number }): void
}

// Above any sum: no limit.
const NO_LIMIT = 9_000_000_000_000_000
const MICROS = 1_000_000

export function openAllowance({ db, clock, log, zone, onSpent, onCall }: AllowanceOptions) {
  const q = db.as<AssistantTables>()
  const settling = new Map<Promise<void>, string>()

  /** Adds where there is room for it; a fresh row too must have it. */
  const hold = async (
    tx: Tx,
    { assistant, personId, day, houseDay, tokens, micros, limits }: Hold,
  ): Promise<SpentScope | undefined> => {
    const { tokensPersonDay = NO_LIMIT, moneyPersonDay, moneyDay } = limits
    const microsPerson = microsOf(moneyPersonDay)
    const { rows: own } = await sql`
      insert into budget_people(assistant, person_id, day, tokens_held, micros_held)
      select ${assistant}, ${personId}, cast(${day} as int), cast(${tokens} as bigint), cast(${micros} as bigint)
      where cast(${tokens} as bigint) <= cast(${tokensPersonDay} as bigint) and cast(${micros} as bigint) <= cast(${microsPerson} as bigint)
      on conflict (assistant, person_id, day) do update
        set tokens_held = budget_people.tokens_held + excluded.tokens_held, micros_held = budget_people.micros_held + excluded.micros_held
        where budget_people.tokens_spent + budget_people.tokens_held + excluded.tokens_held <= ${tokensPersonDay}
          and budget_people.micros_spent + budget_people.micros_held + excluded.micros_held <= ${microsPerson}
      returning day`.execute(tx)
    if (own.length === 0) return 'person'
    const { rows: all } = await sql`
      insert into budget_days(assistant, day, micros_held)
      select ${assistant}, cast(${houseDay} as int), cast(${micros} as bigint)
      where cast(${micros} as bigint) <= cast(${microsOf(moneyDay)} as bigint)
      on conflict (assistant, day) do update set micros_held = budget_days.micros_held + excluded.micros_held
        where budget_days.micros_spent + budget_days.micros_held + excluded.micros_held <= ${microsOf(moneyDay)}
      returning day`.execute(tx)
    return all.length === 0 ? 'assistant' : undefined
  }

  // Until it is on the disk it stays held, as if the call had never ended.
  const giveBack = (held: Hold, tokens: number, micros: number): Promise<void> =>
    db.soft.transaction(async (tx) => {
      await sql`
        update budget_people set tokens_held = tokens_held - ${held.tokens}, micros_held = micros_held - ${held.micros},
          tokens_spent = tokens_spent + ${tokens}, micros_spent = micros_spent + ${micros}
        where assistant = ${held.assistant} and person_id = ${held.personId} and day = ${held.day}`.execute(tx)
      await sql`
        update budget_days set micros_held = micros_held - ${held.micros}, micros_spent = micros_spent + ${micros}
        where assistant = ${held.assistant} and day = ${held.houseDay}`.execute(tx)
    })

  /** True the first time today. */
  const firstRefusal = async (assistant: string, scope: SpentScope): Promise<boolean> => {
    const column = sql.ref(scope === 'person' ? 'person_told_at' : 'told_at')
    const { rows: fresh } = await sql`
      insert into budget_days(assistant, day, ${column}) values (${assistant}, ${localDay(clock.now(), zone)}, ${clock.now()})
      on conflict (assistant, day) do update set ${column} = excluded.${column} where budget_days.${column} is null
      returning day`.execute(q)
    return fresh.length > 0
  }

  return {
    async reserve(purse: Purse, model: string, most: Estimate, tells = true): Promise<Hold> {
      const now = clock.now()
      const held: Hold = {
        ...purse,
        day: localDay(now, purse.zone),
        houseDay: localDay(now, zone),
        tokens: most.in + most.out,
        micros: most.micros ?? costOf(model, most) ?? 0,
      }
      // What this process is about to give this person back is not to be missing.
      await Promise.all([...settling].flatMap(([settled, whose]) => (whose === purse.personId ? [settled] : [])))
      const lacking = await db
        .transaction(async (tx) => {
          const scope = await hold(tx, held)
          if (scope) throw new NoRoom(scope)
          return undefined
        })
        .catch((error: unknown) => {
          if (error instanceof NoRoom) return error.scope
          throw error
        })
      if (!lacking) return held
      if (tells && (await firstRefusal(purse.assistant, lacking))) {
        log.warn('budget_spent', { assistant: purse.assistant, scope: lacking })
        onSpent?.({ assistant: purse.assistant, scope: lacking })
      }
      throw new Spent(lacking, nextMidnight(now, lacking === 'person' ? purse.zone : zone))
    },

    /** Never in an answer's way: what cannot be written now stays held. Returns what it cost. */
    settle(held: Hold, model: string, used: Estimate): number | null {
      const micros = used.micros ?? costOf(model, used)
      const settled = giveBack(held, used.in + used.out, micros ?? 0)
        .catch((error: unknown) => log.error('budget_not_settled', { assistant: held.assistant, error }))
        .finally(() => settling.delete(settled))
      settling.set(settled, held.personId)
      onCall?.({ assistant: held.assistant, model, tokens: used.in + used.out, micros: micros ?? 0 })
      return micros
    },

    /** Before the database is closed. */
    async idle(): Promise<void> {
      await Promise.all(settling.keys())
    },

    /** Two persons turn out to be one: what both have used adds up, and what was begun for either goes on. May be done again. */
    async joinPersons(tx: Tx, from: string, to: string): Promise<void> {
      await sql`
        insert into budget_people(assistant, person_id, day, tokens_held, tokens_spent, micros_held, micros_spent)
        select assistant, ${to}, day, tokens_held, tokens_spent, micros_held, micros_spent from budget_people where person_id = ${from}
        on conflict (assistant, person_id, day) do update set
          tokens_held = budget_people.tokens_held + excluded.tokens_held, tokens_spent = budget_people.tokens_spent + excluded.tokens_spent,
          micros_held = budget_people.micros_held + excluded.micros_held, micros_spent = budget_people.micros_spent + excluded.micros_spent`.execute(
        tx,
      )
      await sql`delete from budget_people where person_id = ${from}`.execute(tx)
      await sql`update tool_calls set person_id = ${to} where person_id = ${from}`.execute(tx)
    },

    /** What was used on the day of `now`. */
    async usedBy(
      assistant: string,
      personId: string,
      personZone: string,
    ): Promise<{ tokens: number; micros: number; held: number }> {
      const row = await q
        .selectFrom('budget_people')
        .selectAll()
        .where('assistant', '=', assistant)
        .where('person_id', '=', personId)
        .where('day', '=', localDay(clock.now(), personZone))
        .executeTakeFirst()
      return { tokens: row?.tokens_spent ?? 0, micros: row?.micros_spent ?? 0, held: row?.tokens_held ?? 0 }
    },

    /** Nightly: days that nobody asks for any more. */
    async forget(olderThan: number): Promise<number> {
      const day = Math.floor(olderThan / 86_400_000)
      const { rows: gone } = await sql`delete from budget_people where day < ${day} returning day`.execute(q)
      await sql`delete from budget_days where day < ${day}`.execute(q)
      return gone.length
    },
  }
}

export type Allowance = ReturnType<typeof openAllowance>

class NoRoom extends Error {
  readonly scope: SpentScope
  constructor(scope: SpentScope) {
    super('no room')
    this.scope = scope
  }
}

const microsOf = (dollars: number | undefined): number => (dollars === undefined ? NO_LIMIT : Math.floor(dollars * MICROS + 1e-6))

function nextMidnight(now: number, zone: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  return today.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
}
