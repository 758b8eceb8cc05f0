import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase, systemClock } from '../../src/foundation/index.ts'
import { openDoorBench } from './door.ts'
import { allMigrations } from './engines.ts'

/** Forked by tests: a door on SQLite that tells its port, and its memory in MiB or its processor time when asked. Killed, never closed. */
const db = openDatabase({ engine: 'sqlite', file: join(mkdtempSync(join(tmpdir(), 'centralita-door-')), 'test.db') })
await migrate(db, allMigrations, 'test', systemClock.now())
const { port } = await openDoorBench(db)
process.on('message', (what) => {
  if (what === 'busy') {
    const { user, system } = process.cpuUsage()
    return process.send!((user + system) / 1000)
  }
  ;(globalThis as { gc?: () => void }).gc?.()
  process.send!(process.memoryUsage.rss() / 1024 / 1024)
})
process.send!(port)
