import type { Clock } from './clock.ts'
import { openDatabase, type Database, type Named, type OpenDatabase } from './database.ts'
import { Misconfigured } from './errors.ts'
import type { Log } from './log.ts'

const TRIES = 30
// From one try to the next, however long the look itself took: all of them fit into the minute.
const EVERY_MS = 2_000
// A host that swallows every try would take longer than thirty of them.
const PATIENCE_MS = 60_000

/** A database that starts beside us needs a moment: thirty tries in a minute, one line each. */
export async function reachDatabase(options: OpenDatabase, tools: { clock: Clock; log: Log; tries?: number }): Promise<Database> {
  const { clock, log, tries = TRIES } = tools
  const startedAt = clock.monotonic()
  for (let attempt = 1; ; attempt++) {
    const db = openDatabase(options)
    try {
      await db.ping()
      return db
    } catch (error) {
      await db.close().catch(() => {})
      if (error instanceof Misconfigured || options.engine === 'sqlite') throw error
      const why = whyNot(error)
      log.warn('database_waiting', { attempt, of: tries, why })
      if (attempt >= tries || clock.monotonic() - startedAt > PATIENCE_MS) throw new DatabaseUnreached(why, options.named)
      await clock.sleep(Math.max(0, startedAt + attempt * EVERY_MS - clock.monotonic()))
    }
  }
}

export class DatabaseUnreached extends Error {
  readonly why: string
  readonly named: Named
  constructor(why: string, named: Named = 'url') {
    super(`no database: ${why}`)
    this.name = 'DatabaseUnreached'
    this.why = why
    this.named = named
  }
}

/** The kind of failure; the driver's own words may carry an address or a user. */
function whyNot(error: unknown): string {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : /timeout/i.test(String(error)) ? 'timeout' : 'no_answer'
}
