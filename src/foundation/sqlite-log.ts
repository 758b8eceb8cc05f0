import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { systemClock } from './clock.ts'

/*
 * SQLite's write-ahead log, brought to the disk by us. SQLite itself does it inside the commit, and the whole process stands
 * still meanwhile: a millisecond on a good disk, ten on a tired one. Here the commit only writes; the disk is waited for
 * beside the other work, and once for all that was committed in the meantime. The log is one file in one order: when a commit
 * is on the disk, so is everything before it. Where there is no other work, a disk that was quicker than a thread is woken is
 * waited for on the spot.
 */
type Disk = {
  beside(fd: number, done: (error: Error | null) => void): void
  onTheSpot(fd: number): void
  /** Milliseconds. */
  now(): number
}
const REAL: Disk = { beside: fdatasync, onTheSpot: fdatasyncSync, now: () => systemClock.monotonic() }

const ON_THE_SPOT_MS = 0.8
// How much the last one says of the next.
const SHARE = 0.3

export class SqliteLog {
  readonly #path: string
  readonly #disk: Disk
  #usualMs = Infinity
  #fd: number | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(databaseFile: string, disk: Partial<Disk> = {}) {
    this.#path = `${databaseFile}-wal`
    this.#disk = { ...REAL, ...disk }
  }

  /** Resolves once all that was committed before this call is on the disk. `besideWork`: there is something to do meanwhile. */
  flush(besideWork = false): Promise<void> {
    // One that is under way may have begun before our commit.
    if (this.#running) return (this.#next ??= this.#running.catch(() => {}).then(() => this.#start(besideWork)))
    return this.#start(besideWork)
  }

  async close(): Promise<void> {
    while (this.#running) await this.#running.catch(() => {})
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #start(besideWork: boolean): Promise<void> {
    this.#next = undefined
    const running = this.#sync(besideWork).finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  async #sync(besideWork: boolean): Promise<void> {
    const fd = this.#file()
    const { beside, onTheSpot, now } = this.#disk
    const from = now()
    const isQuick = this.#usualMs < ON_THE_SPOT_MS
    if (isQuick && !besideWork) onTheSpot(fd)
    else await new Promise<void>((resolve, reject) => beside(fd, (error) => (error ? reject(error) : resolve())))
    // What a thread and the work beside it took says nothing of a disk that is waited for on the spot.
    if (isQuick && besideWork) return
    const ms = now() - from
    this.#usualMs = this.#usualMs === Infinity ? ms : this.#usualMs + SHARE * (ms - this.#usualMs)
  }

  /** SQLite keeps the file as long as a connection is open; should it be gone all the same, it is its successor that counts. */
  #file(): number {
    if (this.#fd !== undefined && fstatSync(this.#fd).nlink > 0) return this.#fd
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = openSync(this.#path, 'r')
    return this.#fd
  }
}
