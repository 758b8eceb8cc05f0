import { z } from 'zod'
import type { Clock } from '../foundation/index.ts'
import { questionIn, type Question } from './ask.ts'
import { today, type Calendar } from './calendar.ts'
import { folded } from './chats.ts'
import type { Directory } from './directory.ts'
import type { Employee } from './employee.ts'
import { messageOf, rangeOf, written } from './message.ts'
import type { Say } from './say.ts'
import { upcoming, type Upcoming, type What } from './upcoming.ts'

/** Of the turn, what these tools must know. */
export type Asker = {
  language: 'es' | 'en'
  person: { id: string } | undefined
  channel: string
  chatId: string
  group: boolean
}

export type ToolOptions = {
  directory: Directory
  clock: Clock
  calendar: Calendar
  sayIn: (language: 'es' | 'en') => Say
  /** Decided in code, whatever a model was talked into. */
  mayAsk: (asker: Asker) => boolean | Promise<boolean>
}

const day = z.iso.date()
const takes = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  area: z.string().max(60).optional(),
  name: z.string().max(80).optional(),
})
type Args = z.output<typeof takes>

const MOST_TOLD = 40
// With the words beside them, what a model is told of one call has room for so much.
const MOST_NAMED_CHARS = 5_000
const MOST_DAYS = 366

/** Asking in a chat, with a model or without. The answer carries the words (`text`), so that nobody has to make any up. */
export function directoryTools({ directory, clock, calendar, sayIn, mayAsk }: ToolOptions) {
  async function answer(what: What, { from, to, area, name }: Args, asker: Asker) {
    const say = sayIn(asker.language)
    if (!(await mayAsk(asker))) return { error: 'not_allowed', text: say.notAllowed }
    const people = await directory.people()
    if (!people.ok) return { error: 'hr_unavailable', why: people.fault.code, text: say.unavailable }
    const now = today(clock.now(), calendar.zone)
    const first = from ? Temporal.PlainDate.from(from) : now
    const last = to ? Temporal.PlainDate.from(to) : first.add({ days: name ? MOST_DAYS - 1 : 6 })
    const days = Math.min(MOST_DAYS, Math.max(1, first.until(last).days + 1))
    const { roster, ageMs, stale } = people.value
    const wanted = (one: Employee) =>
      (area === undefined || (one.area !== null && folded(one.area).includes(folded(area)))) &&
      (name === undefined || folded(one.name).includes(folded(name)))
    const list = upcoming(what, roster, { from: first, days }, { ...calendar, onRestDays: 'keep' }, wanted)
    const told = list.occasions.slice(0, MOST_TOLD)
    const text = words({ what, list, area: area ?? null, name, staleMs: stale ? ageMs : undefined, now, say })
    const named = told.map(({ person, date }) => ({ name: person.name, date, area: person.area }))
    while (named.length > 0 && JSON.stringify(named).length > MOST_NAMED_CHARS) named.pop()
    return {
      text,
      people: named,
      ...(list.occasions.length > named.length && { more: list.occasions.length - named.length }),
      source: { age_s: Math.round(ageMs / 1000), stale },
    }
  }

  const hears = (what: What) => (said: string, place: { now: number; zone: string }) => {
    const question = questionIn(said, { today: today(place.now, calendar.zone) })
    return question?.what === what ? argsOf(question) : undefined
  }

  const example = (what: What) => ({ es: sayIn('es').examples[what], en: sayIn('en').examples[what] })

  return [
    {
      name: 'company_birthdays',
      does: 'Who of the company has a birthday between two dates (YYYY-MM-DD, both included; the next 7 days when none are given), optionally in one area or of one name.',
      takes,
      run: (args: Args, asker: Asker) => answer('birthdays', args, asker),
      hears: hears('birthdays'),
      example: example('birthdays'),
    },
    {
      name: 'company_hires',
      does: 'Who starts to work at the company between two dates (YYYY-MM-DD, both included; the next 7 days when none are given), optionally in one area or of one name.',
      takes,
      run: (args: Args, asker: Asker) => answer('hires', args, asker),
      hears: hears('hires'),
      example: example('hires'),
    },
  ]
}

const argsOf = ({ what: _what, ...args }: Question): Args => args

type About = {
  what: What
  list: Upcoming
  area: string | null
  name: string | undefined
  staleMs: number | undefined
  now: Temporal.PlainDate
  say: Say
}

function words({ what, list, area, name, staleMs, now, say }: About): string {
  const range = rangeOf(list.from, list.to, say)
  const end = staleMs === undefined ? '' : `\n\n${say.old(say.age(staleMs))}`
  if (list.occasions.length === 0) return (name === undefined ? say.none[what](range, area) : say.noMatch(name)) + end
  if (name !== undefined) {
    const tell = what === 'birthdays' ? say.birthdayOf : say.hireOf
    return (
      list.occasions
        .slice(0, MOST_TOLD)
        .map(({ person, date }) => tell(person.name, written(date, say)))
        .join('\n') + end
    )
  }
  const occasions = list.occasions.slice(0, MOST_TOLD)
  const [part] = messageOf({ what, occasions, from: list.from, to: list.to, today: now.toString(), staleMs, say }).parts
  const rest = list.occasions.length - part!.people.length
  return rest > 0 ? `${part!.text}\n${say.noRoom(rest)}` : part!.text
}
