import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastSlot, nextSlot, type Rhythm } from './rhythm.ts'

const DAY = 86_400_000
const ms = (local: string, zone: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
const told = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })

function slots(rhythm: Rhythm, zone: string, count: number, from = `${rhythm.from}T00:00`): string[] {
  const found: string[] = []
  for (
    let at = nextSlot(rhythm, ms(from, zone) - 1, zone);
    at !== undefined && found.length < count;
    at = nextSlot(rhythm, at, zone)
  )
    found.push(told(at, zone))
  return found
}

const CASES: [string, Rhythm, string, string[]][] = [
  [
    'every third day',
    { every: 'day', n: 3, at: '09:00', from: '2026-02-27' },
    'UTC',
    ['2026-02-27T09:00', '2026-03-02T09:00', '2026-03-05T09:00'],
  ],
  [
    'Mondays and Thursdays',
    { every: 'week', n: 1, days: [1, 4], at: '08:00', from: '2026-11-24' },
    'Europe/Madrid',
    ['2026-11-26T08:00', '2026-11-30T08:00', '2026-12-03T08:00'],
  ],
  [
    'every other week',
    { every: 'week', n: 2, days: [1], at: '08:00', from: '2026-12-21' },
    'UTC',
    ['2026-12-21T08:00', '2027-01-04T08:00', '2027-01-18T08:00'],
  ],
  [
    'the 31st',
    { every: 'month', n: 1, day: 31, at: '10:00', from: '2026-01-31' },
    'UTC',
    ['2026-01-31T10:00', '2026-02-28T10:00', '2026-03-31T10:00', '2026-04-30T10:00'],
  ],
  [
    'the 29th of February',
    { every: 'year', n: 1, day: 29, month: 2, at: '10:00', from: '2027-01-01' },
    'UTC',
    ['2027-02-28T10:00', '2028-02-29T10:00', '2029-02-28T10:00'],
  ],
  [
    'until a day',
    { every: 'day', n: 1, at: '20:00', from: '2026-12-30', until: '2026-12-31' },
    'UTC',
    ['2026-12-30T20:00', '2026-12-31T20:00'],
  ],
  [
    'an hour that does not exist, in Madrid',
    { every: 'day', n: 1, at: '02:30', from: '2026-03-28' },
    'Europe/Madrid',
    ['2026-03-28T02:30', '2026-03-29T03:30', '2026-03-30T02:30'],
  ],
  [
    'an hour that comes twice, in Madrid',
    { every: 'day', n: 1, at: '02:30', from: '2026-10-24' },
    'Europe/Madrid',
    ['2026-10-24T02:30', '2026-10-25T02:30', '2026-10-26T02:30'],
  ],
  [
    'half an hour of summer time, on Lord Howe',
    { every: 'day', n: 1, at: '02:15', from: '2026-10-03' },
    'Australia/Lord_Howe',
    ['2026-10-03T02:15', '2026-10-04T02:45', '2026-10-05T02:15'],
  ],
  [
    'midnight that does not exist, in Santiago',
    { every: 'day', n: 1, at: '00:00', from: '2026-09-05' },
    'America/Santiago',
    ['2026-09-05T00:00', '2026-09-06T01:00', '2026-09-07T00:00'],
  ],
  [
    'days that are left out',
    { every: 'week', n: 1, days: [1, 4], at: '08:00', from: '2026-11-23', except: ['2026-11-23', '2026-12-03'] },
    'Europe/Madrid',
    ['2026-11-26T08:00', '2026-11-30T08:00', '2026-12-07T08:00'],
  ],
]
for (const [name, rhythm, zone, wanted] of CASES)
  test(`OUT14 · ${name}: each hour once, by the calendar of where the person lives`, () => {
    assert.deepEqual(slots(rhythm, zone, wanted.length + (rhythm.until ? 3 : 0)), wanted)
  })

test('OUT14 · the last hour that has come is the greatest of those before, whatever the rhythm', () => {
  for (const [, rhythm, zone] of CASES) {
    const from = ms(`${rhythm.from}T00:00`, zone) - 1
    for (const days of [0, 1, 10, 45, 400]) {
      let last: number | undefined
      for (let at = nextSlot(rhythm, from, zone); at !== undefined && at <= from + days * DAY; at = nextSlot(rhythm, at, zone))
        last = at
      assert.equal(lastSlot(rhythm, from, from + days * DAY, zone), last, `${JSON.stringify(rhythm)} ${days}`)
    }
  }
})
