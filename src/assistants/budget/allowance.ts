import { sql } from 'kysely'
import { Refused, type Clock, type Database, type Log, type Tx } from '../../foundation/index.ts'
import { localDay } from '../../outbox/index.ts'
import type { AssistantTables } from '../tables.ts'
import { openBook, plus, type Place, type SpentScope, type Sum } from './book.ts'
import type { Estimate } from './estimate.ts'
import { openHands } from './hand.ts'
import { costOf } from './prices.ts'

/*
 * What may be spent on a day: tokens and money of one person with one assistant, money of an assistant with everybody.
 *
 *   before a call   the most it can cost is held: one statement per limit that adds only where there is room for it, so
 *                   that any number of callers, in any number of processes, never hold and spend more than the limit;
 *                   where there is plenty, the next calls' share at once (see hand.ts)
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
export type Hold = Purse & Place & Sum
export type { SpentScope }

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

// Of a person's first call so much more is held as the next ones will need, as long as half of the day is left.
const AHEAD = 2
const PLENTY = 0.5

export function openAllowance({ db, clock, log, zone, onSpent, onCall }: AllowanceOptions) {
  const q = db.as<AssistantTables>()
  const book = openBook(db)
  const hands = openHands({ book, clock, log })

  /** True the first time today. */
  const firstRefusal = async (assistant: string, scope: SpentScope): Promise<boolean> => {
    const column = sql.ref(scope === 'person' ? 'person_told_at' : 'told_at')
    const { rows: fresh } = await sql`
      insert into budget_days(assistant, day, ${column}) values (${assistant}, ${localDay(clock.now(), zone)}, ${clock.now()})
      on conflict (assistant, day) do update set ${column} = excluded.${column} where budget_days.${column} is null
      returning day`.execute(q)
    return fresh.length > 0
  }

  // On their way to the disk: what they take ahead is soon in the hand. Who finds no room is told sooner, without the disk.
  const onTheWay = new Map<Promise<SpentScope | undefined>, Place>()

  const holdAhead = async (place: Place, need: Sum, limits: Limits): Promise<boolean> => {
    // One at a time takes ahead for a person: calls made at once would each lose as much when the process is killed.
    if ([...onTheWay.values()].some((its) => isSamePlace(its, place))) return false
    const ahead = times(need, AHEAD)
    const holding = book.hold(place, plus(need, ahead), share(limits, PLENTY))
    onTheWay.set(holding, place)
    try {
      if ((await holding) !== undefined) return false
      hands.put(place, ahead, limits)
      return true
    } finally {
      onTheWay.delete(holding)
    }
  }

  const holdFor = async (place: Place, need: Sum, limits: Limits): Promise<SpentScope | undefined> => {
    if (hands.take(place, need, limits) || (await holdAhead(place, need, limits))) return undefined
    const lacking = await book.hold(place, need, limits)
    if (!lacking) return undefined
    // What this process still has in its hand is not to be missing.
    const isNear = ({ assistant, personId }: Place) =>
      assistant === place.assistant && (lacking === 'assistant' || personId === place.personId)
    await Promise.allSettled([...onTheWay].flatMap(([holding, its]) => (isNear(its) ? [holding] : [])))
    await hands.giveBack(isNear)
    return book.hold(place, need, limits)
  }

  return {
    async reserve(purse: Purse, model: string, most: Estimate, tells = true): Promise<Hold> {
      const now = clock.now()
      const { assistant, personId } = purse
      const place = { assistant, personId, day: localDay(now, purse.zone), houseDay: localDay(now, zone) }
      const need = { tokens: most.in + most.out, micros: most.micros ?? costOf(model, most) ?? 0 }
      const lacking = await holdFor(place, need, purse.limits)
      if (!lacking) return { ...purse, ...place, ...need }
      if (tells && (await firstRefusal(assistant, lacking))) {
        log.warn('budget_spent', { assistant, scope: lacking })
        onSpent?.({ assistant, scope: lacking })
      }
      throw new Spent(lacking, nextMidnight(now, lacking === 'person' ? purse.zone : zone))
    },

    /** Never in an answer's way: it is written a moment later, and until then stays held. Returns what it cost. */
    settle(held: Hold, model: string, used: Estimate): number | null {
      const micros = used.micros ?? costOf(model, used)
      const { assistant } = held
      hands.spend(held, held, { tokens: used.in + used.out, micros: micros ?? 0 })
      onCall?.({ assistant, model, tokens: used.in + used.out, micros: micros ?? 0 })
      return micros
    },

    /** Before the database is closed. */
    async idle(): Promise<void> {
      await hands.giveBack()
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
      await hands.giveBack((one) => one.assistant === assistant && one.personId === personId)
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

const times = ({ tokens, micros }: Sum, n: number): Sum => ({ tokens: tokens * n, micros: micros * n })
const share = ({ tokensPersonDay, moneyPersonDay, moneyDay }: Limits, part: number): Limits => ({
  ...(tokensPersonDay !== undefined && { tokensPersonDay: Math.floor(tokensPersonDay * part) }),
  ...(moneyPersonDay !== undefined && { moneyPersonDay: moneyPersonDay * part }),
  ...(moneyDay !== undefined && { moneyDay: moneyDay * part }),
})

function nextMidnight(now: number, zone: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  return today.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
}

const isSamePlace = (a: Place, b: Place) => a.assistant === b.assistant && a.personId === b.personId && a.day === b.day
