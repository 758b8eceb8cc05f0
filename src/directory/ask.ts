import { folded } from './chats.ts'
import type { What } from './upcoming.ts'

/** What somebody asks about the company's people, understood by rules, for when no model does it. */
export type Question = { what: What; from: string; to: string; area?: string; name?: string }

type Place = { today: Temporal.PlainDate }

const BIRTHDAY = /\b(?:cumple(?:s|n)?|cumpleanos|cumpleaneros?|cumpleaneras?|birthdays?)\b/
const HIRE =
  /\b(?:entra(?:n|ra|ran)?|ingresa(?:n|ra|ran)?|ingresos?|incorpora(?:n|cion|ciones)?|altas|empieza(?:n)?|nuevos? (?:empleados?|ingresos?)|joins?|joining|hires?|new people|starts?)\b/
// Somebody asks; whoever tells us that it is their own birthday is not asking for the list.
const ASKS =
  /\b(?:quien|quienes|que|cual|cuales|cuando|hay|alguien|proxim[oa]s?|lista|listado|dime|muestra(?:me)?|ver|who|whose|when|any|upcoming|next|list|show)\b|\?/
const OWN = /\b(?:mi cumple|mi cumpleanos|my birthday|cumplo)\b/

const MONTHS = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')
const MONTHS_EN = 'january february march april may june july august september october november december'.split(' ')
const DAYS = 'lunes martes miercoles jueves viernes sabado domingo'.split(' ')
const DAYS_EN = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')

export function questionIn(said: string, { today }: Place): Question | undefined {
  const text = folded(said.slice(0, 500)).replaceAll('setiembre', 'septiembre')
  const what: What | undefined = BIRTHDAY.test(text) ? 'birthdays' : HIRE.test(text) ? 'hires' : undefined
  if (!what || OWN.test(text) || !(ASKS.test(text) || text.split(' ').length <= 4)) return undefined
  const name =
    /\b(?:cuando (?:es el )?(?:cumple|cumpleanos|entra|ingresa|empieza)(?: anos)?(?: de)?|when (?:is|does)) ([\p{L}' -]{2,60}?)(?:'s birthday| join| start)?[?.! ]*$/u.exec(
      text,
    )?.[1]
  const area = areaIn(text)
  const { from, to } = name ? yearFrom(today) : spanIn(text, today)
  return { what, from: from.toString(), to: to.toString(), ...(area && { area }), ...(name && { name: name.trim() }) }
}

const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0

type Span = { from: Temporal.PlainDate; to: Temporal.PlainDate }

const one = (day: Temporal.PlainDate): Span => ({ from: day, to: day })
const yearFrom = (today: Temporal.PlainDate): Span => ({ from: today, to: today.add({ years: 1 }).subtract({ days: 1 }) })

function spanIn(text: string, today: Temporal.PlainDate): Span {
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const week = (from: Temporal.PlainDate): Span => ({
    from,
    to: monday.add({ days: earlier(from, monday.add({ days: 7 })) ? 6 : 13 }),
  })
  const month = (first: Temporal.PlainDate): Span => ({ from: first, to: first.with({ day: first.daysInMonth }) })
  if (/\bpasado manana\b|\bday after tomorrow\b/.test(text)) return one(today.add({ days: 2 }))
  if (/\bmanana\b|\btomorrow\b/.test(text)) return one(today.add({ days: 1 }))
  if (/\bhoy\b|\btoday\b/.test(text)) return one(today)
  if (/\b(?:semana que viene|proxima semana|semana proxima|siguiente semana|next week)\b/.test(text))
    return week(monday.add({ days: 7 }))
  if (/\b(?:esta semana|this week)\b/.test(text)) return week(today)
  if (/\b(?:mes que viene|proximo mes|mes proximo|siguiente mes|next month)\b/.test(text))
    return month(today.with({ day: 1 }).add({ months: 1 }))
  if (/\b(?:este mes|this month)\b/.test(text)) return { ...month(today.with({ day: 1 })), from: today }
  if (/\b(?:este ano|this year)\b/.test(text)) return { from: today, to: today.with({ month: 12, day: 31 }) }
  const soon = Number(/\b(?:proximos|siguientes|next) (\d{1,3}) (?:dias|days)\b/.exec(text)?.[1])
  if (soon >= 1 && soon <= 366) return { from: today, to: today.add({ days: soon - 1 }) }
  const weekday = [DAYS, DAYS_EN].map((names) => names.findIndex((day) => wordIn(text, day))).find((at) => at >= 0)
  if (weekday !== undefined) return one(today.add({ days: (weekday + 1 - today.dayOfWeek + 7) % 7 }))
  const named = [MONTHS, MONTHS_EN].map((names) => names.findIndex((name) => wordIn(text, name))).find((at) => at >= 0)
  if (named !== undefined) return inMonth(text, named + 1, today)
  return { from: today, to: today.add({ days: 6 }) }
}

/** The next such month, and the day in it when one is said. */
function inMonth(text: string, month: number, today: Temporal.PlainDate): Span {
  const year = month < today.month ? today.year + 1 : today.year
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  const day = Number(/\b(\d{1,2}) (?:de )?\p{L}+/u.exec(text)?.[1])
  if (day < 1 || day > first.daysInMonth || Number.isNaN(day))
    return { from: earlier(first, today) ? today : first, to: first.with({ day: first.daysInMonth }) }
  const exact = first.with({ day })
  return one(earlier(exact, today) ? exact.add({ years: 1 }) : exact)
}

const wordIn = (text: string, word: string) => new RegExp(`\\b${word}\\b`).test(text)

const TIMES = new Set(
  [
    ...MONTHS,
    ...DAYS,
    'la',
    'el',
    'los',
    'las',
    'este',
    'esta',
    'estos',
    'estas',
    'proximo',
    'proximos',
    'proximas',
    'siguiente',
    'siguientes',
    'proxima',
    'hoy',
    'manana',
    'semana',
    'mes',
    'dias',
    'ano',
  ].concat(MONTHS_EN, DAYS_EN, 'this next the today tomorrow'.split(' ')),
)

// A look ahead, so that "en marzo en Ventas" is read from both places.
const AREA =
  /\b(?:en|in|area de|departamento de|equipo de) (?=(?:el |la |los |las |the )?(?:area de |departamento de )?([\p{L}\p{N}&./ -]{2,60}))/gu

/** "en Ventas", "del area de Ventas", "in Sales": what follows, as far as it is not a time. */
function areaIn(text: string): string | undefined {
  for (const found of text.matchAll(AREA)) {
    const words = found[1]!.split(/\s+/)
    const end = words.findIndex((word) => TIMES.has(word) || /^(?:y|que|a|and|en|in)$/.test(word))
    const area = (end < 0 ? words : words.slice(0, end)).join(' ').trim()
    if (area !== '' && !TIMES.has(area)) return area
  }
  return undefined
}
