import assert from 'node:assert/strict'
import test from 'node:test'
import { when } from './when.ts'

const at = (local: string, zone = 'America/Bogota') => Temporal.ZonedDateTime.from(`${local}[${zone}]`).epochMilliseconds
const SATURDAY = at('2026-11-21T10:00')

function read(text: string, now = SATURDAY, zone = 'America/Bogota'): string {
  const found = when(text, { now, zone })
  if (found.found !== 'time') return found.found
  const local = Temporal.Instant.fromEpochMilliseconds(found.at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
  return `${local.replace('T', ' ')}${found.hourAssumed ? ' assumed' : ''}${found.shifted ? ` ${found.shifted}` : ''}`
}

const PHRASES: [string, string][] = [
  ['en 10 minutos', '2026-11-21 10:10'],
  ['en media hora', '2026-11-21 10:30'],
  ['en un cuarto de hora', '2026-11-21 10:15'],
  ['dentro de tres cuartos de hora', '2026-11-21 10:45'],
  ['dentro de 2 horas', '2026-11-21 12:00'],
  ['dentro de 2 horas y 15 minutos', '2026-11-21 12:15'],
  ['en una hora y media', '2026-11-21 11:30'],
  ['en 3 horas y media', '2026-11-21 13:30'],
  ['en un par de horas', '2026-11-21 12:00'],
  ['en 2h30', '2026-11-21 12:30'],
  ['veinticinco minutos desde ahora', '2026-11-21 10:25'],
  ['dentro de treinta y cinco minutos', '2026-11-21 10:35'],
  ['en 3 días', '2026-11-24 10:00'],
  ['en 3 días a las 8 de la noche', '2026-11-24 20:00'],
  ['dentro de una semana a las 7 de la tarde', '2026-11-28 19:00'],
  ['mañana', '2026-11-22 09:00 assumed'],
  ['mañana a las 8 de la noche', '2026-11-22 20:00'],
  ['mañana a las 8', '2026-11-22 08:00'],
  ['mañana por la mañana', '2026-11-22 09:00'],
  ['mañana por la tarde', '2026-11-22 17:00'],
  ['mañana en la noche', '2026-11-22 20:00'],
  ['pasado mañana', '2026-11-23 09:00 assumed'],
  ['pasado mañana por la mañana', '2026-11-23 09:00'],
  ['pasado mañana a mediodía', '2026-11-23 12:00'],
  ['hoy', 'day'],
  ['hoy a las 5', '2026-11-21 17:00'],
  ['hoy a las 9', '2026-11-21 21:00'],
  ['esta noche', '2026-11-21 20:00'],
  ['esta noche a las 10 y media', '2026-11-21 22:30'],
  ['esta tarde', '2026-11-21 17:00'],
  ['esta mañana a las 8', 'past'],
  ['a las 8', '2026-11-21 20:00'],
  ['a las 11', '2026-11-21 11:00'],
  ['a las 3', '2026-11-21 15:00'],
  ['a la una y media', '2026-11-21 13:30'],
  ['a las 20:30', '2026-11-21 20:30'],
  ['a las 9 y cuarto', '2026-11-21 21:15'],
  ['a las ocho menos cuarto de la noche', '2026-11-21 19:45'],
  ['a las siete menos diez de la tarde', '2026-11-21 18:50'],
  ['a las 7 a. m.', '2026-11-22 07:00'],
  ['a las 9 pm', '2026-11-21 21:00'],
  ['al mediodía', '2026-11-21 12:00'],
  ['a medianoche', '2026-11-22 00:00'],
  ['a las doce de la noche', '2026-11-22 00:00'],
  ['el lunes', '2026-11-23 09:00 assumed'],
  ['el lunes a las 3', '2026-11-23 15:00'],
  ['el sábado', '2026-11-28 09:00 assumed'],
  ['el sábado a las 9', '2026-11-21 21:00'],
  ['el próximo sábado a las 10', '2026-11-28 10:00'],
  ['el viernes que viene a las 5 y media de la tarde', '2026-11-27 17:30'],
  ['el viernes a las 12 de la noche', '2026-11-28 00:00'],
  ['el 25 de diciembre', '2026-12-25 09:00 assumed'],
  ['el 25 de diciembre a las 10:30', '2026-12-25 10:30'],
  ['el primero de enero', '2027-01-01 09:00 assumed'],
  ['el 3 de marzo de 2027 a las 4 de la tarde', '2027-03-03 16:00'],
  ['25/12 a las 9', '2026-12-25 09:00'],
  ['el 20', '2026-12-20 09:00 assumed'],
  ['viernes 28 a las 12', '2026-11-28 12:00'],
  ['29 de febrero', '2028-02-29 09:00 assumed'],
  ['el 31 de febrero', 'no_such_date'],
  ['el 5 de mayo de 2020', 'past'],
  ['2026-12-01 09:15', '2026-12-01 09:15'],
  ['la semana que viene', '2026-11-28 09:00 assumed'],
  ['el mes que viene', '2026-12-21 09:00 assumed'],
  ['dentro de 9999 años', 'no_such_date'],
  ['in 20 minutes', '2026-11-21 10:20'],
  ['in half an hour', '2026-11-21 10:30'],
  ['in an hour and a half', '2026-11-21 11:30'],
  ['in two hours', '2026-11-21 12:00'],
  ['in 1 hour and 20 minutes', '2026-11-21 11:20'],
  ['10 minutes from now', '2026-11-21 10:10'],
  ['tomorrow', '2026-11-22 09:00 assumed'],
  ['tomorrow at 8', '2026-11-22 08:00'],
  ['tomorrow at 8pm', '2026-11-22 20:00'],
  ['tomorrow morning', '2026-11-22 09:00'],
  ['tomorrow at 7 in the evening', '2026-11-22 19:00'],
  ['tonight', '2026-11-21 20:00'],
  ['tonight at 10', '2026-11-21 22:00'],
  ['at noon', '2026-11-21 12:00'],
  ['at half past 8', '2026-11-21 20:30'],
  ['at quarter to nine', '2026-11-21 20:45'],
  ['at ten past seven in the evening', '2026-11-21 19:10'],
  ['next friday at noon', '2026-11-27 12:00'],
  ['on monday morning', '2026-11-23 09:00'],
  ['the day after tomorrow at 7', '2026-11-23 07:00'],
  ['december 25th at 9 am', '2026-12-25 09:00'],
  ['25th of december', '2026-12-25 09:00 assumed'],
  ['next week', '2026-11-28 09:00 assumed'],
  ['cada lunes', 'repeats'],
  ['todos los días a las 8', 'repeats'],
  ['cada 2 horas', 'too_often'],
  ['every monday', 'repeats'],
  ['daily at 9', 'repeats'],
  ['hola, ¿qué tal?', 'nothing'],
  ['compra 2 kilos de pan', 'nothing'],
  ['at a restaurant', 'nothing'],
  ['las 8 tareas', 'nothing'],
  ['', 'nothing'],
]

test('WHEN1 · people say when in many ways, in Spanish and English, and each is one moment in their zone', () => {
  assert.ok(PHRASES.length >= 60)
  for (const [phrase, meant] of PHRASES) assert.equal(read(phrase), meant, phrase)
})

test('WHEN1 · what is left is what it is about, as it was written', () => {
  const rest = (text: string) => when(text, { now: SATURDAY, zone: 'America/Bogota' }).rest
  assert.equal(rest('llamar a MAMÁ mañana a las 8 de la noche'), 'llamar a MAMÁ')
  assert.equal(rest('mañana, a las 10, ir a la dentista 🦷 con Íñigo'), 'ir a la dentista 🦷 con Íñigo')
  assert.equal(rest('que a las cinco tengo cita'), 'que tengo cita')
})

test('WHEN2 · an hour that does not exist is moved and said; one that comes twice is the first and said', () => {
  const march = at('2026-03-28T12:00', 'Europe/Madrid')
  assert.equal(read('mañana a las 2:30 de la madrugada', march, 'Europe/Madrid'), '2026-03-29 03:30 skipped')
  const october = at('2026-10-24T12:00', 'Europe/Madrid')
  assert.equal(read('mañana a las 2:30 de la madrugada', october, 'Europe/Madrid'), '2026-10-25 02:30 doubled')
  const first = when('mañana a las 2:30 de la madrugada', { now: october, zone: 'Europe/Madrid' })
  assert.equal('at' in first && first.at, Temporal.Instant.from('2026-10-25T00:30:00Z').epochMilliseconds)
  // A day in the calendar is not always twenty-four hours.
  assert.equal(read('en 1 día', march, 'Europe/Madrid'), '2026-03-29 12:00')
  assert.equal(read('en 24 horas', march, 'Europe/Madrid'), '2026-03-29 13:00')
})

test('WHEN2 · hostile texts are read in no time and break nothing', () => {
  for (const text of [
    'a las '.repeat(2000),
    '1/'.repeat(3000),
    '9'.repeat(5000),
    'el '.repeat(3000),
    '\u0000\u0001\uD800',
    'en 5 '.repeat(999),
  ]) {
    assert.equal(typeof when(text, { now: SATURDAY, zone: 'UTC' }).found, 'string')
  }
})
