/**
 * The rooms in a process of their own, so that it can be killed, starved and deceived: takes in numbered messages as fast
 * as it can and repeats what was refused, as a poller does. One line per event on stdout, written before anything else
 * happens: `ready`, `ack <key>`, `no <key> <why>`, `sent <chat> <kind> <text>`, `fatal <why>`.
 */
import { writeSync } from 'node:fs'
import {
  crew,
  loop,
  messageOf,
  migrate,
  openDatabase,
  silentLog,
  stepDetector,
  systemClock,
  type OpenDatabase,
} from '../../src/foundation/index.ts'
import { addressOf, openPeople, peopleMigrations } from '../../src/people/index.ts'
import { conversationMigrations, openConversations, type Turn } from '../../src/conversations/index.ts'
import { openOutbox, outboxMigrations, type Put } from '../../src/outbox/index.ts'

export type Orders = {
  store: { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }
  /** Begins every key; two drivers on one database have different ones. */
  name: string
  /** Messages to take in; 0 = none, left out = without end. */
  messages?: number
  atOnce?: number
  chats?: number
  /** Answers what was taken in. */
  answers?: boolean
  /** Sends what is due: `sent` is the sending. */
  delivers?: boolean
  leaseMs?: number
  /** Proactive messages and reminders to schedule at the start, by minutes from now. */
  schedule?: { chat: string; kind: 'proactive' | 'reminder'; inMinutes: number; text: string }[]
  /** Goes on for this long after an error after which the file is not to be trusted, as a careless house would. */
  lingerMs?: number
  /** Undoes the promise, to see that a test notices. */
  soft?: true
}

const orders = JSON.parse(process.argv[2]!) as Orders
const say = (...words: (string | number)[]) => writeSync(1, `${words.join(' ').replaceAll('\n', ' ')}\n`)
const clock = systemClock
const log = {
  ...silentLog,
  error: (event: string, { error }: { error?: unknown } = {}) => void say('error', event, messageOf(error)),
}

const onFatal = (error: Error) => {
  say('fatal', messageOf(error))
  if (orders.lingerMs === undefined) process.exit(70)
  setTimeout(() => process.exit(70), orders.lingerMs)
}
const opening: OpenDatabase =
  orders.store.engine === 'sqlite' ? { ...orders.store, onFatal } : { ...orders.store, onLost: () => {}, connections: 6 }
const opened = openDatabase(opening)
const db = orders.soft ? { ...opened, transaction: opened.soft.transaction } : opened
if (orders.store.engine === 'sqlite') {
  say('synchronous', Number(Object.values(db.raw.sqlite!.prepare('pragma synchronous').get()!)[0]))
}
await migrate(db, [...peopleMigrations, ...conversationMigrations, ...outboxMigrations], 'test', clock.now())

const people = openPeople({ db, clock, defaultZone: 'UTC', proactiveLimit: 2, quietFrom: 0, quietTo: 0 })
const owner = `${orders.name}-${process.pid}`
const outbox = openOutbox({ db, clock, owner, ownerOf: people.ownerOf, mannersOf: people.mannersOf, leaseMs: orders.leaseMs })
const conversations = openConversations<Put[]>({
  db,
  clock,
  owner,
  leaseMs: orders.leaseMs,
  lookUp: people.lookUp,
  onHeard: async (tx, fresh, found) => {
    const meetings = fresh.flatMap((m) =>
      m.chatId === undefined ? [] : [{ channel: m.channel, chatId: m.chatId, group: false }],
    )
    const owners = await people.meet(tx, meetings, found)
    await outbox.hold(tx, [...owners.values()])
  },
  onClosed: async (tx, closings) => {
    await outbox.put(
      tx,
      closings.flatMap((c) => c.effects),
    )
  },
})

const reply = (turn: Turn): Put => ({
  assistant: turn.assistant,
  channel: turn.channel,
  chatId: turn.chatId,
  kind: 'reply',
  text: turn.messages.map((m) => m.text).join(' '),
  correlation: 'test',
})

if (orders.answers) {
  crew<Turn>(
    'turns',
    {
      claim: (limit) => conversations.claim(limit),
      work: async (turn) => {
        const endings = turn.messages.map(({ seq }) => ({ seq, outcome: 'answered' as const }))
        const closed = await conversations.close({ turn, endings, effects: endings.length > 0 ? [reply(turn)] : [] })
        if (closed) db.wake.signal('outbox')
      },
      renew: (turns) => conversations.renew(turns),
      nextAt: () => conversations.nextAt(),
      atOnce: 16,
      renewEveryMs: 1000,
    },
    { clock, log, wake: db.wake, topic: 'heard', restMs: 200 },
  )
}
if (orders.delivers) {
  outbox
    .delivery({
      log,
      send: async (message) => {
        say('sent', message.chatId, message.id, message.text)
        return { sent: true, messageId: `m${message.id}` }
      },
      compose: async ({ intent }) => ({ words: intent }),
      pace: () => undefined,
    })
    .work(200)
  const step = stepDetector(clock)
  loop(
    'upkeep',
    async () => {
      const jumped = step()
      if (jumped !== 0) say('stepped', jumped)
      if (jumped < 0) {
        await conversations.clockWentBack()
        await outbox.clockWentBack(-jumped)
      }
      return { didWork: false }
    },
    { clock, log, restMs: 500 },
  )
}
for (const { chat, kind, inMinutes, text } of orders.schedule ?? []) {
  await db.transaction(async (tx) => {
    const owners = await people.meet(tx, [{ channel: 'telegram', chatId: chat, group: false }])
    await people.consent(tx, owners.get(addressOf('telegram', chat))!, true)
  })
  const scheduledFor = clock.now() + inMinutes * 60_000
  await outbox.schedule({ assistant: 'aegen', channel: 'telegram', chatId: chat, kind, text, scheduledFor, correlation: 'test' })
}

say('ready')

let next = 0
const most = orders.messages ?? Infinity
const hand = async () => {
  for (let n = next++; n < most; n = next++) {
    const key = `${orders.name}:${n}`
    for (let kept = false; !kept;) {
      try {
        await conversations.receive({
          sourceKey: key,
          assistant: 'aegen',
          channel: 'telegram',
          raw: JSON.stringify({ update_id: n, padding: 'x'.repeat(300) }),
          chatId: String(n % (orders.chats ?? 50)),
          kind: 'text',
          text: key,
          saidAt: null,
          settleMs: 0,
        })
        say('ack', key)
        kept = true
      } catch (error) {
        say('no', key, messageOf(error))
        await clock.sleep(20)
      }
    }
  }
}
for (let i = 0; i < (orders.atOnce ?? 8); i++) void hand()
// Nobody reads any more: the test is gone.
const parent = process.ppid
setInterval(() => process.ppid !== parent && process.exit(0), 500)
