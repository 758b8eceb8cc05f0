import { DatabaseSync } from 'node:sqlite'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Running = { pid: number; url: string; since: number }
export type FolderLock = { announce(running: Running): void; release(): void }

/**
 * One process per data folder. The lock is SQLite's own, on a file beside the data: the system gives it back when the
 * process ends, however it ends. Undefined: somebody else has it.
 */
export function lockFolder(folder: string): FolderLock | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(folder, 'centralita.lock'), { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
  const note = join(folder, 'running.json')
  return {
    announce: (running) => writeFileSync(note, JSON.stringify(running), { mode: 0o600 }),
    release() {
      rmSync(note, { force: true })
      lock.close()
    },
  }
}

const SQLITE_BUSY = 5

/** Who has the folder, as it announced itself. A crashed process leaves its note behind: ask the lock first. */
export function whoRuns(folder: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as Running
  } catch {
    return undefined
  }
}
