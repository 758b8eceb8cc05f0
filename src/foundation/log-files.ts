import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './clock.ts'

export type LogFile = {
  /** Never throws. */
  write(line: string): void
  close(): void
  /** Lines that could not be kept. */
  lost(): number
}

export type LogFileOptions = {
  folder: string
  name: string
  clock: Clock
  /** The local day of a moment; a new one begins a new file. */
  dayOf: (epochMs: number) => string
  /** Told when writing begins to fail, and when it works again. */
  onTrouble?: (error: Error) => void
  onRecovery?: (lost: number) => void
  maxBytes?: number
  keep?: number
}

const TEN_MEGABYTES = 10 * 1024 * 1024
// A full disk is not asked again at every line.
const PAUSE_AFTER_TROUBLE_MS = 30_000

/**
 * A file that rotates by size and by day: `name.log`, then `name.1.log` … the oldest goes. Written at once and in order;
 * whatever the disk does, the service goes on.
 */
export function openLogFile(options: LogFileOptions): LogFile {
  const { folder, name, clock, dayOf, maxBytes = TEN_MEGABYTES, keep = 5 } = options
  const path = (n: number) => join(folder, n === 0 ? `${name}.log` : `${name}.${n}.log`)
  let handle: number | undefined
  let bytes = 0
  let day = ''
  let lost = 0
  let lostNow = 0
  let silentUntil = 0
  let torn = false

  function open(now: number) {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    handle = openSync(path(0), 'a', 0o640)
    const { size, mtimeMs } = fstatSync(handle)
    bytes = size
    day = dayOf(size > 0 ? mtimeMs : now)
  }
  function shut() {
    const old = handle
    handle = undefined
    if (old === undefined) return
    try {
      closeSync(old)
    } catch {
      // Its lines were written or counted as lost already.
    }
  }
  function rotate() {
    shut()
    rmSync(path(keep), { force: true })
    for (let n = keep - 1; n >= 0; n--) {
      try {
        renameSync(path(n), path(n + 1))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }
  function put(line: string) {
    const now = clock.now()
    const today = dayOf(now)
    if (handle === undefined) open(now)
    const buffer = Buffer.from(torn ? `\n${line}` : line)
    if (bytes > 0 && (bytes + buffer.length > maxBytes || day !== today)) {
      rotate()
      open(now)
    }
    day = today
    let done = 0
    while (done < buffer.length) {
      const wrote = writeSync(handle!, buffer, done)
      done += wrote
      bytes += wrote
      torn = done < buffer.length
    }
  }
  return {
    write(line) {
      if (clock.monotonic() < silentUntil) {
        lost++
        lostNow++
        return
      }
      try {
        put(line)
      } catch (error) {
        lost++
        const first = lostNow++ === 0
        shut()
        silentUntil = clock.monotonic() + PAUSE_AFTER_TROUBLE_MS
        if (first) options.onTrouble?.(error as Error)
        return
      }
      const missed = lostNow
      lostNow = 0
      if (missed > 0) options.onRecovery?.(missed)
    },
    close: shut,
    lost: () => lost,
  }
}
