import { find, type Spoken } from './find.ts'
import { fold } from './fold.ts'
import { scan } from './scan.ts'
import { clockOf, dateOf, placed, when, type When } from './when.ts'
import { NUMBER, PART_HOURS, UNIT } from './words.ts'

const LATER = /\b(?:retras\w*|atras\w*|aplaz\w*|pospon\w*|mas tarde|despues|postpone|delay|snooze|later|push)\b/
const EARLIER = /\b(?:adelant\w*|antes|earlier|bring\w* forward)\b/
const AMOUNT = new RegExp(`\\b(?:media hora|half an hour|un cuarto de hora|${NUMBER} ${UNIT})(?![\\p{L}\\p{N}])`, 'u')

/**
 * Where something goes that was planned for `from`. Of what is not said the old time stays: the day with a new hour, the
 * hour with a new day. An hour without its half of the day is the one nearer to the old.
 */
export function movedTo(text: string, { from, now, zone }: { from: number; now: number; zone: string }): When {
  const said = text.slice(0, 2000).replaceAll(/\b(to|for|until|it) (?=\d{1,2}\b(?!\s*(?:of|\/|-)))/gi, '$1 at ')
  const old = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const shifted = byAmount(said, old)
  if (shifted) return shifted.at > now ? shifted : { found: 'past', rest: shifted.rest }
  const scanned = scan(said)
  const spoken = find(scanned)
  const rest = scanned.rest()
  const { clock, part, day } = spoken
  if (spoken.repeats || spoken.span || (day && (clock ?? part))) return when(said, { now, zone })
  if (!day && !clock && !part) return { found: 'nothing', rest }
  const ahead = (at: ReturnType<typeof placed>): When => (at.at > now ? { ...at, rest } : { found: 'past', rest })
  if (day) {
    const date = dateOf(day, here)
    if (date === 'none') return { found: 'no_such_date', rest }
    const next = day.is === 'weekday' && date.equals(here.toPlainDate()) ? date.add({ days: 7 }) : date
    return ahead(placed(next, old.toPlainTime(), zone))
  }
  const times = clock ? hoursOf(spoken) : [new Temporal.PlainTime(PART_HOURS[part!])]
  const near = times
    .map((time) => placed(old.toPlainDate(), time, zone))
    .filter((one) => one.at > now)
    .sort((a, b) => Math.abs(a.at - from) - Math.abs(b.at - from))[0]
  return near ? { ...near, rest } : { found: 'past', rest }
}

function hoursOf({ clock, part }: Spoken): Temporal.PlainTime[] {
  if (part || clock!.half || clock!.hour > 12) return [clockOf(clock!, part)]
  const bare = new Temporal.PlainTime(clock!.hour % 12, clock!.minute)
  return [bare, bare.add({ hours: 12 })]
}

function byAmount(text: string, old: Temporal.ZonedDateTime): Extract<When, { found: 'time' }> | undefined {
  const plain = fold(text.normalize('NFC'))
  const sign = EARLIER.test(plain) ? -1 : LATER.test(plain) ? 1 : 0
  const amount = sign === 0 ? undefined : AMOUNT.exec(plain)
  if (!amount) return undefined
  // "Within two hours" is from now, "two hours later" from its time.
  const { span } = find(scan(`en ${amount[0]}`))
  if (!span || Object.values(span).some((n) => n > 5000)) return undefined
  const at = (sign > 0 ? old.add(span) : old.subtract(span)).epochMilliseconds
  const rest = plain.replace(amount[0], ' ').replace(LATER, ' ').replace(EARLIER, ' ')
  return { found: 'time', at, rest: rest.replaceAll(/\s+/g, ' ').trim(), hourAssumed: false }
}

/** The days that a question is about: [from, to). Undefined where no day was said. */
export function daysIn(text: string, { now, zone }: { now: number; zone: string }): { from: number; to: number } | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const range = (first: Temporal.PlainDate, days: number) => ({
    from: first.toZonedDateTime(zone).epochMilliseconds,
    to: first.add({ days }).toZonedDateTime(zone).epochMilliseconds,
  })
  if (/\b(?:esta semana|this week)\b/.test(fold(text.normalize('NFC')))) return range(here.toPlainDate(), 8 - here.dayOfWeek)
  const { day, part } = find(scan(text.slice(0, 2000)))
  if (!day) return part === undefined ? undefined : range(here.toPlainDate(), 1)
  const date = dateOf(day, here)
  return date === 'none' ? undefined : range(date, 1)
}
