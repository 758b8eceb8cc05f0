import assert from 'node:assert/strict'
import test from 'node:test'
import { dayIn } from '../../src/directory/dates.ts'
import { calendarOf, type Calendar } from '../../src/directory/calendar.ts'
import { employeeOf, columnsOf } from '../../src/directory/mapping.ts'
import { rosterOf } from '../../src/directory/roster.ts'
import { upcoming, type What } from '../../src/directory/upcoming.ts'
import { messageOf } from '../../src/directory/message.ts'
import type { Employee } from '../../src/directory/employee.ts'
import { PEOPLE, sayIn, ZONE } from './stage.ts'

const someone = (name: string, more: Partial<Employee> = {}): Employee => ({
  id: name,
  name,
  entry: '2020-01-07',
  leaving: null,
  birth: null,
  area: null,
  chat: null,
  ...more,
})

function list(what: What, people: Employee[], from: string, days: number, calendar: Partial<Calendar> = {}) {
  return upcoming(
    what,
    rosterOf(people, 0),
    { from: Temporal.PlainDate.from(from), days },
    calendarOf({ zone: ZONE, ...calendar }),
  )
}
const names = (found: ReturnType<typeof list>) => found.occasions.map(({ person, told }) => `${person.name} ${told}`)

test('CCM5 · whoever was born on 29 February has a birthday every year, on the day that the company chose', () => {
  const leap = [someone('Bisiesta', { birth: '1996-02-29' })]

  assert.deepEqual(names(list('birthdays', leap, '2027-02-20', 14)), ['Bisiesta 2027-02-28'])
  assert.deepEqual(names(list('birthdays', leap, '2027-02-20', 14, { leapDay: 'mar1' })), ['Bisiesta 2027-03-01'])
  assert.deepEqual(names(list('birthdays', leap, '2028-02-20', 14)), ['Bisiesta 2028-02-29'])
  assert.deepEqual(names(list('birthdays', leap, '2028-02-20', 14, { leapDay: 'mar1' })), ['Bisiesta 2028-02-29'])
  assert.deepEqual(names(list('birthdays', [someone('Uno', { birth: '1990-03-01' })], '2027-03-01', 1, { leapDay: 'mar1' })), [
    'Uno 2027-03-01',
  ])
})

test('CCM5 · a birthday on a weekend or a holiday is told before it, after it or on its day, and by nobody twice', () => {
  // 2026-11-21 is a Saturday, 2026-11-23 a holiday here.
  const people = [
    someone('Sabado', { birth: '1990-11-21' }),
    someone('Domingo', { birth: '1980-11-22' }),
    someone('Fiesta', { birth: '1970-11-23' }),
  ]
  const told = (onRestDays: Calendar['onRestDays']) => {
    const found: string[] = []
    for (let day = 18; day <= 27; day++)
      found.push(...names(list('birthdays', people, `2026-11-${day}`, 1, { onRestDays, holidays: ['11-23'] })))
    return found.sort()
  }

  assert.deepEqual(told('keep'), ['Domingo 2026-11-22', 'Fiesta 2026-11-23', 'Sabado 2026-11-21'])
  assert.deepEqual(told('before'), ['Domingo 2026-11-20', 'Fiesta 2026-11-20', 'Sabado 2026-11-20'])
  assert.deepEqual(told('after'), ['Domingo 2026-11-24', 'Fiesta 2026-11-24', 'Sabado 2026-11-24'])
})

test('CCM5 · every birthday of a year is told exactly once by daily notices, however the company rests', () => {
  const people = Array.from({ length: 366 }, (_, n) => {
    const birth = Temporal.PlainDate.from('1988-01-01').add({ days: n }).toString()
    return someone(`p${birth}`, { birth, entry: null })
  })
  for (const onRestDays of ['keep', 'before', 'after'] as const) {
    const seen = new Map<string, number>()
    for (let n = -20; n < 385; n++) {
      const day = Temporal.PlainDate.from('2027-01-01').add({ days: n })
      for (const { person, date } of list('birthdays', people, day.toString(), 1, { onRestDays, holidays: ['12-25', '12-24'] })
        .occasions)
        if (date.startsWith('2027')) seen.set(person.name, (seen.get(person.name) ?? 0) + 1)
    }
    assert.equal(seen.size, 366, onRestDays)
    assert.deepEqual(
      [...seen].filter(([, times]) => times !== 1),
      [],
      onRestDays,
    )
  }
})

test('CCM6 · who left, is not yet here, or has no date is named with the reason and never told of', () => {
  const people = [
    someone('Se fue', { birth: '1990-11-24', leaving: '2026-11-23' }),
    someone('Se va ese dia', { birth: '1990-11-24', leaving: '2026-11-24' }),
    someone('Aun no', { birth: '1990-11-24', entry: '2026-12-01' }),
    someone('Sin fecha'),
    someone('Rara', { birth: 'unreadable' }),
    someone('Baja rara', { birth: '1990-11-25', leaving: 'unreadable' }),
    someone('Ida sin fecha', { leaving: '2020-02-02' }),
  ]
  const found = list('birthdays', people, '2026-11-21', 7)

  assert.deepEqual(names(found), ['Se va ese dia 2026-11-24'])
  assert.deepEqual(
    found.skipped.map(({ name, reason }) => `${name}: ${reason}`),
    ['Se fue: left', 'Aun no: not_yet_in', 'Baja rara: unreadable_leaving', 'Sin fecha: no_date', 'Rara: unreadable_date'],
  )
  assert.deepEqual(
    names(
      list(
        'hires',
        [someone('Nueva', { entry: '2026-11-23' }), someone('Nunca', { entry: '2026-11-23', leaving: '2026-11-23' })],
        '2026-11-21',
        7,
      ),
    ),
    ['Nueva 2026-11-23'],
  )
})

test('CCM6 · a date is read however the source writes it, and what is none is not guessed', () => {
  const read: [unknown, string | null][] = [
    ['1990-05-03', '1990-05-03'],
    ['1990-05-03 00:00:00', '1990-05-03'],
    ['1990-05-03T05:00:00.000Z', '1990-05-03'],
    ['03/05/1990', '1990-05-03'],
    ['3-5-1990', '1990-05-03'],
    ['19900503', '1990-05-03'],
    [new Date(Date.UTC(1990, 4, 3)), '1990-05-03'],
    [32_996, '1990-05-03'],
    ['32996', '1990-05-03'],
    ['', null],
    ['0000-00-00', null],
    [null, null],
    ['-', null],
    ['N/A', null],
    ['31/02/1990', 'unreadable'],
    ['1990-02-30', 'unreadable'],
    ['ayer', 'unreadable'],
    ['05/13/1990', 'unreadable'],
    ['1823-01-01', 'unreadable'],
    [Number.NaN, 'unreadable'],
    [{}, 'unreadable'],
  ]
  for (const [value, day] of read) assert.equal(dayIn(value), day, JSON.stringify(value))
})

test('CCM5 · whoever asks on a rest day hears of that day, whichever day the company tells it on', () => {
  const people = [someone('Sabado', { birth: '1990-11-21' }), someone('Lunes', { birth: '1990-11-23' })]
  for (const onRestDays of ['keep', 'before', 'after'] as const) {
    const window = { from: Temporal.PlainDate.from('2026-11-21'), days: 2, whole: true }
    const found = upcoming('birthdays', rosterOf(people, 0), window, calendarOf({ zone: ZONE, onRestDays }))
    assert.deepEqual(names(found), ['Sabado 2026-11-21'], onRestDays)
  }
})

const say = sayIn('es')
const told = (people: Employee[], more: { staleMs?: number } = {}) => {
  const { occasions, from, to } = list('birthdays', people, '2026-11-21', 7)
  return messageOf({ what: 'birthdays', occasions, from, to, today: from, staleMs: more.staleMs, say })
}

test('CCM7 · more than fits in one message is cut between people, numbered, and nobody is lost or told twice', () => {
  const many = Array.from({ length: 600 }, (_, n) =>
    someone(`Persona ${n} ${'x'.repeat(n % 90)}`, { birth: `1990-11-${21 + (n % 7)}`, area: 'Ventas' }),
  )
  const { parts, leftOut } = told(many)

  assert.ok(parts.length > 5)
  for (const { text } of parts) assert.ok(text.length <= 4096, String(text.length))
  const shown = parts.flatMap(({ text }) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('• '))
      .map((line) => line.slice(2, -' · Ventas'.length)),
  )
  assert.deepEqual(
    shown,
    parts.flatMap(({ people }) => people),
  )
  assert.deepEqual([...shown, ...leftOut.map(({ person }) => person.name)].sort(), many.map(({ name }) => name).sort())
  assert.match(parts[1]!.text, /\(2 de \d+\)$/)

  const crowd = told(Array.from({ length: 5_000 }, (_, n) => someone(`Gente ${n}`, { birth: '1990-11-22' })))
  assert.equal(crowd.parts.length, 10)
  assert.match(crowd.parts[9]!.text, new RegExp(`… y ${crowd.leftOut.length} personas más`))
})

test('CCM7 · a name is shown as it is written, in any script, and nothing in it can act', () => {
  const cell = (name: string) =>
    employeeOf([null, null, null, null, null, name], { ...columnsOf({ ...PEOPLE, name: 'n' }), nameFrom: 5, at: {} })?.name
  assert.equal(cell('  Ñandú\n\u202eoigres\u202c\t  O’Brien  '), 'Ñandú oigres O’Brien')
  assert.equal(cell('\u0000\u200b'), undefined)
  assert.equal(cell('می\u200cخواهم'), 'می\u200cخواهم')
  assert.ok(cell('x'.repeat(5_000))!.length <= 120)

  const { parts } = told([
    someone('<b>Uno</b> & *dos* _tres_ `cuatro` [x](http://x)', { birth: '1990-11-22' }),
    someone('سارة', { birth: '1990-11-23' }),
    someone('@todos /start https://malo.example', { birth: '1990-11-24' }),
  ])
  const { text } = parts[0]!
  assert.ok(text.includes('<b>Uno<'), text)
  assert.ok(text.includes('\u2068سارة\u2069'))
  assert.doesNotMatch(text, /@todos|\/start|https:\/\/|malo\.example/)
  assert.equal(text.replaceAll('\u2060', '').includes('@todos /start https://malo.example'), true)
})

test('CCM8 · an old list says how old it is', () => {
  assert.match(told([someone('Ana', { birth: '1990-11-22' })], { staleMs: 3 * 3_600_000 }).parts[0]!.text, /hace 3 horas/)
  assert.doesNotMatch(told([someone('Ana', { birth: '1990-11-22' })]).parts[0]!.text, /hace/)
})
