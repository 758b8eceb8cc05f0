/**
 * `make soak [MINUTES=20] [KILLS=…] [SEED=…] [SHAPE=one|many] [DURABILITY=no]`: the kill test for as long as asked, on both
 * shapes, with the database's server killed too; then the tests of durability with many more moments. Loopback only.
 * Prints a table, writes JSON (data/soak-<seed>.json), ends with 1 when anything was found.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { killRun, type RunOptions, type RunResult } from './kill/run.ts'
import { onManyProcesses, onOneProcess } from './kill/shapes.ts'
import { table } from './kill/table.ts'
import { isAlive, killTreeNow, processTree } from './servers/process-tree.ts'
import { startPostgres, type Server } from './servers/index.ts'

const given = (name: string) => ({ type: 'string', default: process.env[name.toUpperCase()] ?? '' }) as const
const { values } = parseArgs({
  options: {
    minutes: given('minutes'),
    kills: given('kills'),
    seed: given('seed'),
    shape: given('shape'),
    durability: given('durability'),
  },
})
const MESSAGES_PER_SECOND = 8
const KILL_EVERY_MS = 5_000
// The last pause of a reply in doubt is three minutes.
const DRAIN_MS = 8 * 60_000

const shapes = values.shape === '' ? (['one', 'many'] as const) : [values.shape]
const seed = Number(values.seed) || Math.floor(performance.timeOrigin) % 1_000_000
const trafficMs = (Math.max(0.5, Number(values.minutes) || 20) * 60_000) / shapes.length
const kills = Number(values.kills) || Math.round(trafficMs / KILL_EVERY_MS)
const messages = Math.round((trafficMs / 1000) * MESSAGES_PER_SECOND)

async function soak(shape: string, server: Server): Promise<RunResult> {
  const build: RunOptions['build'] =
    shape === 'many'
      ? async (folder, outside) => ({
          ...(await onManyProcesses(folder, server.url, outside)),
          killDatabase: async () => {
            await server.kill()
            await server.restart()
          },
        })
      : onOneProcess
  const tell = (line: string) => console.log(`${new Date().toISOString()}  ${shape}  ${line}`)
  const result = await killRun({ seed, kills, messages, trafficMs, drainMs: DRAIN_MS, chats: 60, build, tell })
  // At once: whoever stops it before the rest is through has this.
  console.log(`\n${shape === 'many' ? 'many processes, PostgreSQL' : 'one process, SQLite'}\n${table(result)}`)
  if (result.findings.length > 0)
    console.log(
      `\n${shape}: found\n${result.findings.map(({ what, about }) => `  ${what}: ${about}`).join('\n')}\n${result.story}`,
    )
  return result
}

async function durability(server: Server): Promise<Record<string, boolean>> {
  const passed: Record<string, boolean> = {}
  for (const file of globSync('test/durability/*.test.ts').sort()) {
    const env = {
      ...process.env,
      SOAK: '1',
      SEED: String(seed),
      TEST_POSTGRES_URL: server.url,
      TEST_SERVERS_STARTED: 'TEST_POSTGRES_URL',
    }
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', file], { stdio: 'inherit', env })
    const [code] = await once(child, 'exit')
    passed[file] = code === 0
  }
  return passed
}

const server = await startPostgres()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => {
    // Nothing that was started for this run goes on without it; the server ends last, and in peace.
    const sweep = () => {
      const database = new Set(processTree(server.pid))
      for (const pid of processTree(process.pid).slice(1)) if (!database.has(pid) && isAlive(pid)) killTreeNow(pid)
    }
    sweep()
    void server.stop().finally(() => {
      // What was started again in between.
      sweep()
      process.exit(code)
    })
  })
const results: Record<string, RunResult> = {}
try {
  for (const shape of shapes) results[shape] = await soak(shape, server)
  const files = values.durability === 'no' ? {} : await durability(server)
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const runs = Object.fromEntries(Object.entries(results).map(([shape, { story: _story, ...result }]) => [shape, result]))
  mkdirSync('data', { recursive: true })
  writeFileSync(
    `data/soak-${seed}.json`,
    `${JSON.stringify({ commit, seed, kills, messages, trafficMs, runs, files }, null, 2)}\n`,
  )
  console.log(`\ndata/soak-${seed}.json`)
  const well = Object.values(results).every(
    (r) => r.findings.length === 0 && r.accidents.length === 0 && r.drainedInMs !== undefined,
  )
  process.exitCode = well && Object.values(files).every(Boolean) ? 0 : 1
} finally {
  await server.stop()
}
