/**
 * The limit: what hand-written SQL reaches on the same server with nothing around it. No deduplication, no replies, no
 * cancelling; only the fewest statements that can be called durable and ordered.
 */
import pg from 'pg'
import { pause } from '../harness/figures.ts'
import { gathered } from '../harness/gathered.ts'
import { HOT_CHAT, type Handled, type Message, type Place, type System } from './system.ts'

pg.types.setTypeParser(20, Number)

const SCHEMA = `
create table message(id bigint generated always as identity primary key, ref bigint, chat bigint not null, due_at bigint, state int not null default 0, body text not null);
create index message_due on message(due_at, id) where due_at is not null;
create index message_open on message(chat, id) where state < 2;
create table lane(chat bigint primary key, ready_at bigint, pending int not null default 0, fence bigint not null default 0) with (fillfactor = 70);
create index lane_ready on lane(ready_at) where ready_at is not null`

// Two statements: in a single one the heads would be read with the snapshot from before the lane's lock, and a message that
// another worker ended in between is handled twice (seen here: 50 of 20,000).
const LANE = `
with c as materialized (select chat from lane where ready_at <= $1 order by ready_at limit $2 for update skip locked)
update lane set ready_at = $1::bigint + 30000, fence = fence + 1 from c where lane.chat = c.chat returning lane.chat, fence`

const LANE_HEADS = `
select m.id, m.ref, t.chat, t.fence, m.body from unnest($1::bigint[], $2::bigint[]) t(chat, fence) cross join lateral
  (select id, ref, body from message q where q.chat = t.chat and state < 2 order by id limit 1) m`

const LANE_DONE = `
with d as (update message set state = 2, due_at = null where id = any($1::bigint[]))
update lane l set pending = pending - 1, ready_at = case when pending > 1 then $4::bigint end
from unnest($2::bigint[], $3::bigint[]) t(c, f) where l.chat = t.c and l.fence = t.f`

const ANTIJOIN = `
with c as materialized (select id from message o where due_at <= $1
  and not exists (select 1 from message e where e.chat = o.chat and e.state < 2 and e.id < o.id)
  order by due_at, id limit $2 for update skip locked)
update message set state = 1, due_at = $1::bigint + 30000 from c where message.id = c.id returning message.id, ref, chat, 0 as fence, body`

const ANTIJOIN_DONE = 'update message set state = 2, due_at = null where id = any($1::bigint[])'

type Claimed = { id: number; ref: number; chat: number; fence: number; body: string }
export type Ordering = 'lane' | 'antijoin'

export async function openRawPostgres({ url, hands }: Place, ordering: Ordering): Promise<System> {
  const pool = new pg.Pool({ connectionString: url, max: 16 })
  pool.on('error', () => {})
  await pool.query(SCHEMA)
  const named = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values })

  const insertGroup = async (group: Message[]) => {
    const text =
      'insert into message(ref, chat, due_at, body) select r, c, $3, b from unnest($1::bigint[], $2::bigint[], $4::text[]) t(r, c, b)'
    await named('group', text, [group.map((m) => m.id), group.map((m) => m.chat), Date.now(), group.map((m) => m.text)])
    return group
  }
  const claim = async () => {
    if (ordering === 'antijoin') return (await named('claim', ANTIJOIN, [Date.now(), hands.batch])).rows as Claimed[]
    const { rows: lanes } = await named('claim', LANE, [Date.now(), hands.batch])
    return (await named('heads', LANE_HEADS, [lanes.map((l) => l.chat), lanes.map((l) => l.fence)])).rows as Claimed[]
  }
  const finish = async (rows: Claimed[]) => {
    const ids = rows.map((r) => r.id)
    if (ordering === 'antijoin') await named('finish', ANTIJOIN_DONE, [ids])
    else await named('finish', LANE_DONE, [ids, rows.map((r) => r.chat), rows.map((r) => r.fence), Date.now()])
  }
  const drain = async (handled: Handled, stop: () => boolean) => {
    const worker = async () => {
      while (!stop()) {
        const rows = await claim()
        if (rows.length === 0) return
        for (const row of rows) handled(row.chat, row.ref)
        await finish(rows)
      }
    }
    await Promise.all(Array.from({ length: hands.workers }, worker))
  }

  let send = gathered(insertGroup, 64, 4)
  return {
    send: (m) => send(m),
    async fill(n, chats, hot = 0) {
      const now = Date.now()
      const text =
        "insert into message(ref, chat, due_at, body) select g, $2::bigint, $3::bigint, repeat('x', 160) from generate_series(1, $1::int) g"
      if (hot) await pool.query(text, [hot, HOT_CHAT, now])
      await pool.query(text.replace('$2::bigint', 'g % $2::bigint'), [n, chats, now])
      await pool.query('insert into lane(chat, ready_at, pending) select chat, $1::bigint, count(*) from message group by 1', [
        now,
      ])
      await pool.query('vacuum analyze message')
      await pool.query('vacuum analyze lane')
    },
    drain,
    async listen(handled) {
      const listener = new pg.Client({ connectionString: url })
      listener.on('error', () => {})
      await listener.connect()
      let busy = false
      let again = false
      const pump = async () => {
        again = true
        if (busy) return
        busy = true
        while (again) {
          again = false
          const text =
            'update message set state = 2, due_at = null where id in (select id from message where due_at <= $1 order by due_at, id limit 50 for update skip locked) returning ref, chat'
          for (const row of (await named('take', text, [Date.now() + 1000])).rows as Claimed[]) handled(row.chat, row.ref)
        }
        busy = false
      }
      listener.on('notification', () => void pump())
      await listener.query('listen came')
      const insert = `with a as (insert into message(ref, chat, due_at, body) values ($1, $2, $3, $4) returning id) select pg_notify('came', '') from a`
      send = async (m) => void (await named('insert', insert, [m.id, m.chat, Date.now(), m.text]))
      await pause(100)
    },
    async close() {
      await Promise.race([pool.end(), pause(500)])
    },
  }
}
