/**
 * `node_modules/.bin/node bench/company.ts [--calls 200] [--json]`: CCM, from the request to the notice queued, with 10 000
 * people: cached, and read anew from MariaDB for each call. Beside it bare SQL that does no more than must be done.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import mysql from 'mysql2/promise'
import { migrate, openDatabase, systemClock, type Clock } from '../src/foundation/index.ts'
import { openCcm } from '../test/ccm/ccm.ts'
import { companyDatabase, withDirectory } from '../test/ccm/stage.ts'
import { startMariadb } from '../test/servers/index.ts'
import { KEYS } from '../test/support/door.ts'
import { cpuOf } from './harness/cpu.ts'
import { pause, percentile, type Figures } from './harness/figures.ts'

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
})
const CALLS = Math.max(10, Number(values.calls) || 200)
const PEOPLE = 10_000
const WARM_UP = 20
// An answer counts as new for a minute. On this clock each call comes later than that where it is to read anew.
const FRESH_MS = 60_000
let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead, monotonic: () => systemClock.monotonic() + ahead }

const folder = mkdtempSync(join(tmpdir(), 'centralita-company-'))
const server = await startMariadb()
const company = await companyDatabase(server.url, PEOPLE)

/** What each call took, and processor time: of this process (the one who asks included) and of MariaDB. */
async function measured(calls: number, call: (n: number) => Promise<unknown>): Promise<Figures> {
  for (let n = 0; n < WARM_UP; n++) await call(n)
  const took: number[] = []
  const own: number[] = []
  const there = cpuOf(server.pid)
  for (let n = 0; n < calls; n++) {
    const [at, before] = [performance.now(), process.cpuUsage()]
    await call(WARM_UP + n)
    took.push(performance.now() - at)
    const { user, system } = process.cpuUsage(before)
    own.push((user + system) / 1000)
    // What is done after the answer went out belongs to no answer.
    await pause(5)
  }
  return {
    p50_ms: percentile(took, 0.5),
    p95_ms: percentile(took, 0.95),
    cpu_p50_ms: percentile(own, 0.5),
    cpu_p95_ms: percentile(own, 0.95),
    mariadb_cpu_ms: ((cpuOf(server.pid) - there) * 1000) / calls,
  }
}

async function ours(anew: boolean, calls: number): Promise<Figures> {
  const db = openDatabase({ engine: 'sqlite', file: join(folder, `ours-${anew}.db`) })
  await migrate(db, withDirectory, 'bench', systemClock.now())
  const ccm = await openCcm(db, company.url, { clock, delivers: false })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    return await measured(calls, async (n) => {
      if (anew) ahead += FRESH_MS + 1
      // Other chats each time, so that each call queues.
      const body = JSON.stringify({ days: 1, chat_ids: [`-${1_000_000 + n}`] })
      const told = JSON.parse(await posted(agent, `${ccm.door.address}/telegram/proximos-cumpleanos`, body)) as {
        queued?: unknown[]
      }
      if (!told.queued?.length) throw new Error(JSON.stringify(told))
    })
  } finally {
    agent.destroy()
    await ccm.close()
    await db.close()
  }
}

function posted(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-api-key': KEYS.admin }
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => resolve(Buffer.concat(parts).toString()))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const TODAY = Temporal.Now.plainDateISO().toString().slice(5)

/** A single statement that lets the server choose by date, and a row written durably: no key, no door, no receipts. */
async function bare(reads: boolean, calls: number): Promise<Figures> {
  const db = new DatabaseSync(join(folder, `bare-${reads}.db`))
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table notice(id integer primary key, chat text, body text)',
  )
  const insert = db.prepare('insert into notice(chat, body) values (?, ?)')
  const source = await mysql.createConnection({ uri: company.url, charset: 'utf8mb4' })
  try {
    return await measured(calls, async (n) => {
      const [rows] = reads
        ? await source.query(
            `select nombre, apellidos, area from empleados where date_format(fecha_nacimiento, '%m-%d') = ?
             and (fecha_baja is null or fecha_baja >= curdate())`,
            [TODAY],
          )
        : [[]]
      insert.run(`-${1_000_000 + n}`, JSON.stringify(rows))
    })
  } finally {
    await source.end()
    db.close()
  }
}

/** All rows through the driver, and nothing done with them: what reading everybody costs whoever does it. */
async function driver(calls: number): Promise<Figures> {
  const source = await mysql.createConnection({ uri: company.url, charset: 'utf8mb4' })
  const statement = 'select id, fecha_ingreso, fecha_baja, fecha_nacimiento, area, nombre, apellidos from empleados'
  try {
    return await measured(calls, () => source.query({ sql: statement, rowsAsArray: true, typeCast: (field) => field.string() }))
  } finally {
    await source.end()
  }
}

const few = Math.ceil(CALLS / 2)
const table: Record<string, Figures> = {}
try {
  table['cached · bare SQL'] = await bare(false, CALLS)
  table['cached · ours'] = await ours(false, CALLS)
  table['uncached · bare SQL, chosen by the server'] = await bare(true, few)
  table['uncached · driver alone, every row'] = await driver(few)
  table['uncached · ours'] = await ours(true, few)
} finally {
  await company.drop()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (values.json) console.log(JSON.stringify({ people: PEOPLE, calls: CALLS, table }))
else {
  const names = Object.keys(Object.values(table)[0]!)
  console.log(`| ${PEOPLE} people | ${names.join(' | ')} |\n| --- |${' ---: |'.repeat(names.length)}`)
  for (const [name, figures] of Object.entries(table))
    console.log(`| ${name} | ${names.map((one) => figures[one]!.toFixed(1)).join(' | ')} |`)
}
process.exit(0)
