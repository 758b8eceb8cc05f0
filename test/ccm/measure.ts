/**
 * `TEST_MYSQL_URL=… node test/ccm/measure.ts`: from the request to the rows in the outbox, over HTTP, on SQLite, with 10 000
 * people. Every call names other chats, so that each one queues.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase, systemClock } from '../../src/foundation/index.ts'
import { openCcm } from './ccm.ts'
import { companyDatabase, withDirectory } from './stage.ts'

const url = process.env['TEST_MYSQL_URL']
if (!url) throw new Error('TEST_MYSQL_URL')
const folder = mkdtempSync(join(tmpdir(), 'centralita-measure-'))
const db = openDatabase({ engine: 'sqlite', file: join(folder, 'measure.db') })
await migrate(db, withDirectory, 'measure', systemClock.now())
const company = await companyDatabase(url, 10_000)

async function measured(name: string, freshSeconds: number, pauseMs: number, calls: number) {
  const ccm = await openCcm(db, company.url, { file: { freshSeconds } })
  const times: number[] = []
  for (let n = 0; n < calls + 10; n++) {
    const at = performance.now()
    const { status, body } = await ccm.post('/telegram/proximos-cumpleanos', {
      days: 1,
      chat_ids: [`-${name.length}${1_000_000 + n}`],
    })
    if (status !== 200 || body.queued.length === 0) throw new Error(JSON.stringify(body))
    if (n >= 10) times.push(performance.now() - at)
    if (pauseMs > 0) await systemClock.sleep(pauseMs)
  }
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor(times.length * part)]!.toFixed(1)
  console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, n ${calls}`)
  await ccm.close()
}

await measured('cached', 600, 0, 300)
await measured('uncached', 1, 1_050, 40)
await company.drop()
await db.close()
rmSync(folder, { recursive: true, force: true })
process.exit(0)
