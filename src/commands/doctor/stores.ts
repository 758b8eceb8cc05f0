import { existsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import {
  messageOf,
  missingMigrations,
  openCache,
  openDatabase,
  SchemaTooNew,
  silentLog,
  systemClock,
  type Database,
} from '../../foundation/index.ts'
import { migrations } from '../../house.ts'
import { sentenceOf, whyNoDatabase } from '../sentence.ts'
import { bad, fair, good, within, type Finding, type Say } from './finding.ts'

const PATIENCE_MS = 8_000

export async function databaseFinding(config: Config, taken: boolean, say: Say): Promise<Finding> {
  const where = config.database
  if (where.engine === 'sqlite' && taken) return good('database', say.doctor.sqliteRunning)
  if (where.engine === 'sqlite' && !existsSync(where.file)) return good('database', say.doctor.sqliteNew)
  const look = async (): Promise<Finding> => {
    const started = systemClock.monotonic()
    let db: Database | undefined
    try {
      db = openDatabase(where)
      await db.ping()
      const ms = Math.round(systemClock.monotonic() - started)
      const behind = await missing(db)
      if (behind > 0) return fair('database', say.doctor.behind(behind))
      return good('database', where.engine === 'sqlite' ? say.doctor.sqlite : say.doctor.postgres(ms))
    } catch (error) {
      return bad('database', whyNot(error))
    } finally {
      await db?.close().catch(() => {})
    }
  }
  return within(PATIENCE_MS, look(), bad('database', say.failed.database(say.failed.databaseWhy.slow)))

  function whyNot(error: unknown): string {
    if (error instanceof SchemaTooNew) return say.failed.schemaTooNew(error.needs)
    const code = (error as { code?: unknown }).code
    if (where.engine === 'postgres')
      return say.failed.database(whyNoDatabase(typeof code === 'string' ? code : 'no_answer', where.named, say.failed))
    const told = sentenceOf(error, config.log.lang) ?? [messageOf(error)]
    return told.at(-1)!.replace(/^\s*• /, '')
  }
}

/** Of a database where nothing was ever made, all of them. */
async function missing(db: Database): Promise<number> {
  try {
    return (await missingMigrations(db, migrations)).length
  } catch (error) {
    const none = (error as { code?: unknown }).code === '42P01' || /no such table/.test(messageOf(error))
    if (!none) throw error
    return migrations.length
  }
}

export async function redisFinding(config: Config, say: Say): Promise<Finding> {
  const { redisUrl } = config.cache
  if (!redisUrl) return good('redis', say.doctor.redisNone)
  const cache = openCache({ redisUrl, log: silentLog, clock: systemClock })
  try {
    for (const until = systemClock.monotonic() + 3_000; systemClock.monotonic() < until; await systemClock.sleep(100)) {
      await cache.get('doctor')
      if (cache.state() === 'ok') return good('redis', say.doctor.redis)
    }
    return fair('redis', say.doctor.redisDown)
  } finally {
    await cache.close()
  }
}
