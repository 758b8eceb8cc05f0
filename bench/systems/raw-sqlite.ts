/** The limit on SQLite: hand-written SQL, one process, WAL with synchronous=FULL. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gathered } from '../harness/gathered.ts'
import { HOT_CHAT, type Message, type Place, type System } from './system.ts'

const SCHEMA = `
pragma journal_mode = wal; pragma synchronous = full;
create table message(id integer primary key, ref int, chat int not null, due_at int, state int not null default 0, body text not null);
create index message_due on message(due_at, id) where due_at is not null;
create index message_open on message(chat, id) where state < 2;
create table lane(chat integer primary key, ready_at int, pending int not null default 0, fence int not null default 0);
create index lane_ready on lane(ready_at) where ready_at is not null`

export async function openRawSqlite({ folder }: Place): Promise<System> {
  const file = join(folder, 'raw.db')
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  const db = new DatabaseSync(file)
  db.exec(SCHEMA)
  const insert = db.prepare('insert into message(ref, chat, due_at, body) values (?, ?, ?, ?)')
  const raise = db.prepare(`insert into lane(chat, ready_at, pending) values (?1, ?2, 1)
    on conflict(chat) do update set pending = pending + 1, ready_at = coalesce(lane.ready_at, excluded.ready_at)`)
  const claim = db.prepare(`update lane set ready_at = ?1 + 30000, fence = fence + 1
    where chat in (select chat from lane where ready_at <= ?1 order by ready_at limit 50) returning chat, fence`)
  const head = db.prepare('select id, ref, body from message where chat = ? and state < 2 order by id limit 1')
  const done = db.prepare('update message set state = 2, due_at = null where id = ?')
  const release = db.prepare(
    'update lane set pending = pending - 1, ready_at = case when pending > 1 then ?3 end where chat = ?1 and fence = ?2',
  )
  const together = (work: () => void) => {
    db.exec('begin immediate')
    work()
    db.exec('commit')
  }
  return {
    send: gathered(
      async (group: Message[]) => together(() => group.forEach((m) => insert.run(m.id, m.chat, Date.now(), m.text))),
      64,
      1,
    ),
    async fill(n, chats, hot = 0) {
      const put = (id: number, chat: number) => {
        insert.run(id, chat, Date.now(), 'x'.repeat(160))
        raise.run(chat, Date.now())
      }
      together(() => {
        for (let i = 0; i < hot; i++) put(i, HOT_CHAT)
        for (let i = 0; i < n; i++) put(i, i % chats)
      })
    },
    async drain(handled, stop) {
      while (!stop()) {
        let lanes: { chat: number; fence: number }[] = []
        let heads: { id: number; ref: number }[] = []
        together(() => {
          lanes = claim.all(Date.now()) as typeof lanes
          heads = lanes.map(({ chat }) => head.get(chat) as (typeof heads)[number])
        })
        if (lanes.length === 0) return
        lanes.forEach(({ chat }, i) => handled(chat, heads[i]!.ref))
        together(() =>
          lanes.forEach(({ chat, fence }, i) => {
            done.run(heads[i]!.id)
            release.run(chat, fence, Date.now())
          }),
        )
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async close() {
      db.close()
    },
  }
}
