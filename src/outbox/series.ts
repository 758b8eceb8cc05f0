import { sql } from 'kysely'
import { loop, rows, statement, type Clock, type Database, type Log, type Tx, type Work } from '../foundation/index.ts'
import type { Put, Scheduled } from './put.ts'
import { openRezone } from './rezone.ts'
import { dayOf, lastSlot, nextSlot, relaid, without, type Rhythm } from './rhythm.ts'
import { endOf, openNext, rhythmIn, type SeriesRow } from './series-next.ts'
import { openSkip } from './skip.ts'
import type { OutboxTables } from './tables.ts'

/*
 * What comes again and again. A series has one message in the outbox at a time: its next. When that one's hour has come the
 * next is put there, in the transaction that moves the series on, so that every hour has its message once, whoever is
 * killed meanwhile. What was missed while nothing ran is not made up for, but for the last, within its own time.
 */

export type SeriesOptions = {
  db: Database
  clock: Clock
  scheduleIn: (tx: Tx<OutboxTables>, put: Put) => Promise<Scheduled>
  /** Of where the person lives now: who moves takes the hour along. */
  zoneOf?: (tx: Tx, personId: string) => Promise<string | undefined>
  ownerOf: (tx: Tx, channel: string, chatId: string) => Promise<string>
  only?: readonly string[]
}

const AT_ONCE = 50
const REST_MS = 15_000

export function openSeries({ db, clock, scheduleIn, zoneOf, ownerOf, only }: SeriesOptions) {
  const q = db.as<OutboxTables>()
  const mine = only ? sql`and assistant in (${sql.join(only)})` : sql``

  const next = openNext({ db, scheduleIn })

  /** Its last hour has come: the next one gets its message, or the series is over. */
  const moveOn = async (tx: Tx<OutboxTables>, series: SeriesRow, now: number): Promise<void> => {
    const rhythm = rhythmIn(series)
    const zone = (await zoneOf?.(tx, series.person_id)) ?? 'UTC'
    // Who moved while it left does not get the same day's again.
    const had =
      series.zone && series.zone !== zone
        ? Math.max(series.slot_at, relaid(rhythm, series.slot_at, series.zone, zone))
        : series.slot_at
    const missed = lastSlot(rhythm, had, now, zone)
    const slot = missed !== undefined && now < endOf(series, missed) ? missed : nextSlot(rhythm, Math.max(now, had), zone)
    const kept = JSON.stringify(without(rhythm, [], dayOf(now, zone)))
    await next.goTo(tx, { ...series, rhythm: kept }, slot, zone, now)
  }

  const advance = (limit = AT_ONCE): Promise<number> =>
    db.transaction<OutboxTables, number>(async (tx) => {
      const now = clock.now()
      const { rows: found } = await sql<{ id: number }>`
        select id from outbox_series where next_at <= ${now} ${mine} order by next_at limit ${limit}`.execute(tx)
      if (found.length === 0) return 0
      const due = await next.lock(
        tx,
        found.map(({ id }) => id),
      )
      for (const one of due) if (one.next_at! <= now) await moveOn(tx, one, now)
      return found.length
    })

  const soonest = statement<object, { at: number | null }>(
    () => sql`select min(next_at) as at from outbox_series where next_at is not null ${mine}`,
  )
  const nextAt = async (): Promise<number | undefined> => (await soonest(q, {}))[0]?.at ?? undefined

  return {
    /** A series, with the message of its first hour. The same one twice is one. */
    async openSeriesIn(tx: Tx<OutboxTables>, { rhythm, ...wish }: Put & { rhythm: Rhythm }): Promise<Scheduled> {
      const now = clock.now()
      const slot = wish.scheduledFor!
      const person = await ownerOf(tx, wish.channel, wish.chatId)
      const zone = (await zoneOf?.(tx, person)) ?? null
      const { rows: made } = await sql<SeriesRow>`
        insert into outbox_series(assistant, channel, chat_id, thread, kind, key, text, intent, rhythm, person_id, slot_at, next_at, made_at, correlation, zone)
        values (${wish.assistant}, ${wish.channel}, ${wish.chatId}, ${wish.thread ?? null}, ${wish.kind}, ${wish.key ?? null},
          ${wish.text ?? null}, ${wish.intent ?? null}, ${JSON.stringify(rhythm)}, ${person}, ${slot}, ${slot}, ${now}, ${wish.correlation}, ${zone})
        on conflict do nothing returning *`.execute(tx)
      if (made[0]) return next.put(tx, made[0], slot)
      const { rows: known } = await sql<{ id: number }>`
        select m.id from outbox_series s join outbox_messages m on m.series_id = s.id
        where s.assistant = ${wish.assistant} and s.channel = ${wish.channel} and s.chat_id = ${wish.chatId} and s.key = ${wish.key ?? null}
          and s.next_at is not null order by m.id desc limit 1`.execute(tx)
      return { id: known[0]?.id ?? 0, outcome: 'unchanged' }
    },

    advanceSeries: advance,
    ...openSkip({ db, clock, next, zoneOf }),
    ...openRezone({ clock, next }),

    /** Ends the series that these messages belong to. */
    endSeriesOf: (tx: Tx, ids: readonly number[]): Promise<void> => endSeriesOf(tx, db, ids, clock.now()),

    seriesWork(log: Log): Work {
      return loop(
        'series',
        async () => {
          const at = await nextAt()
          if (at === undefined || at > clock.now()) return { didWork: false, nextAt: at }
          const moved = await advance()
          if (moved > 0) db.wake.signal('outbox')
          return { didWork: moved > 0 }
        },
        { clock, log, wake: db.wake, topic: 'series', restMs: REST_MS },
      )
    },
  }
}

export async function endSeriesOf(tx: Tx, db: Database, ids: readonly number[], now: number): Promise<void> {
  if (ids.length === 0) return
  const list = rows(
    db.engine,
    ids.map((id) => ({ id })),
    { id: 'int' },
  )
  await sql`
    update outbox_series set next_at = null, ended_at = ${now}
    where next_at is not null and id in (select m.series_id from ${list} join outbox_messages m on m.id = r.id)`.execute(tx)
}
