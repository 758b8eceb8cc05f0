import { findRhythm, type SpokenRhythm } from './find-rhythm.ts'
import type { Scan } from './scan.ts'
import {
  HOUR,
  MINUTE,
  MONTHS,
  NUMBER,
  numberOf,
  oneOf,
  PART,
  partOf,
  UNIT,
  unitOf,
  WEEKDAYS,
  type DayPart,
  type Unit,
} from './words.ts'

/** What was said of the time, before anyone looks at a calendar. */
export type Spoken = {
  repeats?: SpokenRhythm
  span?: Partial<Record<Unit, number>>
  day?: SpokenDay
  clock?: { hour: number; minute: number; half?: 'am' | 'pm' }
  part?: DayPart
}
export type SpokenDay =
  | { is: 'offset'; days: number }
  | { is: 'weekday'; weekday: number; next: boolean }
  | { is: 'date'; year?: number; month?: number; day: number }
  | { is: 'months'; months: number }

export function find(text: Scan): Spoken {
  const spoken: Spoken = {}
  const rhythm = findRhythm(text)
  if (rhythm) spoken.repeats = rhythm
  if (rhythm && rhythm.every !== 'often' && rhythm.part) spoken.part = rhythm.part
  findIso(text, spoken)
  findSpan(text, spoken)
  findClock(text, spoken)
  // Before the parts of the day: "pasado manana por la manana" holds "manana por la manana".
  if (!spoken.day && text.take('pasado manana|(?:the )?day after tomorrow')) spoken.day = { is: 'offset', days: 2 }
  findPart(text, spoken)
  findDay(text, spoken)
  return spoken
}

function findIso(text: Scan, spoken: Spoken) {
  const found = text.take(String.raw`(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::\d{2})?)?`)
  if (!found) return
  const [year, month, day, hour, minute] = found.slice(1).map((part) => (part === undefined ? Number.NaN : Number(part)))
  spoken.day = { is: 'date', year: year!, month: month!, day: day! }
  if (!Number.isNaN(hour!)) spoken.clock = { hour: hour!, minute: minute!, ...(hour! < 13 && { half: hour! < 12 ? 'am' : 'pm' }) }
}

const IN = '(?:dentro de|de aqui a|al cabo de|pasad[oa]s|en|in|within)'
const MORE = `(?:,? (?:y|and) (?:(media|half|half an hour)|(cuarto|quarter|a quarter)|(${NUMBER}) (${UNIT})))`

function findSpan(text: Scan, spoken: Spoken) {
  const add = (unit: Unit, n: number) => {
    spoken.span = { ...spoken.span, [unit]: (spoken.span?.[unit] ?? 0) + n }
  }
  const half = text.take(
    `${IN} (?:(media horita|media hora|half an hour|half hour)|(?:un |a )?(?:cuarto de hora|quarter of an hour)|(tres cuartos de hora)|(?:una )?hora y (media|cuarto)|(?:an|one) hour and a (half|quarter))`,
  )
  if (half) {
    if (half[1]) return add('minutes', 30)
    if (half[2]) return add('minutes', 45)
    const extra = half[3] ?? half[4]
    return add('minutes', extra === undefined ? 15 : extra === 'media' || extra === 'half' ? 90 : 75)
  }
  const short = text.take(`${IN} (\\d{1,2}) ?h ?(\\d{2})`)
  if (short) {
    add('hours', Number(short[1]))
    return add('minutes', Number(short[2]))
  }
  const found =
    text.take(
      `${IN} (?:(?:unos|unas|about|like) )?(?:(un par de|a couple of|a couple)|(${NUMBER})) ?(?:(?:and a half|y medio) )?(${UNIT})${MORE}?`,
    ) ?? text.take(`()(${NUMBER}) (${UNIT}) (?:from now|a partir de ahora|desde ahora)`)
  if (!found) return
  const unit = unitOf(found[3]!)
  add(unit, found[1] ? 2 : numberOf(found[2]!))
  if (/and a half|y medio/.test(found[0]) && unit === 'hours') add('minutes', 30)
  else if (found[4]) add(unit === 'hours' ? 'minutes' : 'hours', unit === 'hours' ? 30 : 12)
  else if (found[5]) add('minutes', 15)
  else if (found[6]) add(unitOf(found[7]!), numberOf(found[6]))
}

const HALF = String.raw`(a\.? ?m\.?|p\.? ?m\.?)`
const MINUTES = `(?: (?:y|con) (media|cuarto|${MINUTE})| menos (cuarto|${MINUTE}))`
const OF_DAY = `(?: (?:de|por|en) la (${PART})| in the (morning|afternoon|evening)| at (night)| del (mediodia))`
const AT = '(?:a eso de las?|sobre las?|hacia las?|como a las?|para las?|antes de las?|a partir de las?|a las?|desde las?)'

function findClock(text: Scan, spoken: Spoken) {
  if (spoken.clock) return
  const set = (hour: number, minute: number, half?: string, part?: string) => {
    if (!(hour <= 24 && minute >= 0 && minute < 60)) return
    if (part) spoken.part = partOf(part)
    spoken.clock = { hour: hour % 24, minute, ...(half && { half: half.startsWith('a') ? 'am' : 'pm' }) }
  }
  const whole = text.take(`(?:al |a (?:la |el )?|at )?(?:(media ?noche|midnight)|(medio ?dia|noon|midday))`)
  if (whole) return set(whole[1] ? 0 : 12, 0, whole[1] ? 'am' : 'pm')

  const spanish = text.take(
    `${AT} (${HOUR})(?:[:.h](\\d{2}))?(?: ?(?:h|hs|hrs|horas))?(?: en punto)?${MINUTES}?(?: en punto)?(?: ?${HALF})?${OF_DAY}?`,
  )
  if (spanish) {
    const hour = numberOf(spanish[1]!)
    const minus = spanish[4] && fraction(spanish[4])
    const plus = spanish[2] ? Number(spanish[2]) : spanish[3] ? fraction(spanish[3]) : 0
    const part = spanish[6] ?? spanish[7] ?? spanish[8] ?? spanish[9]
    return minus ? set((hour + 23) % 24 || 12, 60 - minus, spanish[5], part) : set(hour, plus, spanish[5], part)
  }
  const about = text.take(
    `(?:at |around |by )?(half past|quarter past|quarter to|(${MINUTE}) (?:past|to)) (${HOUR})(?: ?${HALF})?${OF_DAY}?`,
  )
  if (about) {
    const hour = numberOf(about[3]!)
    const n = about[2] ? numberOf(about[2]) : about[1] === 'half past' ? 30 : 15
    const part = about[5] ?? about[6] ?? about[7] ?? about[8]
    return about[1]!.endsWith('to') ? set((hour + 23) % 24 || 12, 60 - n, about[4], part) : set(hour, n, about[4], part)
  }
  const english =
    text.take(`(?:at|around|by) (${HOUR})(?:[:.](\\d{2}))?(?: ?o'clock)?(?: ?${HALF})?${OF_DAY}?`) ??
    text.take(`(\\d{1,2})(?:[:.](\\d{2}))? ?${HALF}${OF_DAY}?`) ??
    text.take(`(\\d{1,2}):(\\d{2})()${OF_DAY}?`) ??
    text.take(`(\\d{1,2}) ?(?:h|hs|hrs|o'clock)()()${OF_DAY}?`)
  if (!english) return
  set(
    numberOf(english[1]!),
    Number(english[2] || 0),
    english[3] || undefined,
    english[4] ?? english[5] ?? english[6] ?? english[7],
  )
}

const fraction = (word: string): number => (word === 'media' ? 30 : word === 'cuarto' ? 15 : numberOf(word))

function findPart(text: Scan, spoken: Spoken) {
  if (spoken.part) return
  const today = text.take(`(?:esta (${PART})|this (morning|afternoon|evening|night)|(tonight))`)
  if (today) {
    spoken.part = today[3] ? 'night' : partOf((today[1] ?? today[2])!)
    spoken.day ??= { is: 'offset', days: 0 }
    return
  }
  const tomorrow = text.take(`(?:tomorrow (morning|afternoon|evening|night)|manana (?:por|en|a) la (${PART}))`)
  if (tomorrow) {
    spoken.part = partOf((tomorrow[1] ?? tomorrow[2])!)
    spoken.day ??= { is: 'offset', days: 1 }
    return
  }
  const part = text.take(`(?:por|en|a|de) la (${PART})|in the (morning|afternoon|evening)|at (night)|al (mediodia)`)
  if (part) return void (spoken.part = partOf((part[1] ?? part[2] ?? part[3] ?? part[4])!))
  // "monday morning", "el lunes noche"
  const after = text.has(oneOf(WEEKDAYS))
    ? text.take(`(?<=${oneOf(WEEKDAYS)} )(morning|afternoon|evening|night|noche|tarde)`)
    : undefined
  if (after) spoken.part = partOf(after[1]!)
}

function findDay(text: Scan, spoken: Spoken) {
  const weekday = oneOf(WEEKDAYS)
  const month = oneOf(MONTHS)
  if (spoken.day) return
  const set = (day: SpokenDay) => void (spoken.day = day)
  if (text.take('hoy(?: mismo)?|today')) return set({ is: 'offset', days: 0 })
  const date =
    text.take(
      `(?:${weekday},? )?(?:el |para el |del? |on )?(?:dia )?(\\d{1,2}|primero|uno)(?:st|nd|rd|th)? (?:de |of )?(${month})(?:,? (?:de |del )?(\\d{4}))?`,
    ) ??
    reversed(text.take(`(?:${weekday},? )?(?:on )?(${month}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`)) ??
    text.take(`(?:${weekday},? )?(?:el |para el |on )?(\\d{1,2})[/-](\\d{1,2})(?:[/-](\\d{2,4}))?`)
  if (date) {
    const year = date[3] === undefined ? undefined : Number(date[3]) < 100 ? 2000 + Number(date[3]) : Number(date[3])
    const day = /^\d/.test(date[1]!) ? Number(date[1]) : 1
    return set({ is: 'date', year, month: MONTHS[date[2]!] ?? Number(date[2]), day })
  }
  const dated = text.take(
    `(?:${weekday} )?(?:(?:para )?el (?:dia )?|on the |(?<=${weekday} ))(\\d{1,2})(?:st|nd|rd|th)?(?! ?(?:h|:|%|euros?|pesos?|minutos?|horas?|kg|km|anos))`,
  )
  if (dated && Number(dated[1]) >= 1 && Number(dated[1]) <= 31) return set({ is: 'date', day: Number(dated[1]) })
  const named = text.take(
    `(?:(?:para |a partir d)?el |este |esta |on |this |for )?(?:(proximo|next|siguiente) )?(${weekday})(?: (que viene|proximo|siguiente|que entra))?`,
  )
  if (named) return set({ is: 'weekday', weekday: WEEKDAYS[named[2]!]!, next: Boolean(named[1] ?? named[3]) })
  if (text.take('(?:la )?(?:semana que viene|proxima semana|semana proxima)|next week')) return set({ is: 'offset', days: 7 })
  if (text.take('(?:el )?(?:mes que viene|proximo mes|mes proximo)|next month')) return set({ is: 'months', months: 1 })
  if (text.take('(?:este |el )?(?:finde|fin de semana)|(?:this |on the |at the )?weekend'))
    return set({ is: 'weekday', weekday: 6, next: false })
  if (text.take('(?:para )?manana|tomorrow')) set({ is: 'offset', days: 1 })
}

function reversed(found: RegExpExecArray | undefined): RegExpExecArray | undefined {
  if (found) [found[1], found[2]] = [found[2]!, found[1]!]
  return found
}
