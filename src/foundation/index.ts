/**
 * What every room stands on: time, the database, loops, a hint that work came, logs, ids. It knows nothing of
 * conversations. Refuses: any word of the trade, any reading of the environment.
 */
export { ENOUGH, systemClock, stepDetector, type Clock } from './clock.ts'
export {
  openDatabase,
  skipLocked,
  softly,
  lockRows,
  type Database,
  type Engine,
  type OpenDatabase,
  type Query,
  type Tx,
} from './database.ts'
export { clean, rows } from './lists.ts'
export { listStatement, statement } from './statement.ts'
export { unawaited } from './transaction.ts'
export { migrate, missingMigrations, SchemaTooNew, type Migration } from './migrations.ts'
export { gather, GatherFull, type Gather } from './gather.ts'
export { openWake, type Wake, type FarWake } from './wake.ts'
export { loop, type Work } from './loop.ts'
export { crew, type Crew, type Hands } from './crew.ts'
export { silentLog, type Log, type LogFields } from './log.ts'
export { openLog, type OpenLog } from './logging.ts'
export { redactor, type Redact } from './redact.ts'
export { zonedTime } from './zoned-time.ts'
export { openCache, type Cache } from './cache.ts'
export { openRateLimits, type Limit, type RateLimits, type Taken } from './rate-limit.ts'
export { Refused, CouldNotAsk, Misconfigured, messageOf } from './errors.ts'
export { chance, newId, newSecret, readableCode, sha256, sameSecret } from './ids.ts'
export { lockFolder, whoRuns, type FolderLock, type Running } from './folder-lock.ts'
export { reachDatabase, DatabaseUnreached } from './reach.ts'
export { scrub, type Scrubbed } from './scrub.ts'
