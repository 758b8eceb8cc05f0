import { loadConfig } from '../config.ts'
import { migrate, reachDatabase, systemClock } from '../foundation/index.ts'
import { migrations } from '../house.ts'
import { sayFor, type Call } from './command.ts'
import { lockOrNeighbour } from './neighbour.ts'
import type { ExitCode } from './outcome.ts'
import { asJson } from './shown.ts'
import { AlreadyRunning } from './start.ts'
import { quietLog } from './with-door.ts'

export async function migrateNow(call: Call): Promise<ExitCode> {
  const { terminal, version, options } = call
  const say = sayFor(call)
  const config = loadConfig()
  const found = config.database.engine === 'sqlite' ? await lockOrNeighbour(config.folders.data) : undefined
  if (found && 'url' in found) throw new AlreadyRunning(say.folderTaken(config.folders.data, found.url))
  try {
    const log = quietLog(config, terminal)
    const db = await reachDatabase(
      config.database.engine === 'sqlite' ? { ...config.database, onFatal: () => {} } : { ...config.database, onLost: () => {} },
      { clock: systemClock, log },
    )
    try {
      const applied = await migrate(db, migrations, version, systemClock.now())
      if (options.json) terminal.out(asJson({ applied }))
      else if (applied.length === 0) terminal.out(say.migrate.already)
      else [say.migrate.done(applied), ...applied.map((name) => `  ${name}`)].forEach(terminal.out)
      return 0
    } finally {
      await db.close()
    }
  } finally {
    found?.lock.release()
  }
}
