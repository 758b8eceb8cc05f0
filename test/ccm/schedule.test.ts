import assert from 'node:assert/strict'
import test from 'node:test'
import { openSchedule, type NoticeLine } from '../../src/directory/index.ts'
import { whenIn } from '../../src/directory/when.ts'
import { silentLog, type Database } from '../../src/foundation/index.ts'
import { stillClock } from '../support/clock.ts'
import { onEachEngine } from '../support/engines.ts'
import { openStage, playedSource, withDirectory, type StageOptions } from './stage.ts'

const MINUTE = 60_000
const EVERY_WORKDAY: NoticeLine = {
  name: 'cumple-diario',
  tells: 'birthdays',
  when: 'cada día laborable a las 8:30',
  within: '4h',
}
const born = (day: string, name: string, n: number) => [n, '2020-01-07', null, `1990-${day}`, 'Ventas', name, '']
const EVERYBODY = ['11-20', '11-21', '11-22', '11-23', '11-24', '11-25', '11-26'].map((day, n) => born(day, `P ${day}`, n))
// In Bogota, five hours behind.
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour + 5, minute)

async function scheduled(db: Database, start: number, options: StageOptions & { notices?: NoticeLine[] } = {}) {
  const clock = stillClock(start)
  const stage = await openStage(db, { source: playedSource(EVERYBODY), ...options, clock })
  const open = () =>
    openSchedule({
      db,
      clock,
      log: silentLog,
      desk: stage.desk,
      calendar: stage.calendar,
      assistant: 'ccm',
      notices: options.notices ?? [EVERY_WORKDAY],
    })
  const to = async (when: number, schedule = first) => {
    clock.advance(when - clock.now())
    await schedule.round()
    await stage.turn()
  }
  const first = open()
  await first.round()
  const days = () => stage.sent.map(({ text }) => [...text.matchAll(/• P (\S+)/g)].map((one) => one[1]).join('+'))
  return { ...stage, clock, schedule: first, open, to, days }
}

onEachEngine(
  'CCM13 · each workday at its hour, once, however often it looks and however many processes do',
  async ({ db, again }) => {
    const one = await scheduled(db, at(23, 8))
    const other = await scheduled(again(), at(23, 8))
    await one.to(at(23, 8, 29))
    assert.deepEqual(one.days(), [])
    await Promise.all([one.to(at(23, 8, 30)), other.to(at(23, 8, 30))])
    await one.to(at(23, 8, 31))
    await one.to(at(23, 18))
    assert.deepEqual([...one.days(), ...other.days()], ['11-23'])
    await one.to(at(24, 8, 31))
    assert.deepEqual([...one.days(), ...other.days()].sort(), ['11-23', '11-24'])
    // Saturday and Sunday are no workdays.
    await one.to(at(28, 9))
    await one.to(at(29, 9))
    assert.equal((await one.schedule.runs()).length, 2)
  },
  withDirectory,
)

onEachEngine(
  'CCM13 · a day missed while it was down is made up once within its window, and not after it',
  async ({ db }) => {
    const stage = await scheduled(db, at(22, 12))
    await stage.to(at(23, 11), stage.open())
    await stage.to(at(23, 11, 5), stage.open())
    assert.deepEqual(stage.days(), ['11-23'])

    await stage.to(at(24, 15), stage.open())
    assert.deepEqual(stage.days(), ['11-23'])
    const runs = await stage.schedule.runs()
    assert.deepEqual(
      runs.map(({ day, outcome }) => `${day} ${outcome}`),
      ['2026-11-24 missed', '2026-11-23 queued'],
    )
  },
  withDirectory,
)

onEachEngine(
  'CCM13 · what was due before the notice existed was nobody’s promise',
  async ({ db }) => {
    const stage = await scheduled(db, at(23, 10))
    await stage.to(at(23, 10, 5))
    assert.deepEqual(stage.days(), [])
    await stage.to(at(24, 8, 30))
    assert.deepEqual(stage.days(), ['11-24'])
  },
  withDirectory,
)

onEachEngine(
  'CCM13 · with the source away it is tried again until the window ends; with nobody to tell of, nothing is sent',
  async ({ db }) => {
    const source = playedSource(EVERYBODY)
    source.fails = 'port'
    const stage = await scheduled(db, at(23, 8), { source })
    await stage.to(at(23, 8, 30))
    await stage.to(at(23, 9))
    assert.deepEqual(await stage.schedule.runs(), [])
    source.fails = undefined
    await stage.to(at(23, 9, 30))
    assert.deepEqual(stage.days(), ['11-23'])

    source.rows = []
    await stage.to(at(24, 9))
    assert.deepEqual(stage.days(), ['11-23'])
    assert.equal((await stage.schedule.runs())[0]!.outcome, 'nobody')
  },
  withDirectory,
)

onEachEngine(
  'CCM13 · a call by hand of the same day and list is the same promise as the schedule’s',
  async ({ db }) => {
    const stage = await scheduled(db, at(23, 8))
    await stage.to(at(23, 8, 30))
    await stage.desk.about('birthdays', { days: 1 })
    await stage.turn()
    assert.equal(stage.sent.length, 1)
  },
  withDirectory,
)

onEachEngine(
  'CCM13 · an hour that the clocks leave out or repeat is still one notice',
  async ({ db }) => {
    const zone = 'Europe/Madrid'
    const notices: NoticeLine[] = [{ name: 'noche', tells: 'birthdays', when: 'cada día a las 2:30' }]
    const rows = Array.from({ length: 28 }, (_, n) => born(`03-${String(n + 1).padStart(2, '0')}`, `P ${n}`, n))
    const stage = await scheduled(db, Date.UTC(2027, 2, 27, 12), {
      source: playedSource([...rows, born('03-28', 'P 28', 99)]),
      calendar: { zone },
      notices,
    })
    const schedule = openSchedule({
      ...stage,
      db,
      log: silentLog,
      assistant: 'ccm',
      notices,
      calendar: { ...stage.calendar, zone },
    })
    // 28 March 2027: at 02:00 it becomes 03:00.
    for (let quarter = 0; quarter < 24; quarter++) await stage.to(Date.UTC(2027, 2, 28, 0) + quarter * 15 * MINUTE, schedule)
    assert.equal(stage.sent.length, 1)
    // 31 October 2027: 02:30 comes twice.
    const autumn = await scheduled(db, Date.UTC(2027, 9, 30, 12), {
      source: playedSource([born('10-31', 'P x', 1)]),
      calendar: { zone },
      notices,
    })
    for (let quarter = 0; quarter < 24; quarter++) await autumn.to(Date.UTC(2027, 9, 30, 23) + quarter * 15 * MINUTE)
    assert.equal(autumn.sent.length, 1)
  },
  withDirectory,
)

test('CCM13 · a time is written as a person says it, and what is not understood is refused when the file is loaded', () => {
  assert.deepEqual(whenIn('cada día laborable a las 8:30'), { on: 'workday', hour: 8, minute: 30 })
  assert.deepEqual(whenIn('De lunes a viernes a las 7'), { on: 'workday', hour: 7, minute: 0 })
  assert.deepEqual(whenIn('cada dia a las 20:15'), { on: 'day', hour: 20, minute: 15 })
  assert.deepEqual(whenIn('los lunes y miércoles a las 9.05'), { on: { weekdays: [1, 3] }, hour: 9, minute: 5 })
  assert.deepEqual(whenIn('cada lunes a la 1'), { on: { weekdays: [1] }, hour: 1, minute: 0 })
  assert.deepEqual(whenIn('el día 1 de cada mes a las 8:00'), { on: { dayOfMonth: 1 }, hour: 8, minute: 0 })
  assert.deepEqual(whenIn('every workday at 8:30'), { on: 'workday', hour: 8, minute: 30 })
  for (const odd of [
    'a las 8',
    'cada rato a las 8',
    'cada día a las 25',
    'cada día a las 8:61',
    'el día 31 de cada mes a las 8',
    'cada día',
  ])
    assert.equal(whenIn(odd), undefined, odd)
  assert.throws(() => openSchedule({ notices: [{ ...EVERY_WORKDAY, when: 'pronto' }], db: { as: () => ({}) } } as never), {
    name: 'Misconfigured',
  })
})
