import { sql } from 'kysely'
import type { Database, Tx } from '../../foundation/index.ts'
import type { Limits } from './allowance.ts'

/** What is held and spent on a day, as the tables have it: of one person with one assistant, and of an assistant with everybody. */
export type Place = { assistant: string; personId: string; day: number; houseDay: number }
export type Sum = { tokens: number; micros: number }
export type SpentScope = 'person' | 'assistant'

export const plus = (a: Sum, b: Sum): Sum => ({ tokens: a.tokens + b.tokens, micros: a.micros + b.micros })

/** Of what is held: so much is not needed any more, and so much of that was spent. */
export type Settled = Place & { released: Sum; spent: Sum }

// Above any sum: no limit.
const NO_LIMIT = 9_000_000_000_000_000
const MICROS = 1_000_000

export function openBook(db: Database) {
  /** Adds where there is room for it; a fresh row too must have it. */
  const hold = async (tx: Tx, place: Place, { tokens, micros }: Sum, limits: Limits): Promise<SpentScope | undefined> => {
    const { assistant, personId, day, houseDay } = place
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

  return {
    /** What is missing, if there is no room for it; then nothing is held. */
    async hold(place: Place, sum: Sum, limits: Limits): Promise<SpentScope | undefined> {
      try {
        await db.transaction(async (tx) => {
          const scope = await hold(tx, place, sum, limits)
          if (scope) throw new NoRoom(scope)
        })
        return undefined
      } catch (error) {
        if (error instanceof NoRoom) return error.scope
        throw error
      }
    },

    /** Until it is on the disk it stays held, as if the calls had never ended. */
    async settle(list: readonly Settled[]): Promise<void> {
      const sorted = [...list].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
      await db.soft.transaction(async (tx) => {
        for (const { assistant, personId, day, released, spent } of sorted)
          await sql`
            update budget_people set tokens_held = tokens_held - ${released.tokens}, micros_held = micros_held - ${released.micros},
              tokens_spent = tokens_spent + ${spent.tokens}, micros_spent = micros_spent + ${spent.micros}
            where assistant = ${assistant} and person_id = ${personId} and day = ${day}`.execute(tx)
        for (const { assistant, houseDay, released, spent } of byHouseDay(sorted))
          await sql`
            update budget_days set micros_held = micros_held - ${released}, micros_spent = micros_spent + ${spent}
            where assistant = ${assistant} and day = ${houseDay}`.execute(tx)
      })
    },
  }
}

const orderOf = ({ assistant, personId, day }: Place) => `${assistant}\n${personId}\n${day}`

function byHouseDay(list: readonly Settled[]) {
  const days = new Map<string, { assistant: string; houseDay: number; released: number; spent: number }>()
  for (const { assistant, houseDay, released, spent } of list) {
    const key = `${assistant}\n${houseDay}`
    const sum = days.get(key) ?? { assistant, houseDay, released: 0, spent: 0 }
    days.set(key, { ...sum, released: sum.released + released.micros, spent: sum.spent + spent.micros })
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

class NoRoom extends Error {
  readonly scope: SpentScope
  constructor(scope: SpentScope) {
    super('no room')
    this.scope = scope
  }
}

const microsOf = (dollars: number | undefined): number => (dollars === undefined ? NO_LIMIT : Math.floor(dollars * MICROS + 1e-6))
