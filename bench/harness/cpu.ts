import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Figures } from './figures.ts'

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

type Stat = { parent: number; cpu: number; waited: number }

function stat(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / TICKS
    return { parent: Number(fields[1]), cpu: ticks(11), waited: ticks(13) }
  } catch {
    return undefined
  }
}

/** Seconds of processor a process has used. */
export const cpuOf = (pid: number): number => stat(pid)?.cpu ?? 0

/** The same for a process and its children, the ended ones included. */
export function cpuOfChildren(pid: number): number {
  const own = stat(pid)
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(stat)
    .filter((child) => child?.parent === pid)
  return (own?.cpu ?? 0) + (own?.waited ?? 0) + children.reduce((sum, child) => sum + child!.cpu, 0)
}

export function residentMb(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)
  return Number(line?.[1] ?? NaN) / 1024
}

/**
 * Starts counting; the answer is processor time per message, here and in the database server. On a shared machine this says
 * more about the work than the throughput does.
 */
export function processorWork(postgresPid: number): (messages: number) => Figures {
  const own = process.cpuUsage()
  const server = cpuOfChildren(postgresPid)
  return (messages) => {
    const { user, system } = process.cpuUsage(own)
    return { node_us: (user + system) / messages, server_us: ((cpuOfChildren(postgresPid) - server) * 1e6) / messages }
  }
}
