import type { Say } from './say.ts'
import type { Occasion, What } from './upcoming.ts'

export type Part = { text: string; people: string[] }
export type Message = { parts: Part[]; leftOut: Occasion[] }

type About = {
  what: What
  occasions: readonly Occasion[]
  from: string
  to: string
  today: string
  staleMs: number | undefined
  say: Say
}

// Telegram takes 4096; what follows a list (its number, its age) needs room too.
const LONGEST_PART = 3_800
// Nobody reads the twentieth message of one list; those who do not fit are named in the answer.
const MOST_PARTS = 10

/** The list as a person reads it, cut between people and never inside one. No markup: names are sent as plain text. */
export function messageOf({ what, occasions, from, to, today, staleMs, say }: About): Message {
  const title = say.titles[what](rangeOf(from, to, say))
  const end = staleMs === undefined ? '' : `\n\n${say.old(say.age(staleMs))}`
  const parts: Part[] = []
  let lines: string[] = []
  let length = 0
  let people: string[] = []
  let day = ''
  let heading = ''
  let told = 0
  const close = () => {
    if (people.length > 0) parts.push({ text: lines.join('\n').trim(), people })
    lines = []
    length = 0
    people = []
  }
  const add = (line: string) => {
    lines.push(line)
    length += line.length + 1
  }

  for (const { person, date, told: on } of occasions) {
    const line = say.person(inert(person.name), person.area && inert(person.area), date === on ? null : written(date, say))
    if (on !== day || heading === '') heading = `\n${dayOf(on, today, say)}`
    if (length + line.length + heading.length + end.length > LONGEST_PART) {
      if (parts.length === MOST_PARTS - 1) break
      close()
      if (on === day) add(say.continued(heading.slice(1)))
    } else if (length === 0) add(title)
    if (on !== day) add(heading)
    day = on
    add(line)
    people.push(person.name)
    told++
  }
  close()
  const leftOut = occasions.slice(told)
  const numbered = parts.map(({ text, people }, n) => ({
    text: parts.length > 1 ? `${text}\n\n${say.part(n + 1, parts.length)}` : text,
    people,
  }))
  const last = numbered.at(-1)
  if (last && leftOut.length > 0) last.text += `\n${say.noRoom(leftOut.length)}`
  if (last) last.text += end
  return { parts: numbered, leftOut }
}

export const rangeOf = (from: string, to: string, say: Say): string =>
  from === to ? written(from, say) : say.range(written(from, say), written(to, say))

// Made once: making one takes a hundred times as long as using it.
const named = (locale: string) =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
const DATES = { es: named('es'), en: named('en') }

export const written = (date: string, { locale }: Say): string =>
  DATES[locale].format(Date.parse(`${date}T00:00:00Z`)).replace(',', '')

function dayOf(date: string, today: string, say: Say): string {
  const ahead = Temporal.PlainDate.from(today).until(date).days
  const words = written(date, say)
  return ahead === 0
    ? say.today(words)
    : ahead === 1
      ? say.tomorrow(words)
      : words.charAt(0).toLocaleUpperCase(say.locale) + words.slice(1)
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const JOINER = '\u2060'

/**
 * A name as it is, that cannot do anything: Telegram makes addresses, @names and /commands in plain text clickable, which
 * an invisible joiner prevents; a name written from right to left is kept from turning its neighbours around.
 */
export function inert(name: string): string {
  const still = name.replaceAll(/[@/:](?=\S)|\.(?=\p{L})/gu, (sign) => sign + JOINER)
  return RIGHT_TO_LEFT.test(still) ? `\u2068${still}\u2069` : still
}
