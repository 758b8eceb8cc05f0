import { latencies, pause, percentile, prefixed, until } from '../harness/figures.ts'
import { cpuOfChildren } from '../harness/cpu.ts'
import type { Workload } from './workload.ts'

// A switchboard looks for days on end: its first looks, before anything is compiled, are not what it costs.
const WARM_UP = { looks: 300, least: 20, ms: 2000, due: 20 }

/** Tomorrow's messages, put there once before the repetitions. */
export const fillFuture: Workload = async ({ system, size }) => {
  if (!system.fillFuture) return undefined
  const start = performance.now()
  await system.fillFuture(size)
  return { fill_s: (performance.now() - start) / 1000 }
}

/** With all that in the future: a look that finds nothing, and one that finds the only message due. */
export const claims: Workload = async ({ system, few, quick }) => {
  const looks = 60
  const inTurn = few && (await timedInTurn(system.claimNothing!, few.claimNothing!, quick ? 100 : 400))
  const idle = system.idleClaims ? await system.idleClaims(looks) : await timedLooks(system.claimNothing, looks)
  if (!idle) return undefined
  const idleFigures = prefixed('idle', latencies(idle))
  if (!system.addDue || !system.claimDue) return { ...idleFigures, ...inTurn }
  const due: number[] = []
  for (let i = -WARM_UP.due; i < (quick ? 20 : 40); i++) {
    await system.addDue(i + WARM_UP.due)
    await pause(5)
    const from = performance.now()
    const { found, settle } = await system.claimDue()
    if (i >= 0) due.push(performance.now() - from)
    if (found !== 1) throw new Error(`one message was due, ${found} were claimed`)
    await settle()
  }
  return { ...idleFigures, ...prefixed('due', latencies(due)), ...inTurn }
}

/** One look at each in turn, and each as often first, so that both meet the same machine. */
async function timedInTurn(many: () => Promise<number>, few: () => Promise<number>, n: number) {
  const seen: number[][] = [[], []]
  for (let i = -WARM_UP.looks; i < n; i++)
    for (const which of i % 2 === 0 ? [0, 1] : [1, 0]) {
      const from = performance.now()
      await (which === 0 ? many : few)()
      if (i >= 0) seen[which]!.push(performance.now() - from)
    }
  const [ofMany, ofFew] = seen.map((list) => percentile(list, 0.5)) as [number, number]
  return { in_turn_p50_ms: ofMany, few_in_turn_p50_ms: ofFew }
}

async function timedLooks(look: (() => Promise<number>) | undefined, n: number): Promise<number[] | undefined> {
  if (!look) return undefined
  const seen: number[] = []
  const warm = performance.now() + WARM_UP.ms
  for (let i = 0; seen.length < n; i++) {
    const from = performance.now()
    const found = await look()
    if (i >= WARM_UP.looks || (i >= WARM_UP.least && from >= warm)) seen.push(performance.now() - from)
    if (found > 0) throw new Error(`nothing was due, ${found} were claimed`)
  }
  return seen
}

/** How late a scheduled message leaves, counted from the time it was scheduled for. */
export const lateness: Workload = async ({ system, quick }) => {
  if (!system.sendLater) return undefined
  const n = quick ? 60 : 150
  const spanMs = quick ? 4000 : 8000
  const due = new Map<number, number>()
  const late: number[] = []
  const left = (id: number) => void late.push(Date.now() - due.get(id)!)
  for (let id = 0; id < n; id++) due.set(id, await system.sendLater(id, 1500 + Math.round((spanMs * id) / n), left))
  await until(() => late.length >= n, spanMs + 15_000)
  return {
    ...latencies(late),
    early: late.filter((ms) => ms < 0).length,
    missing: n - late.length,
    p10_ms: percentile(late, 0.1),
  }
}

/** Nothing to do, everything running: CPU of this process and of the database server, in percent of one core. */
export const rest: Workload = async ({ system, quick, postgresPid }) => {
  if (!system.rest) return undefined
  await system.rest(10_000)
  await pause(3000)
  const own = process.cpuUsage()
  const server = cpuOfChildren(postgresPid)
  const start = performance.now()
  await pause(quick ? 6000 : 15_000)
  const seconds = (performance.now() - start) / 1000
  const { user, system: kernel } = process.cpuUsage(own)
  const ours = ((user + kernel) / 1e6 / seconds) * 100
  const theirs = ((cpuOfChildren(postgresPid) - server) / seconds) * 100
  return { cpu_process_pct: ours, cpu_server_pct: theirs, cpu_pct: ours + theirs, rss_mb: process.memoryUsage.rss() / 2 ** 20 }
}
