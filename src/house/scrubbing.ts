import { scrub, type Clock, type Database, type Log } from '../foundation/index.ts'

// A file of this size is written anew in a second or two on a small server; what is bigger waits for the night.
const SOON_BYTES = 256 * 1024 * 1024
// What was being answered while its person was erased is erased within a quarter of an hour: then once more.
const AFTERMATH_MS = 16 * 60_000
const LONGEST_AGO_MS = 48 * 3_600_000

export type ScrubbingOptions = {
  db: Database
  clock: Clock
  log: Log
  /** When something was erased last at a person's wish. */
  erasedAt(): Promise<number | undefined>
}

/** After words were erased from the tables, the files they stood in are written anew. */
export function openScrubbing({ db, clock, log, erasedAt }: ScrubbingOptions) {
  let scrubbedAt = 0
  let talkAt = 0
  const last = async () => {
    const at = Math.max(talkAt, (await erasedAt()) ?? 0)
    return at < clock.now() - LONGEST_AGO_MS ? undefined : at
  }

  const run = async (mostBytes: number) => {
    const startedAt = clock.now()
    const { big, busy } = await scrub(db, mostBytes)
    if (busy.length === 0) scrubbedAt = startedAt
    log.info('scrubbed', { big: big.length, busy: busy.length })
  }

  return {
    /** Every minute, and how many talks that were to leave nothing behind were erased just now. */
    async soon(talks: number): Promise<void> {
      if (talks > 0) talkAt = clock.now()
      const at = await last()
      if (at === undefined) return
      const settled = at + AFTERMATH_MS
      if (scrubbedAt <= at || (scrubbedAt <= settled && settled < clock.now())) await run(SOON_BYTES)
    },

    async atNight(): Promise<void> {
      if ((await last()) !== undefined) await run(Number.POSITIVE_INFINITY)
    },
  }
}
