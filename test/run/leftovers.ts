import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const GRACE_MS = 3000

/** Ends the processes that a test file started and left running: they carry its mark in their environment. */
export async function endLeftovers(mark: string): Promise<number> {
  const deadline = performance.now() + GRACE_MS
  let left = marked(mark)
  while (left.length > 0 && performance.now() < deadline) {
    await pause(50)
    left = marked(mark)
  }
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself in between.
    }
  }
  return left.length
}

function marked(mark: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark) ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
