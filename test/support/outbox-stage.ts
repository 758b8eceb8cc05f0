import { silentLog, type Database } from '../../src/foundation/index.ts'
import { openOutbox, type Hours, type Outgoing, type Put, type Receipt } from '../../src/outbox/index.ts'
import { openPeople } from '../../src/people/index.ts'
import { stillClock } from './clock.ts'

export const HOUR = 3_600_000

/** An outbox with real people on a real database, a scripted channel and a clock that stands still. */
export async function openStage(db: Database, clock = stillClock(), owner = 'one', hours?: Hours) {
  const people = openPeople({ db, clock, defaultZone: 'Europe/Madrid', proactiveLimit: 2 })
  const outbox = openOutbox({
    db,
    clock,
    owner,
    ownerOf: people.ownerOf,
    mannersOf: people.mannersOf,
    hoursOf: () => hours,
    onBlocked: (tx, channel, chatId) => people.blocked(tx, channel, chatId, true),
    onMoved: people.moved,
  })
  const sent: Outgoing[] = []
  const script: (Receipt | 'hang' | ((m: Outgoing) => Receipt))[] = []
  const delivery = outbox.delivery({
    log: silentLog,
    send: async (message) => {
      sent.push(message)
      const next = script.shift() ?? { sent: true, messageId: String(sent.length) }
      if (next === 'hang') return new Promise(() => {})
      return typeof next === 'function' ? next(message) : next
    },
    compose: async ({ intent }) => ({ words: `¿${intent}?` }),
    pace: () => undefined,
    botPace: () => ({ intervalMs: 1, burst: 10_000 }),
  })
  /** Turns the crank until nothing is ready. */
  const turn = async () => {
    for (;;) {
      const lines = await delivery.claim(50)
      if (lines.length === 0) return
      await Promise.all(lines.map((l) => delivery.deliver(l, new AbortController().signal)))
    }
  }
  const personOf = (chatId: string) => db.transaction((tx) => people.ownerOf(tx, 'telegram', chatId))
  const consent = async (chatId: string) => {
    const id = await personOf(chatId)
    await db.transaction((tx) => people.consent(tx, id, true))
    return id
  }
  const texts = () => sent.map((m) => m.text)
  return { clock, people, outbox, delivery, sent, script, turn, consent, personOf, texts }
}

export const message = (chatId: string, text: string, more: Partial<Put> = {}): Put => ({
  assistant: 'aegen',
  channel: 'telegram',
  chatId,
  kind: 'reply',
  text,
  correlation: 'test',
  ...more,
})
export const reply = async (db: Database, outbox: Awaited<ReturnType<typeof openStage>>['outbox'], ...puts: Put[]) =>
  db.transaction((tx) => outbox.put(tx, puts))
