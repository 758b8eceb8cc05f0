import { bornOn, LONGEST_REST, toldOn, type Calendar } from './calendar.ts'
import { isDay, type Employee } from './employee.ts'
import type { Roster } from './roster.ts'

export type What = 'birthdays' | 'hires'

/** One person's day. `told` differs from `date` where the company tells of rest days earlier or later. */
export type Occasion = { person: Employee; date: string; told: string }
export type SkipReason = 'left' | 'not_yet_in' | 'no_date' | 'unreadable_date' | 'unreadable_leaving' | 'bad_chat' | 'no_room'
export type Skipped = { name: string; reason: SkipReason }
export type Upcoming = { from: string; to: string; occasions: Occasion[]; skipped: Skipped[]; skippedMore: number }

export type Window = {
  from: Temporal.PlainDate
  days: number
  /** Whoever asks on a Saturday hears of Saturday too, although it was told on Friday. A schedule, which did tell, does not. */
  whole?: boolean
}

// Enough to see what is wrong in the source; the number says the rest.
export const MOST_SKIPPED = 100

/** Who has a birthday, or starts, in the days from `from` on, it included. */
export function upcoming(
  what: What,
  roster: Roster,
  { from, days, whole = false }: Window,
  calendar: Calendar,
  wanted = everyone,
): Upcoming {
  const first = from.toString()
  const last = from.add({ days: days - 1 }).toString()
  const occasions: Occasion[] = []
  const skipped: Skipped[] = []
  let skippedMore = 0
  const skip = (person: Employee, reason: SkipReason) => {
    if (skipped.length < MOST_SKIPPED) skipped.push({ name: person.name, reason })
    else skippedMore++
  }

  const reach = what === 'birthdays' && calendar.onRestDays !== 'keep' ? LONGEST_REST : 0
  for (let n = -reach; n < days + reach; n++) {
    const date = from.add({ days: n })
    const day = date.toString()
    const moved = what === 'birthdays' ? toldOn(date, calendar).toString() : day
    const told = moved >= first && moved <= last ? moved : whole && day >= first && day <= last ? day : undefined
    if (told === undefined) continue
    const here =
      what === 'birthdays'
        ? bornOn(date, calendar).flatMap((key) => roster.birthdays.get(key) ?? [])
        : (roster.entries.get(day) ?? [])
    for (const person of here) {
      if (!wanted(person)) continue
      const why = what === 'birthdays' ? whyNoBirthday(person, day) : whyNoHire(person, day)
      if (why) skip(person, why)
      else occasions.push({ person, date: day, told })
    }
  }
  const field = what === 'birthdays' ? 'birth' : 'entry'
  for (const person of roster.undated[field]) {
    if (!wanted(person) || gone(person, first)) continue
    skip(person, person[field] === null ? 'no_date' : 'unreadable_date')
  }
  occasions.sort((a, b) => order(a.told, b.told) || order(a.date, b.date) || ALPHABET.compare(a.person.name, b.person.name))
  return { from: first, to: last, occasions, skipped, skippedMore }
}

const everyone = (_person: Employee) => true
const ALPHABET = new Intl.Collator('es')
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The last day counts: who leaves on their birthday still has it. */
const gone = ({ leaving }: Employee, day: string) => isDay(leaving) && leaving < day

function whyNoBirthday(person: Employee, day: string): SkipReason | undefined {
  if (person.leaving === 'unreadable') return 'unreadable_leaving'
  if (gone(person, day)) return 'left'
  return isDay(person.entry) && person.entry > day ? 'not_yet_in' : undefined
}

function whyNoHire(person: Employee, day: string): SkipReason | undefined {
  if (person.leaving === 'unreadable') return 'unreadable_leaving'
  return isDay(person.leaving) && person.leaving <= day ? 'left' : undefined
}
