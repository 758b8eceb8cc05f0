import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Undone } from './box.ts'
import { docker } from './docker.ts'
import { uniqueName } from './stack.ts'

const V1 = '/sys/fs/cgroup/memory'
const V2 = '/sys/fs/cgroup'

export type SmallMachine = { parent: string; peakBytes(): number; killed(): number }

/**
 * So much memory for everything that is started below `parent`, its files in memory included; what does not fit is killed,
 * as on a server of that size. Undefined where the machine's engine keeps its groups elsewhere.
 */
export async function openSmallMachine(t: Undone, bytes: number): Promise<SmallMachine | undefined> {
  if (process.getuid?.() !== 0 || (await docker('info', '-f', '{{.CgroupDriver}}')) !== 'cgroupfs') return undefined
  const name = uniqueName('machine')
  const old = existsSync(V1)
  const group = join(old ? V1 : V2, name)
  const number = (file: string, at = /(\d+)/, folder = group) =>
    Number(at.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? 0)
  if (!old) writeFileSync(join(V2, 'cgroup.subtree_control'), '+memory')
  mkdirSync(group)
  t.after(() => rmdirSync(group))
  if (old) writeFileSync(join(group, 'memory.use_hierarchy'), '1')
  writeFileSync(join(group, old ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes))
  return {
    parent: `/${name}`,
    peakBytes: () => number(old ? 'memory.max_usage_in_bytes' : 'memory.peak'),
    // The older groups count a kill only where it happened.
    killed: () =>
      [group, ...(old ? foldersIn(group) : [])]
        .map((folder) => number(old ? 'memory.oom_control' : 'memory.events', /oom_kill (\d+)/, folder))
        .reduce((sum, one) => sum + one, 0),
  }
}

const foldersIn = (group: string): string[] =>
  readdirSync(group, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(group, name))

/** What the engine itself takes: each page counted once. */
export function engineBytes(): number {
  const names = /^(dockerd|containerd|containerd-shim|docker-proxy)/
  let sum = 0
  for (const pid of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      if (!names.test(readFileSync(`/proc/${pid}/comm`, 'utf8'))) continue
      sum += 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1])
    } catch {
      // Gone meanwhile.
    }
  }
  return sum
}
