/**
 * `make bench`: ours, the peers and the bare SQL on the same servers, in turn (A B C A B C …), each measurement in a
 * process of its own on an empty database. Prints Markdown, writes JSON. Not a test: it ends with 0 whatever it finds.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { clear, measure, setAside, settle } from './harness/measure.ts'
import { probeDisk } from './harness/probe.ts'
import { stageTable, targetTable } from './harness/report.ts'
import { Results } from './harness/results.ts'
import { startServers } from './harness/servers.ts'
import { measureProcess } from './process.ts'
import { FEW, OURS, stages, type Stage } from './stages.ts'
import type { Name } from './systems/system.ts'
import { targets } from './targets.ts'
import { measureTurns, TURN_SYSTEMS } from './turn.ts'

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, systems: { type: 'string' }, reps: { type: 'string' } },
})
const quick = Boolean(process.env.QUICK)
const only = options.only?.split(',').map((id) => id.trim())
const wanted = targets.filter((t) => !only || only.includes(t.id))
const needed = new Set(wanted.flatMap((t) => t.stages))
const systems = options.systems?.split(',')
const chosen = stages(quick)
  .filter((stage) => !only || needed.has(stage.id))
  .map((stage) => ({ ...stage, systems: stage.systems.filter((name) => !systems || systems.includes(name)) }))
const standard = Number(options.reps ?? (quick ? 1 : 3))

const started = new Date()
const results = new Results()
const servers = await startServers()
const say = (text: string) => console.error(`${((Date.now() - started.getTime()) / 1000).toFixed(0).padStart(5)} s  ${text}`)

const stop = () => {
  void servers.stop().then(() => process.exit(0))
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

async function measured(stage: Stage, system: Name, rep: number): Promise<void> {
  await settle(servers)
  const { figures, fault } = await measure(
    servers,
    system,
    { workload: stage.workload, size: stage.future ?? stage.size ?? 0, hands: stage.hands },
    quick,
  )
  if (figures) results.add(stage.id, system, rep, figures)
  if (fault) results.faults.push({ stage: stage.id, system, rep, fault })
  const told = fault ? `FAULT ${fault.split('\n').find((line) => /error/i.test(line)) ?? fault.slice(0, 200)}` : summary(figures)
  say(`${stage.id} ${rep} ${system}: ${told}`)
}

const summary = (figures?: Record<string, number>) =>
  figures
    ? Object.entries(figures)
        .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
        .join('  ')
    : 'does not do this'

const futures = new Map<Name, number>()

async function filled(system: Name, future: number): Promise<void> {
  if ((futures.get(system) ?? 0) >= future) return
  if (!futures.has(system)) await clear(servers, system)
  else if (futures.get(system) === FEW && OURS.includes(system)) await setAside(servers, system)
  futures.set(system, future)
  const { figures, fault } = await measure(servers, system, { workload: 'fillFuture', size: future }, quick)
  say(`${future} future messages in ${system}: ${fault ? `FAULT ${fault.slice(0, 300)}` : summary(figures)}`)
}

try {
  for (const stage of chosen) {
    if (stage.future) for (const system of stage.systems) await filled(system, stage.future)
    for (let rep = 1; rep <= Math.min(standard, stage.reps ?? standard); rep++) {
      const disk = { ...probeDisk(servers.folder, quick ? 300 : 700), load: loadavg()[0]! }
      results.add('probe', 'disk', results.runs.length, disk)
      results.add(`probe ${stage.id}`, 'disk', rep, disk)
      for (const system of stage.systems) {
        if (!stage.future) await clear(servers, system)
        await measured(stage, system, rep)
      }
    }
  }
  if (!only || needed.has('process')) await measureProcess(results, servers, quick ? 2 : 4, say)
  if (!only || needed.has('turn')) await measureTurns(results, servers, standard, say)
} finally {
  await servers.stop()
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim()
const about = {
  at: started.toISOString(),
  commit,
  quick,
  reps: standard,
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model,
  ...servers.about,
}
const report = [
  `## ${about.at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}${quick ? ', QUICK' : ''}`,
  `${about.cpus} × ${about.cpu} · Node ${about.node} · PostgreSQL ${about.postgres} (${about.collation}) · Redis ${about.redis} · ${about.disk}. Median (range) of the repetitions.\n`,
  stageTable({ id: 'probe', title: 'The disk meanwhile: 8 KiB + fdatasync', systems: ['disk' as Name] }, results),
  targetTable(wanted, results),
  ...chosen.map((stage) => stageTable(stage, results)),
  stageTable(
    { id: 'turn', title: 'A turn through the web chat, less the model', systems: TURN_SYSTEMS as unknown as Name[] },
    results,
  ),
  stageTable({ id: 'process', title: 'The whole process', systems: ['centralita' as Name] }, results),
  stageTable(
    { id: 'http', title: 'Intake through HTTP, SQLite, answering meanwhile (for information)', systems: ['centralita' as Name] },
    results,
  ),
  ...(results.faults.length
    ? [
        '### Faults\n',
        ...results.faults.map(
          (f) => `- ${f.stage} ${f.rep} ${f.system}: \`${f.fault.split('\n').slice(-12).join(' ').slice(0, 400)}\``,
        ),
      ]
    : []),
]
  .filter(Boolean)
  .join('\n')

const folder = new URL('results/', import.meta.url).pathname
mkdirSync(folder, { recursive: true })
const name = started.toISOString().slice(0, 19).replaceAll(':', '-')
writeFileSync(`${folder}${name}.json`, JSON.stringify({ about, runs: results.runs, faults: results.faults }, null, 1))
writeFileSync(`${folder}${name}.md`, report)
console.log(report)
say(`written to bench/results/${name}.json and .md`)
