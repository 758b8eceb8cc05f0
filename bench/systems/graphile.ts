import { Logger, makeWorkerUtils, run, type Runner } from 'graphile-worker'
import pg from 'pg'
import { pause, until } from '../harness/figures.ts'
import { message, type Handled, type Message, type Place, type System } from './system.ts'

const quiet = new Logger(() => (level, text) => {
  if (level === 'error') console.error('graphile-worker:', text)
})

export async function openGraphile({ url }: Place): Promise<System> {
  const pool = new pg.Pool({ connectionString: url, max: 16 })
  pool.on('error', () => {})
  let looks: number[] | undefined
  pool.on('connect', (client) => timeClaims(client, (ms) => looks?.push(ms)))
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet })
  await utils.migrate()
  let runner: Runner | undefined
  let handler: Handled = () => {}
  const taskList = {
    noop: (payload: unknown) => {
      const m = payload as Message
      handler(m.chat, m.id)
    },
  }
  const start = async (concurrency: number, pollInterval: number) => {
    runner = await run({ pgPool: pool, taskList, logger: quiet, noHandleSignals: true, concurrency, pollInterval })
  }

  return {
    send: (m) => utils.addJob('noop', m),
    async fill(n, chats) {
      for (let from = 0; from < n; from += 1000) {
        const batch = Array.from({ length: Math.min(1000, n - from) }, (_, j) => message(from + j, chats))
        await utils.addJobs(batch.map((m) => ({ identifier: 'noop', payload: m, queueName: `c${m.chat}` })))
      }
      await pool.query('vacuum analyze')
    },
    // Named queues, without the local queue: with it a "serial" queue runs concurrently (graphile/worker#621).
    async drain(handled, stop) {
      handler = handled
      await start(24, 500)
      while (!stop()) await pause(2)
      await runner?.stop()
      runner = undefined
    },
    async listen(handled) {
      handler = handled
      await start(4, 2000)
      await pause(300)
    },
    async fillFuture(n) {
      const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from graphile_worker._private_jobs')
      let have = rows[0]!.n
      if (have === 0) {
        await utils.addJob('noop', message(0, 1), { runAt: new Date(Date.now() + 86_400_000) })
        have = 1
      }
      await pool.query(
        `insert into graphile_worker._private_jobs (task_id, payload, run_at, max_attempts, priority)
         select task_id, payload, now() + interval '1 day' + g * interval '7 ms', 25, 0
         from (select * from graphile_worker._private_jobs limit 1) j, generate_series($1::int, $2::int) g`,
        [have, n - 1],
      )
      await pool.query('vacuum analyze')
    },
    async idleClaims(n) {
      looks = []
      await start(1, 20)
      await until(() => looks!.length >= n + 100, 60_000)
      await runner?.stop()
      runner = undefined
      return looks.slice(-n)
    },
    async rest() {
      await start(4, 500)
    },
    async close() {
      await runner?.stop().catch(() => {})
      await utils.release()
      await pool.end()
    },
  }
}

/** The claim is inside the worker: it is recognised by its text and timed on its connection. */
function timeClaims(client: pg.PoolClient, took: (ms: number) => void): void {
  const plain = client.query.bind(client) as (...args: unknown[]) => unknown
  const timed = (...args: unknown[]) => {
    const result = plain(...args)
    const text = (args[0] as { text?: string } | undefined)?.text ?? ''
    if (!/skip\s+locked/.test(text) || !(result instanceof Promise)) return result
    const from = performance.now()
    return result.finally(() => took(performance.now() - from))
  }
  Object.assign(client, { query: timed })
}
