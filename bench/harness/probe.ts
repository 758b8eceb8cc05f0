import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { percentile, type Figures } from './figures.ts'

// 16 MiB rewritten in place, like a WAL segment that already exists.
const BLOCK = 8192
const BLOCKS = 2048

/** What the disk gives to a program that appends 8 KiB and syncs, again and again. Every other figure is read beside it. */
export function probeDisk(folder: string, ms: number): Figures {
  const file = join(folder, 'probe.bin')
  const fd = openSync(file, 'w+')
  const block = Buffer.alloc(BLOCK, 1)
  for (let i = 0; i < BLOCKS; i++) writeSync(fd, block, 0, BLOCK, i * BLOCK)
  fsyncSync(fd)
  const seen: number[] = []
  const start = performance.now()
  while (performance.now() - start < ms) {
    const from = performance.now()
    writeSync(fd, block, 0, BLOCK, (seen.length % BLOCKS) * BLOCK)
    fdatasyncSync(fd)
    seen.push(performance.now() - from)
  }
  const took = performance.now() - start
  closeSync(fd)
  rmSync(file)
  return { per_s: (seen.length / took) * 1000, p50_ms: percentile(seen, 0.5), p99_ms: percentile(seen, 0.99) }
}
