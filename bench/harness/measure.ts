import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { HANDS, type Hands, type Name } from '../systems/system.ts'
import type { Figures } from './figures.ts'
import { RESULT, type Order, type WorkloadName } from './order.ts'
import type { Servers } from './servers.ts'

const CHILD = new URL('../child.ts', import.meta.url).pathname
const LONGEST_MS = 240_000

const databaseOf = (system: Name) => `bench_${system.replaceAll('-', '_')}`
export const databaseUrl = (servers: Servers, system: Name) => `${servers.postgres}/${databaseOf(system)}`
const redisOf = (servers: Servers, system: Name) => (system === 'bullmq-always' ? servers.redisAlways : servers.redisEverysec)

/** An empty database (and Redis, and folder) for this system. */
export async function clear(servers: Servers, system: Name): Promise<void> {
  const folder = join(servers.folder, system)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  if (system.startsWith('bullmq')) await promisify(execFile)('redis-cli', ['-u', redisOf(servers, system), 'flushall'])
  else if (!system.includes('sqlite')) {
    await onServer(servers, `drop database if exists ${databaseOf(system)} with (force)`, `create database ${databaseOf(system)}`)
  }
}

const aside = new Set<Name>()
const FEW = '_few'

/** Keeps what is in this system's store now, for a later look at both in turn. */
export async function setAside(servers: Servers, system: Name): Promise<void> {
  const database = databaseOf(system)
  if (system.includes('sqlite')) cpSync(join(servers.folder, system), join(servers.folder, system + FEW), { recursive: true })
  else await onServer(servers, `create database ${database}${FEW} template ${database}`)
  aside.add(system)
}

/** Each measurement starts with nothing left to write from the one before. */
export const settle = (servers: Servers): Promise<void> => onServer(servers, 'checkpoint')

async function onServer(servers: Servers, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: `${servers.postgres}/postgres` })
  client.on('error', () => {})
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

export type Answer = { figures?: Figures; fault?: string }

/** Runs one measurement; a fault is an answer too, the run goes on. */
export function measure(
  servers: Servers,
  system: Name,
  { workload, size, hands = HANDS }: { workload: WorkloadName; size: number; hands?: Hands },
  quick: boolean,
): Promise<Answer> {
  const place = {
    url: databaseUrl(servers, system),
    redis: redisOf(servers, system),
    folder: join(servers.folder, system),
    hands,
  }
  const few = aside.has(system) &&
    workload === 'claims' && { few: { ...place, url: place.url + FEW, folder: place.folder + FEW } }
  const order: Order = { system, workload, size, quick, postgresPid: servers.postgresPid, place, ...few }
  const env = { ...process.env, NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let out = ''
  let faults = ''
  child.stdout.on('data', (data: Buffer) => void (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (faults = (faults + data.toString()).slice(-2000)))
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
    child.once('exit', (code) => {
      clearTimeout(timer)
      const line = out.split('\n').find((l) => l.startsWith(RESULT))
      if (!line) return resolve({ fault: faults.trim() || `ended with ${code} and no result` })
      const figures = JSON.parse(line.slice(RESULT.length)) as Figures | null
      resolve(figures ? { figures } : {})
    })
  })
}
