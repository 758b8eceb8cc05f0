import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { pause } from '../harness/figures.ts'
import { message, type Handled, type Message, type Place, type System } from './system.ts'

type Body = Message & { hot?: boolean }

export async function openPgBoss({ url, hands }: Place): Promise<System> {
  // Tuned: at its default batch size of 1 it handles one job per poll and worker (44/s with 20 workers at the fastest poll).
  const fifo = {
    localConcurrency: hands.workers,
    batchSize: hands.batch,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
  } as const
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const boss = new PgBoss({ connectionString: url, max: 16, supervise: false, schedule: false, useListenNotify: true })
  boss.on('error', (error) => console.error('pg-boss:', String(error)))
  await boss.start()
  await boss.createQueue('plain')
  await boss.createQueue('heard', { notify: true })
  await boss.createQueue('fifo', { policy: 'key_strict_fifo' })
  await boss.createQueue('future')
  let listening = false

  const work = async (handled: Handled, stop: () => boolean) => {
    let idle = 0
    await boss.work<Body>('fifo', fifo, async (jobs) => {
      idle = 0
      for (const { data } of jobs) handled(data.chat, data.id)
    })
    while (!stop() && idle++ < 1000) await pause(2)
    await boss.offWork('fifo', { wait: true })
  }

  return {
    send: (m) => boss.send(listening ? 'heard' : 'plain', m),
    async fill(n, chats) {
      for (let from = 0; from < n; from += 1000) {
        const jobs = Array.from({ length: Math.min(1000, n - from) }, (_, j) => message(from + j, chats))
        await boss.insert(
          'fifo',
          jobs.map((data) => ({ data, singletonKey: `c${data.chat}` })),
        )
      }
      await pool.query('vacuum analyze')
    },
    drain: work,
    async listen(handled) {
      listening = true
      await boss.work<Body>('heard', { batchSize: 1, localConcurrency: 4, pollingIntervalSeconds: 2 }, async ([job]) => {
        if (job) handled(job.data.chat, job.data.id)
      })
      await pause(300)
    },
    async fillFuture(n) {
      const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from pgboss.job where name = 'future'`)
      let have = rows[0]!.n
      if (have === 0) {
        await boss.send('future', message(0, 1), { startAfter: new Date(Date.now() + 86_400_000) })
        have = 1
      }
      // By SQL, with distinct times: equal ones are folded by the B-tree and hide what every poll has to walk.
      await pool.query(
        `insert into pgboss.job (name, data, start_after, created_on, retry_limit, retry_delay, retry_backoff, expire_seconds, deletion_seconds, keep_until, policy)
         select name, data, now() + interval '1 day' + g * interval '7 ms', now() - g * interval '3 ms', retry_limit, retry_delay, retry_backoff, expire_seconds, deletion_seconds, keep_until, policy
         from (select * from pgboss.job where name = 'future' limit 1) j, generate_series($1::int, $2::int) g`,
        [have, n - 1],
      )
      await pool.query('vacuum analyze')
    },
    claimNothing: async () => (await boss.fetch('future', { batchSize: 50 })).length,
    async addDue(i) {
      await boss.send('future', { i })
    },
    async claimDue() {
      const jobs = await boss.fetch('future', { batchSize: 50 })
      return {
        found: jobs.length,
        settle: async () =>
          void (await boss.complete(
            'future',
            jobs.map((job) => job.id),
          )),
      }
    },
    async sendLater(id, inMs, left) {
      if (id === 0) {
        await boss.work<Message>('future', { localConcurrency: 2, batchSize: 50, pollingIntervalSeconds: 0.5 }, async (jobs) => {
          for (const { data } of jobs) left(data.id)
        })
      }
      const at = Date.now() + inMs
      await boss.sendAfter('future', message(id, 2000), null, new Date(at))
      return at
    },
    async rest() {
      await boss.work('future', { localConcurrency: 4, batchSize: 50, pollingIntervalSeconds: 0.5 }, async () => {})
    },
    async close() {
      await boss.stop({ graceful: false })
      await pool.end()
    },
  }
}
