import { readFileSync, readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

/** The process and all below it, parents first. */
export function processTree(root: number): number[] {
  const childrenOf = new Map<number, number[]>()
  for (const [pid, parent] of parents()) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid])
  const tree = [root]
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []))
  return tree
}

/** SIGKILL to all of them, no waiting. The root is frozen first, so that no child is born while we look. */
export function killTreeNow(root: number): number[] {
  signal(root, 'SIGSTOP')
  const tree = processTree(root)
  for (const pid of tree) signal(pid, 'SIGKILL')
  return tree
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in between.
  }
}

/** The same, and returns when none is left: a database does not start again while a child of the last one lives. */
export async function killTree(root: number): Promise<void> {
  const tree = killTreeNow(root)
  const deadline = performance.now() + 20_000
  while (tree.some(isAlive)) {
    if (performance.now() > deadline) throw new Error(`still alive after SIGKILL: ${tree.filter(isAlive).join(', ')}`)
    await pause(10)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    return statOf(pid)[0] === 'Z'
  } catch {
    return false
  }
}

/** State, parent, … : the fields after the program's name, which may itself contain blanks and brackets. */
function statOf(pid: number | string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function parents(): [pid: number, parent: number][] {
  if (process.platform !== 'linux') {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number])
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [[Number(name), Number(statOf(name)[1])] as [number, number]]
    } catch {
      return []
    }
  })
}
