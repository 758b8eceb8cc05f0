import { statfs } from 'node:fs/promises'
import { loop, stepDetector, type Clock, type Log, type Work } from '../foundation/index.ts'
import type { Operator } from './operator.ts'

export type UpkeepOptions = {
  clock: Clock
  log: Log
  operator: Operator
  zone: string
  dataDir?: string
  /** Enforces what was promised about keeping; tells how many rows went. */
  forget(): Promise<number>
  /** Rows that others wrote get their place; returns the last id looked at. */
  adopt(since: number): Promise<number>
  /** Nothing may wait longer because the wall clock went back. */
  clockWentBack(stepMs: number): Promise<void>
}

const LOOK_MS = 5_000
const ADOPT_EVERY_MS = 60_000
// Rows of transactions that were open at the last look may have smaller ids.
const LOOK_BEHIND = 1_000
const NIGHT_HOUR = 3
const LOW_DISK = 200 * 1024 * 1024

/** What has to be done again and again, by one process. */
export function openUpkeep({ clock, log, operator, zone, dataDir, forget, adopt, clockWentBack }: UpkeepOptions): Work {
  const step = stepDetector(clock)
  let lastId = 0
  let adoptAt = 0
  let lastNight = nightOf(clock.now(), zone)

  const round = async () => {
    const jumped = step()
    if (jumped !== 0) {
      log.warn('clock_stepped', { seconds: Math.round(jumped / 1000) })
      if (jumped < 0) await clockWentBack(-jumped)
    }
    if (clock.monotonic() >= adoptAt) {
      adoptAt = clock.monotonic() + ADOPT_EVERY_MS
      lastId = Math.max(0, (await adopt(lastId)) - LOOK_BEHIND)
      await lookAtDisk()
    }
    const night = nightOf(clock.now(), zone)
    if (night !== lastNight) {
      lastNight = night
      log.info('forgotten', { rows: await forget() })
    }
    return { didWork: false }
  }

  const lookAtDisk = async () => {
    if (!dataDir) return
    const { bavail, bsize } = await statfs(dataDir)
    const free = Number(bavail) * Number(bsize)
    if (free < LOW_DISK) operator.tell({ cause: 'disk_low', details: { free_mb: Math.round(free / 1_048_576) } })
  }

  return loop('upkeep', round, { clock, log, restMs: LOOK_MS })
}

/** Changes once a day, at three in the morning there. */
function nightOf(now: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(zone)
    .subtract({ hours: NIGHT_HOUR })
    .toPlainDate()
    .toString()
}
