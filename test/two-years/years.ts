/** Two years of messages that nobody asked for just now, in forty zones, with restarts: each leaves once, in its time, or says why not. */
import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { migrate, silentLog, type Database } from '../../src/foundation/index.ts'
import { migrations } from '../../src/house.ts'
import { localDay, nextSlot, openOutbox, quietUntil, type Rhythm } from '../../src/outbox/index.ts'
import { openPeople } from '../../src/people/index.ts'
import { seededRandom } from '../../src/rehearsal/index.ts'
import { stillClock } from '../support/clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const GRID = 30 * MINUTE
const BEGIN = Date.UTC(2026, 0, 1)
const PEOPLE = 500
const SEED = Number(process.env['SEED'] ?? 20_261_127)
const ZONES = [
  'UTC',
  'Europe/Madrid',
  'Atlantic/Canary',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Berlin',
  'Europe/Athens',
  'Europe/Istanbul',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Africa/Lagos',
  'Africa/Johannesburg',
  'Asia/Dubai',
  'Asia/Tehran',
  'Asia/Karachi',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Bangkok',
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Australia/Eucla',
  'Australia/Adelaide',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Honolulu',
  'America/Anchorage',
  'America/Los_Angeles',
  'America/Denver',
  'America/Chicago',
  'America/Mexico_City',
  'America/New_York',
  'America/Havana',
  'America/Bogota',
  'America/Caracas',
  'America/Santiago',
  'America/St_Johns',
] as const

type Wish = { id: number; person: number; at: number; until: number }
type Sent = { id: number; at: number }

async function live(db: Database, days: number) {
  const clock = stillClock(BEGIN)
  const goTo = (at: number) => clock.advance(at - clock.now())
  const random = seededRandom(SEED)
  await migrate(db, migrations, 'test', clock.now())
  const people = openPeople({ db, clock, defaultZone: 'UTC', proactiveLimit: 2 })
  const sent: Sent[] = []
  let owners = 0
  const start = () => {
    const outbox = openOutbox({
      db,
      clock,
      owner: `owner-${++owners}`,
      ownerOf: people.ownerOf,
      mannersOf: people.mannersOf,
      zoneOf: (tx, id) => people.zoneOf(tx, id),
    })
    const delivery = outbox.delivery({
      log: silentLog,
      send: async ({ id }) => ({ sent: true, messageId: String(sent.push({ id, at: clock.now() })) }),
      compose: async ({ intent }) => ({ words: intent }),
      pace: () => undefined,
    })
    return { outbox, delivery }
  }
  let house = start()
  const zoneOf = (person: number) => ZONES[person % ZONES.length]!
  const wishes: Wish[] = []
  const series = new Map<number, Rhythm>()
  for (let person = 0; person < PEOPLE; person++) {
    await db.transaction(async (tx) => {
      const id = await people.ownerOf(tx, 'telegram', String(person))
      await people.consent(tx, id, true)
      await people.set(tx, id, { zone: zoneOf(person) })
      if (person % 5 > 0) return
      const rhythm: Rhythm = {
        every: 'week',
        n: 1,
        days: [1 + (person % 7)],
        at: person % 2 ? '02:30' : '20:00',
        from: '2026-01-01',
      }
      series.set(person, rhythm)
      const first = nextSlot(rhythm, clock.now(), zoneOf(person))!
      await house.outbox.openSeriesIn(tx, { ...to(person), kind: 'reminder', text: 'serie', scheduledFor: first, rhythm })
    })
  }
  const nextAt = async () => {
    const { rows } = await sql<{ at: number | null }>`
      select min(at) as at from (select min(ready_at) as at from outbox_lanes where ready_at is not null
        union all select min(next_at) as at from outbox_series where next_at is not null) as both_of`.execute(db.as())
    return rows[0]?.at ?? Number.POSITIVE_INFINITY
  }
  const work = async () => {
    while ((await house.outbox.advanceSeries(500)) > 0);
    for (let lines = await house.delivery.claim(200); lines.length > 0; lines = await house.delivery.claim(200)) {
      // Killed with what it had claimed in its hands: the leases run out.
      if (random.next() < 0.004) return void (house = start())
      await Promise.all(lines.map((line) => house.delivery.deliver(line, new AbortController().signal)))
    }
  }
  for (let day = 0; day < days; day++) {
    const end = BEGIN + (day + 1) * DAY
    for (let n = 0; n < PEOPLE / 20; n++) {
      const person = random.whole(0, PEOPLE - 1)
      const many = random.next() < 0.1 ? 4 : 1
      for (let k = 0; k < many; k++) {
        const at = clock.now() + random.whole(1, DAY / GRID - 1) * GRID
        const until = at + (random.next() < 0.5 ? 2 * HOUR : 30 * HOUR)
        const { id } = await house.outbox.schedule({
          ...to(person),
          kind: 'proactive',
          text: 'idea',
          scheduledFor: at,
          expiresAt: until,
        })
        wishes.push({ id, person, at, until })
      }
    }
    for (let next = await nextAt(); next < end; next = await nextAt()) {
      goTo(Math.max(clock.now(), next))
      await work()
    }
    goTo(end)
    if (random.next() < 0.2) house = start()
  }
  goTo(clock.now() + 2 * DAY)
  await work()
  return { sent, wishes, series, zoneOf, end: BEGIN + days * DAY, house }
}

const to = (person: number) => ({ assistant: 'aegen', channel: 'telegram', chatId: String(person), correlation: 'test' })

export async function holds(db: Database, days: number) {
  const { sent, wishes, series, zoneOf, end, house } = await live(db, days)
  const times = new Map<number, number[]>()
  for (const { id, at } of sent) times.set(id, [...(times.get(id) ?? []), at])
  assert.deepEqual(
    [...times].filter(([, all]) => all.length > 1),
    [],
    'sent twice',
  )

  const perDay = new Map<string, number>()
  const quiet = { quietFrom: 22, quietTo: 8 }
  let [late, kept] = [0, 0]
  for (const { id, person, at, until } of wishes) {
    const zone = zoneOf(person)
    const [left] = times.get(id) ?? []
    if (left === undefined) {
      const item = await house.outbox.get(id)
      assert.deepEqual(
        [item?.status, ['quiet_hours', 'daily_limit', 'expired'].includes(item?.reason ?? '')],
        ['expired', true],
        `idea ${id}: ${item?.status} ${item?.reason}`,
      )
      kept++
      continue
    }
    assert.ok(left >= at && left < until, `idea ${id} left ${left - at} ms after its time`)
    assert.equal(quietUntil(left, { zone, ...quiet }), undefined, `idea ${id} in the quiet hours of ${zone}`)
    if (left > at + MINUTE) late++
    const key = `${person} ${localDay(left, zone)}`
    perDay.set(key, (perDay.get(key) ?? 0) + 1)
  }
  assert.deepEqual(
    [...perDay].filter(([, n]) => n > 2),
    [],
    'above the limit',
  )
  assert.ok(late > 0 && kept > 0 && wishes.length > days * 20)

  for (const [person, rhythm] of series) {
    const wanted: number[] = []
    for (
      let at = nextSlot(rhythm, BEGIN, zoneOf(person));
      at !== undefined && at < end;
      at = nextSlot(rhythm, at, zoneOf(person))
    )
      wanted.push(at)
    const { rows } = await sql<{ id: number; slot: number }>`
      select id, scheduled_for as slot from outbox_messages where chat_id = ${String(person)} and kind = 'reminder' and scheduled_for < ${end} order by id`.execute(
      db.as(),
    )
    assert.deepEqual(
      rows.map(({ slot }) => slot),
      wanted,
      `series of ${person} in ${zoneOf(person)}`,
    )
    for (const { id, slot } of rows) {
      const [left] = times.get(id) ?? []
      assert.ok(left !== undefined && left - slot < 2 * MINUTE, `series of ${person}: ${slot} left ${left}`)
    }
  }
  console.log(`SEED=${SEED} ${days} days: ${sent.length} sent, ${late} later than meant, ${kept} not sent, each with its reason`)
}
