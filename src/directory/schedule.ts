import { sql } from 'kysely'
import { Misconfigured, type Clock, type Database, type Log, type Tx } from '../foundation/index.ts'
import { isRest, today, type Calendar } from './calendar.ts'
import type { Desk } from './desk.ts'
import type { DirectoryTables, Outcome } from './tables.ts'
import type { What } from './upcoming.ts'
import { whenIn, type When } from './when.ts'

/** A notice that tells by itself, as an assistant's file writes it. */
export type NoticeLine = {
  /** Names it for good: a day is done once under this name. */
  name: string
  tells: What
  when: string
  days?: number
  chats?: readonly string[]
  /** For how long after its time a missed one is made up, on the same day. */
  within?: `${number}h`
}

/*
 * A day's notice is due at its hour in the company's zone. Each round looks whether today's is due and has no row yet; what
 * it puts in the outbox and the row are one transaction. Down at that hour: made up once, within the window and the day.
 * The source away: tried again each round until the window ends, then the day is written down as missed and said.
 */

type Planned = NoticeLine & { plan: When; windowMs: number }
const WINDOW_HOURS = 8

export function planned(lines: readonly NoticeLine[]): Planned[] {
  const faults: string[] = []
  const names = new Set<string>()
  const notices = lines.map((line) => {
    const plan = whenIn(line.when)
    const hours = line.within === undefined ? WINDOW_HOURS : Number(/^(\d{1,2})h$/.exec(line.within)?.[1])
    if (!plan) faults.push(`notice ${line.name}: ${line.when}`)
    if (!(hours >= 1 && hours <= 24)) faults.push(`notice ${line.name}: within ${line.within}`)
    if (names.has(line.name) || !/^[a-z][a-z0-9-]{0,39}$/.test(line.name)) faults.push(`notice ${line.name}: name`)
    names.add(line.name)
    return { ...line, plan: plan!, windowMs: hours * 3_600_000 }
  })
  if (faults.length > 0) throw new Misconfigured(faults)
  return notices
}

type ScheduleOptions = {
  db: Database
  clock: Clock
  log: Log
  desk: Desk
  calendar: Calendar
  assistant: string
  notices: readonly NoticeLine[]
}

/** The round of a loop: `loop('directory notices', schedule.round, …)`. */
export function openSchedule({ db, clock, log, desk, calendar, assistant, notices }: ScheduleOptions) {
  const plans = planned(notices)
  const q = db.as<DirectoryTables>()
  const done = new Map<string, string>()
  const first = new Map<string, number>()

  /** When this notice was first known here: what was due before that was nobody's promise. */
  async function since(notice: string): Promise<number> {
    const remembered = first.get(notice)
    if (remembered !== undefined) return remembered
    await sql`insert into directory_notices(assistant, notice, since) values (${assistant}, ${notice}, ${clock.now()})
      on conflict(assistant, notice) do nothing`.execute(q)
    const row = await q
      .selectFrom('directory_notices')
      .select('since')
      .where('assistant', '=', assistant)
      .where('notice', '=', notice)
      .executeTakeFirstOrThrow()
    first.set(notice, row.since)
    return row.since
  }

  const write = async (tx: Tx, notice: string, day: string, outcome: Outcome, messages: number): Promise<boolean> => {
    const { rows } = await sql`insert into directory_runs(assistant, notice, day, at, outcome, messages)
      values (${assistant}, ${notice}, ${day}, ${clock.now()}, ${outcome}, ${messages})
      on conflict(assistant, notice, day) do nothing returning day`.execute(tx)
    return rows.length > 0
  }

  async function look(notice: Planned): Promise<void> {
    const now = clock.now()
    const on = today(now, calendar.zone)
    const day = on.toString()
    if (done.get(notice.name) === day) return
    const { plan, name } = notice
    const knownSince = await since(name)
    if (!falls(on, plan, calendar)) return
    const due = on.toZonedDateTime({
      timeZone: calendar.zone,
      plainTime: { hour: plan.hour, minute: plan.minute },
    }).epochMilliseconds
    if (now < due) return
    const midnight = on.add({ days: 1 }).toZonedDateTime(calendar.zone).epochMilliseconds
    const end = Math.min(due + notice.windowMs, midnight)
    if (due < knownSince || (await known(name, day))) {
      done.set(name, day)
      return
    }
    if (now >= end) {
      const mine = await db.transaction<never, boolean>((tx) => write(tx as Tx, name, day, 'missed', 0))
      if (mine) log.warn('directory_notice_missed', { notice: name, day })
      done.set(name, day)
      return
    }
    const asked = { days: notice.days ?? (notice.tells === 'birthdays' ? 1 : 7), ...(notice.chats && { chat_ids: notice.chats }) }
    const ran = await desk.run(notice.tells, asked, { on, until: midnight }, (tx, messages) =>
      write(tx, name, day, messages > 0 ? 'queued' : 'nobody', messages),
    )
    if (!ran.ok) return
    if (ran.value.mine) log.info('directory_notice_queued', { notice: name, day, messages: ran.value.messages })
    done.set(name, day)
  }

  const known = async (notice: string, day: string): Promise<boolean> =>
    (await q
      .selectFrom('directory_runs')
      .select('day')
      .where('assistant', '=', assistant)
      .where('notice', '=', notice)
      .where('day', '=', day)
      .executeTakeFirst()) !== undefined

  return {
    async round(): Promise<{ didWork: boolean }> {
      for (const notice of plans) await look(notice)
      return { didWork: false }
    },

    /** Nightly: what happened long ago. */
    async forget(olderThanDay: string): Promise<number> {
      const { numDeletedRows } = await q
        .deleteFrom('directory_runs')
        .where('assistant', '=', assistant)
        .where('day', '<', olderThanDay)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    /** For the operator. */
    runs: (limit = 50) =>
      q.selectFrom('directory_runs').selectAll().where('assistant', '=', assistant).orderBy('day', 'desc').limit(limit).execute(),
  }
}

export type Schedule = ReturnType<typeof openSchedule>

function falls(day: Temporal.PlainDate, { on }: When, calendar: Calendar): boolean {
  if (on === 'day') return true
  if (on === 'workday') return !isRest(day, calendar)
  return 'weekdays' in on ? on.weekdays.includes(day.dayOfWeek) : on.dayOfMonth === day.day
}
