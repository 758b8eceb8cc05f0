/**
 * Ours, through the faces the product itself uses: conversations and outbox wired as `house` wires them, without the
 * network on either side. A turn here is what it is there: claim, handler (does nothing), and one transaction that ends
 * the messages and puts a reply in the outbox.
 */
import { join } from 'node:path'
import { openConversations, conversationMigrations, type Incoming, type Turn } from '../../src/conversations/index.ts'
import {
  crew,
  migrate,
  openDatabase,
  silentLog,
  systemClock,
  unawaited,
  type Engine,
  type Tx,
  type Work,
} from '../../src/foundation/index.ts'
import { openOutbox, outboxMigrations, type Put } from '../../src/outbox/index.ts'
import { openPeople, peopleMigrations } from '../../src/people/index.ts'
import { sql } from 'kysely'
import { pause } from '../harness/figures.ts'
import { HOT_CHAT, message, type Handled, type Message, type Place, type System } from './system.ts'

const ASSISTANT = 'aegen'
const CHANNEL = 'telegram'
const CLAIM = 50
const DAY_MS = 86_400_000

export async function openOurs({ url, folder, hands }: Place, engine: Engine, far = false): Promise<System> {
  const open = () =>
    openDatabase(engine === 'postgres' ? { engine, url, connections: 16 } : { engine, file: join(folder, 'ours.db') })
  const db = open()
  await migrate(db, [...peopleMigrations, ...conversationMigrations, ...outboxMigrations], 'bench', Date.now())
  const clock = systemClock
  const people = openPeople({ db, clock, defaultZone: 'UTC', proactiveLimit: 2 })
  const outbox = openOutbox({ db, clock, owner: 'bench', ownerOf: people.ownerOf, mannersOf: people.mannersOf })
  const wired = {
    clock,
    owner: 'bench',
    lookUp: people.lookUp,
    onHeard: async (tx: Tx, fresh: Incoming[], found?: ReadonlyMap<string, string>) => {
      const meetings = fresh.flatMap((m) =>
        m.chatId === undefined ? [] : [{ channel: m.channel, chatId: m.chatId, group: false }],
      )
      const owners = await people.meet(tx, meetings, found)
      await outbox.hold(tx, [...owners.values()])
    },
    onClosed: async (tx: Tx, closings: { effects: Put[] }[]) =>
      unawaited(
        tx,
        outbox.put(
          tx,
          closings.flatMap((c) => c.effects),
        ),
      ),
  }
  const conversations = openConversations<Put[]>({ db, ...wired })
  const works: Work[] = []

  const reply = (turn: Turn): Put => ({
    assistant: turn.assistant,
    channel: turn.channel,
    chatId: turn.chatId,
    kind: 'reply',
    text: 'ok',
    correlation: turn.messages[0]!.sourceKey,
  })
  const answer = (turn: Turn, taken = turn.messages) =>
    conversations.close({ turn, endings: taken.map((m) => ({ seq: m.seq, outcome: 'answered' })), effects: [reply(turn)] })
  const told = (handled: Handled, turn: Turn, taken = turn.messages) => {
    for (const m of taken) handled(Number(turn.chatId), Number(m.externalId))
  }

  const drainBy = (most: number) => async (handled: Handled, stop: () => boolean) => {
    const worker = async () => {
      while (!stop()) {
        const turns = await (conversations.claim as (limit: number, joined?: number) => Promise<Turn[]>)(
          hands.batch,
          most === 1 ? 1 : undefined,
        )
        if (turns.length === 0) return
        await Promise.all(
          turns.map((turn) => {
            const taken = turn.messages.slice(0, most)
            told(handled, turn, taken)
            return answer(turn, taken)
          }),
        )
      }
    }
    await Promise.all(Array.from({ length: engine === 'postgres' ? hands.workers : 1 }, worker))
  }

  let left: (id: number) => void = () => {}
  const deliver = () =>
    outbox.delivery({
      log: silentLog,
      send: async ({ text }) => {
        left(Number(text))
        return { sent: true, messageId: '1' }
      },
      compose: async () => ({ words: 'x' }),
      pace: () => undefined,
    })
  let delivery: ReturnType<typeof deliver> | undefined

  return {
    send: (m) => conversations.receive(incoming(m)),
    async fill(n, chats, hot = 0) {
      const group = async (ids: number[], of: (id: number) => Message) =>
        void (await Promise.all(ids.map((id) => conversations.receive(incoming(of(id))))))
      for (let i = 0; i < hot; i += 2000)
        await group(range(i, Math.min(hot, i + 2000)), (id) => ({ ...message(id, 1), id: id - hot, chat: HOT_CHAT }))
      for (let i = 0; i < n; i += 2000) await group(range(i, Math.min(n, i + 2000)), (id) => message(id, chats))
      await tidy()
    },
    drain: drainBy(1),
    drainJoined: drainBy(Infinity),
    async listen(handled) {
      // Across processes the hint travels through the server: the loop gets a database, and so a wake, of its own.
      const there = far ? open() : db
      const inbox = far ? openConversations<Put[]>({ db: there, ...wired }) : conversations
      const work = async (turn: Turn) => {
        told(handled, turn)
        await turn.kept
        await inbox.close({
          turn,
          endings: turn.messages.map((m) => ({ seq: m.seq, outcome: 'answered' })),
          effects: [reply(turn)],
        })
      }
      const { claim, renew, nextAt } = inbox
      const tools = { clock, log: silentLog, wake: there.wake, topic: 'heard' }
      const turns = crew('turns', { claim, work, renew, nextAt, atOnce: 8, renewEveryMs: 3000 }, tools)
      // As the assistants do, though they ask for something.
      if (!far) conversations.lendTo(turns.hands, () => () => {})
      works.push(turns)
      await pause(300)
    },
    async fillFuture(n) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from outbox_messages`.execute(db.as())
      for (let from = Number(rows[0]!.n); from < n; from += 5000) {
        const puts = range(from, Math.min(n, from + 5000)).map((i) => later(i, Date.now() + DAY_MS + i * 7))
        await db.transaction(async (tx) => void (await outbox.put(tx, puts)))
      }
      await tidy()
    },
    async claimNothing() {
      delivery ??= deliver()
      return (await delivery.claim(CLAIM)).length
    },
    async addDue(i) {
      await db.transaction(async (tx) => void (await outbox.put(tx, [later(2_000_000 + i, Date.now())])))
    },
    async claimDue() {
      delivery ??= deliver()
      const { claim, deliver: send } = delivery
      const taken = await claim(CLAIM)
      const settle = async () => void (await Promise.all(taken.map((t) => send(t, AbortSignal.timeout(5000)))))
      return { found: taken.length, settle }
    },
    async sendLater(id, inMs, tell) {
      left = tell
      if (works.length === 0) works.push(deliver().work())
      const at = Date.now() + inMs
      await outbox.schedule({ ...later(3_000_000 + id, at), text: String(id) })
      return at
    },
    async rest(chats) {
      for (let i = 0; i < chats; i += 2000)
        await Promise.all(range(i, i + 2000).map((id) => conversations.receive(incoming({ id, chat: id, text: 'x' }))))
      await drainBy(Infinity)(
        () => {},
        () => false,
      )
      const { claim, renew, nextAt } = conversations
      const work = async (turn: Turn) => void (await answer(turn))
      works.push(
        crew(
          'turns',
          { claim, work, renew, nextAt, atOnce: 8, renewEveryMs: 3000 },
          { clock, log: silentLog, wake: db.wake, topic: 'heard' },
        ),
      )
      works.push(deliver().work())
      await pause(10_000)
      await tidy()
    },
    async close() {
      await Promise.all(works.map((work) => work.stop()))
      await db.close()
    },
  }

  async function tidy() {
    await db.raw.pool?.query('vacuum analyze')
    db.raw.sqlite?.exec('analyze; pragma wal_checkpoint(truncate)')
  }
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

const incoming = (m: Message): Incoming => ({
  sourceKey: `${CHANNEL}:1:${m.id}`,
  assistant: ASSISTANT,
  channel: CHANNEL,
  raw: JSON.stringify({ update_id: m.id, message: { chat: { id: m.chat }, text: m.text } }),
  chatId: String(m.chat),
  speaker: String(m.chat),
  kind: 'text',
  externalId: String(m.id),
  text: m.text,
  saidAt: null,
  settleMs: 0,
})

// Ten to a chat, 100,000 chats at the most.
const later = (i: number, at: number): Put => ({
  assistant: ASSISTANT,
  channel: CHANNEL,
  chatId: String(i >= 2_000_000 ? i : i % 100_000),
  kind: 'notice',
  text: 'x'.repeat(160),
  scheduledFor: at,
  expiresAt: null,
  correlation: `bench-${i}`,
})
