import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import { silentLog, type Database } from '../foundation/index.ts'
import { openPeople } from '../people/index.ts'
import { openOutbox, type Outgoing, type Put, type Receipt } from './index.ts'

const HOUR = 3_600_000

async function open(db: Database, clock = stillClock(), owner = 'one') {
  const people = openPeople({ db, clock, defaultZone: 'Europe/Madrid', proactiveLimit: 2 })
  const outbox = openOutbox({
    db,
    clock,
    owner,
    ownerOf: people.ownerOf,
    mannersOf: people.mannersOf,
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

const message = (chatId: string, text: string, more: Partial<Put> = {}): Put => ({
  assistant: 'aegen',
  channel: 'telegram',
  chatId,
  kind: 'reply',
  text,
  correlation: 'test',
  ...more,
})
const reply = async (db: Database, outbox: Awaited<ReturnType<typeof open>>['outbox'], ...puts: Put[]) =>
  db.transaction((tx) => outbox.put(tx, puts))

onEachEngine(
  'OUT1 · what is put with its turn leaves once, in order, and is settled with what the channel said',
  async ({ db }) => {
    const { outbox, turn, sent } = await open(db)
    const ids = await reply(db, outbox, message('5', 'uno'), message('5', 'dos'), message('6', 'otra'))
    await turn()
    await turn()

    assert.deepEqual(
      sent.filter((m) => m.chatId === '5').map((m) => m.text),
      ['uno', 'dos'],
    )
    assert.equal(sent.length, 3)
    const item = await outbox.get(ids[0]!)
    assert.equal(item?.status, 'sent')
    assert.ok(item?.message_id)
  },
)

onEachEngine('OUT3 · a later message never overtakes an earlier one that is being retried', async ({ db }) => {
  const { outbox, turn, script, texts, clock } = await open(db)
  script.push({ sent: false, retry: true, reason: 'refused' }, { sent: false, retry: true, reason: 'refused' })
  await reply(db, outbox, message('5', 'primero'))
  await turn()
  await reply(db, outbox, message('5', 'segundo'))
  await turn()
  assert.deepEqual(texts(), ['primero'])
  clock.advance(60_000)
  await turn()
  clock.advance(60_000)
  await turn()
  assert.deepEqual(texts(), ['primero', 'primero', 'primero', 'segundo'])
})

onEachEngine(
  'OUT2 · a reply with an unclear outcome is sent again with growing pauses, five times at most, then rests in doubt',
  async ({ db }) => {
    const { outbox, turn, script, texts, clock } = await open(db)
    for (let i = 0; i < 9; i++) script.push({ sent: false, retry: false, inDoubt: true, reason: 'timeout' })
    const [id] = await reply(db, outbox, message('5', 'hola'))
    await turn()
    assert.equal((await outbox.get(id!))?.status, 'in_doubt')
    for (let i = 0; i < 9; i++) {
      clock.advance(300_000)
      await turn()
    }
    assert.equal(texts().length, 5)
    const item = await outbox.get(id!)
    assert.deepEqual([item?.status, item?.reason, item?.due_at], ['in_doubt', 'gave_up', null])
    assert.equal(await outbox.settleDoubt(id!, 'sent', 'lo vi'), 'done')
    assert.equal((await outbox.get(id!))?.status, 'sent')
    assert.equal(await outbox.settleDoubt(id!, 'sent', 'otra vez'), 'too_late')
  },
)

onEachEngine(
  'OUT2 · a sender that died in the middle leaves a reply in doubt, sent again after a pause, and never out of order',
  async ({ db }) => {
    const { outbox, delivery, turn, script, texts, clock } = await open(db)
    script.push('hang')
    await reply(db, outbox, message('5', 'hola'))
    const [line] = await delivery.claim(1)
    const dying = new AbortController()
    void delivery.deliver(line!, dying.signal)
    await new Promise((r) => setTimeout(r, 50))
    assert.deepEqual(texts(), ['hola'])
    await reply(db, outbox, message('5', 'después'))
    clock.advance(30_001)
    await turn()
    assert.deepEqual(texts(), ['hola'])
    clock.advance(5_000)
    await turn()
    assert.deepEqual(texts(), ['hola', 'hola', 'después'])
  },
)

for (const kind of ['proactive', 'reminder', 'notice'] as const) {
  onEachEngine(`OUT4 · a ${kind} with an unclear outcome is never sent again by itself`, async ({ db }) => {
    const { outbox, turn, script, texts, clock, consent } = await open(db)
    await consent('5')
    script.push({ sent: false, retry: false, inDoubt: true, reason: 'timeout' })
    const { id } = await outbox.schedule(message('5', 'hola', { kind }))
    await turn()
    for (let i = 0; i < 5; i++) {
      clock.advance(HOUR)
      await turn()
    }
    assert.deepEqual(texts(), ['hola'])
    const item = await outbox.get(id)
    assert.deepEqual([item?.status, item?.due_at], ['in_doubt', null])
  })
}

onEachEngine('OUT5 · two proactive messages a day and no third: the next waits for the next local day', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await open(db)
  await consent('5')
  const ids: number[] = []
  for (const text of ['a', 'b', 'c'])
    ids.push((await outbox.schedule(message('5', text, { kind: 'proactive', expiresAt: clock.now() + 40 * HOUR }))).id)
  const { id: short } = await outbox.schedule(message('5', 'corta', { kind: 'proactive' }))
  await turn()
  assert.deepEqual(texts(), ['a', 'b'])
  const waiting = await outbox.get(ids[2]!)
  assert.deepEqual([waiting?.status, waiting?.reason], ['pending', 'daily_limit'])
  assert.equal(waiting?.decisions.at(-1)?.why, 'daily_limit')
  const gone = await outbox.get(short)
  assert.deepEqual([gone?.status, gone?.reason], ['expired', 'daily_limit'])
  clock.advance(24 * HOUR)
  await turn()
  assert.deepEqual(texts(), ['a', 'b', 'c'])
})

onEachEngine(
  'OUT5 · the schema refuses a third by hand-typed SQL, a slot of 1.5, a made-up day and a foreign kind',
  async ({ db }) => {
    const { outbox, turn, clock, consent } = await open(db)
    const person = await consent('5')
    for (const text of ['a', 'b', 'c'])
      await outbox.schedule(message('5', text, { kind: 'proactive', expiresAt: clock.now() + 40 * HOUR }))
    await turn()
    const q = db.as<Record<string, never>>()
    const now = clock.now()
    const day = Math.floor(now / 86_400_000)
    const attempts = [
      `update outbox_messages set status = 'sent', sent_at = ${now}, due_at = null where status = 'pending'`,
      `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day}, quota_slot = 1 where status = 'pending'`,
      `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day}, quota_slot = 2 where status = 'pending'`,
      `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day}, quota_slot = 3 where status = 'pending'`,
      `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day}, quota_slot = 0 where status = 'pending'`,
      `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day + 40}, quota_slot = 1 where status = 'pending'`,
      `update outbox_messages set status = 'in_doubt', quota_day = null, quota_slot = null where status = 'pending'`,
      `update outbox_messages set kind = 'Proactive' where status = 'pending'`,
      `update outbox_messages set quota_day = null, quota_slot = null where status = 'sent'`,
      `update outbox_messages set person_id = null where status = 'pending'`,
      `insert into outbox_messages(assistant, channel, chat_id, lane, kind, text, scheduled_for, line_at, due_at, status, sending_at, person_id, quota_day, quota_slot, correlation, put_at)
      values ('aegen', 'telegram', '5', 'aegen|telegram|5', 'proactive', 'x', ${now}, ${now}, ${now}, 'sending', ${now}, '${person}', ${day}, 2, 'x', ${now})`,
      `insert into outbox_messages(assistant, channel, chat_id, lane, kind, text, scheduled_for, line_at, due_at, status, sending_at, person_id, quota_day, quota_slot, correlation, put_at)
      values ('aegen', 'telegram', '5', 'aegen|telegram|5', 'proactive', 'x', ${now}, ${now}, ${now}, 'sending', ${now}, 'another', ${day}, 1, 'x', ${now})`,
      ...(db.engine === 'sqlite'
        ? [
            `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = ${day}, quota_slot = 1.5 where status = 'pending'`,
            `update outbox_messages set status = 'sending', sending_at = ${now}, quota_day = '${day} ', quota_slot = '1 ' where status = 'pending'`,
          ]
        : []),
    ]
    for (const attempt of attempts) await assert.rejects(sql.raw(attempt).execute(q), Error, attempt)
  },
)

onEachEngine('OUT5 · the limit is the person’s: many senders at once, several assistants, exactly two', async ({ db, again }) => {
  const clock = stillClock()
  const one = await open(db, clock)
  const two = await open(again(), clock, 'two')
  for (let chat = 1; chat <= 20; chat++) {
    await one.consent(String(chat))
    for (let i = 0; i < 4; i++)
      await one.outbox.schedule(message(String(chat), `${i}`, { kind: 'proactive', assistant: i % 2 ? 'ccm' : 'aegen' }))
  }
  await Promise.all([one.turn(), two.turn(), one.turn(), two.turn()])
  const all = [...one.sent, ...two.sent]
  const perChat = new Map<string, number>()
  for (const m of all) perChat.set(m.chatId, (perChat.get(m.chatId) ?? 0) + 1)
  assert.deepEqual(
    [...perChat.values()],
    Array.from({ length: 20 }, () => 2),
  )
})

onEachEngine('OUT5 · reminders have a cap of their own: twenty a day', async ({ db }) => {
  const { outbox, turn, sent, consent } = await open(db)
  await consent('5')
  for (let i = 0; i < 25; i++) await outbox.schedule(message('5', `${i}`, { kind: 'reminder' }))
  await turn()
  assert.equal(sent.length, 20)
})

onEachEngine(
  'OUT6 · quiet hours are the person’s own; without consent it waits, with the reason; past its time it expires',
  async ({ db }) => {
    const { outbox, turn, texts, clock, consent, people, personOf } = await open(db)
    // 23:30 in Madrid.
    clock.advance(13.5 * HOUR)
    await consent('5')
    const { id } = await outbox.schedule(message('5', 'noche', { kind: 'proactive', expiresAt: clock.now() + 20 * HOUR }))
    const { id: late } = await outbox.schedule(message('5', 'tarde', { kind: 'proactive' }))
    const { id: asked } = await outbox.schedule(message('5', 'recordatorio', { kind: 'reminder' }))
    const { id: stranger } = await outbox.schedule(
      message('6', 'hola', { kind: 'proactive', expiresAt: clock.now() + 40 * HOUR }),
    )
    await turn()
    assert.deepEqual(texts(), ['recordatorio'])
    assert.equal((await outbox.get(asked))?.status, 'sent')
    assert.deepEqual([(await outbox.get(id))?.status, (await outbox.get(id))?.reason], ['pending', 'quiet_hours'])
    assert.equal((await outbox.get(id))?.due_at, Date.UTC(2026, 10, 22, 7, 0))
    assert.deepEqual([(await outbox.get(late))?.status, (await outbox.get(late))?.reason], ['expired', 'quiet_hours'])
    assert.deepEqual([(await outbox.get(stranger))?.status, (await outbox.get(stranger))?.reason], ['pending', 'no_consent'])

    clock.advance(9 * HOUR)
    const person = await personOf('6')
    await db.transaction((tx) => people.consent(tx, person, true))
    await outbox.lookAgain(person)
    await turn()
    assert.deepEqual(texts().slice(1).sort(), ['hola', 'noche'])
  },
)

onEachEngine('OUT6 · what waits for another hour does not stand in the way of an answer', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await open(db)
  clock.advance(13.5 * HOUR)
  await consent('5')
  await outbox.schedule(message('5', 'noche', { kind: 'proactive', expiresAt: clock.now() + 20 * HOUR }))
  await turn()
  await reply(db, outbox, message('5', 'respuesta'))
  await turn()
  assert.deepEqual(texts(), ['respuesta'])
})

onEachEngine(
  'OUT7 · when the person speaks, what was pending is held until it is decided, and the reason is kept',
  async ({ db }) => {
    const { outbox, turn, texts, clock, consent } = await open(db)
    const person = await consent('5')
    const at = clock.now() + HOUR
    const { id } = await outbox.schedule(message('5', 'a', { kind: 'proactive', scheduledFor: at }))
    const { id: other } = await outbox.schedule(message('5', 'b', { kind: 'proactive', scheduledFor: at }))
    clock.advance(HOUR)
    await db.transaction((tx) => outbox.hold(tx, [person]))
    await turn()
    assert.deepEqual(texts(), [])
    assert.deepEqual(
      (await outbox.heldOf(person)).map((m) => m.id),
      [id, other],
    )
    await db.transaction((tx) =>
      outbox.decide(tx, [
        { id, do: 'cancel', until: 0, reason: 'person_spoke', why: 'ya lo contó' },
        { id: other, do: 'keep', until: at, reason: 'person_spoke', why: 'otro tema' },
      ]),
    )
    await turn()
    assert.deepEqual(texts(), ['b'])
    const item = await outbox.get(id)
    assert.deepEqual([item?.status, item?.reason, item?.decisions.at(-1)?.why], ['cancelled', 'person_spoke', 'ya lo contó'])
  },
)

onEachEngine('OUT8 · a pause that Telegram asked for is kept, also by another process', async ({ db, again }) => {
  const clock = stillClock()
  const { outbox, turn, script, texts } = await open(db, clock)
  script.push({ sent: false, retry: true, reason: '429', afterMs: 40_000 })
  await reply(db, outbox, message('5', 'hola'))
  await turn()
  await reply(db, outbox, message('5', 'otra'), message('6', 'libre'))
  const other = await open(again(), clock, 'two')
  clock.advance(39_000)
  await other.turn()
  assert.deepEqual(other.texts(), ['libre'])
  clock.advance(1_001)
  await other.turn()
  assert.deepEqual(texts(), ['hola'])
  assert.deepEqual(other.texts(), ['libre', 'hola', 'otra'])
})

onEachEngine('OUT9 · a key names one promise: replaced while it waits, untouched once it left', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await open(db)
  await consent('5')
  const first = await outbox.schedule(message('5', 'v1', { kind: 'notice', key: 'k', scheduledFor: clock.now() + HOUR }))
  const second = await outbox.schedule(message('5', 'v2', { kind: 'notice', key: 'k' }))
  assert.deepEqual([first.outcome, second.outcome, second.id], ['created', 'replaced', first.id])
  await turn()
  assert.deepEqual(await outbox.schedule(message('5', 'v3', { kind: 'notice', key: 'k' })), {
    id: first.id,
    outcome: 'unchanged',
  })
  assert.deepEqual(texts(), ['v2'])
  const third = await outbox.schedule(message('5', 'a', { kind: 'notice', key: 'z', scheduledFor: clock.now() + HOUR }))
  assert.equal(await outbox.cancel(third.id, 'test'), 'done')
  assert.equal((await outbox.schedule(message('5', 'b', { kind: 'notice', key: 'z' }))).outcome, 'created')
})

onEachEngine('OUT9 · an intent gets its words when it is due', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await open(db)
  await consent('5')
  const { id } = await outbox.schedule(
    message('5', '', { kind: 'proactive', text: undefined, intent: 'cómo fue el gimnasio', scheduledFor: clock.now() + HOUR }),
  )
  await turn()
  assert.deepEqual(texts(), [])
  clock.advance(HOUR)
  await turn()
  assert.deepEqual(texts(), ['¿cómo fue el gimnasio?'])
  const item = await outbox.get(id)
  assert.deepEqual([item?.text, item?.scheduled_for], ['¿cómo fue el gimnasio?', clock.now()])
})

onEachEngine(
  'OUT10 · whoever blocked the assistant gets nothing more, and what was planned ends with the reason',
  async ({ db }) => {
    const { outbox, turn, script, texts, clock, consent } = await open(db)
    await consent('5')
    const { id } = await outbox.schedule(message('5', 'luego', { kind: 'proactive', scheduledFor: clock.now() + HOUR }))
    script.push({ sent: false, retry: false, reason: 'bot was blocked by the user', blocked: true })
    const [first] = await reply(db, outbox, message('5', 'hola'))
    await turn()
    assert.deepEqual([(await outbox.get(first!))?.status, (await outbox.get(first!))?.reason], ['failed', 'blocked'])
    assert.deepEqual([(await outbox.get(id))?.status, (await outbox.get(id))?.reason], ['cancelled', 'blocked'])
    const { id: notice } = await outbox.schedule(message('5', 'aviso', { kind: 'notice' }))
    await turn()
    assert.deepEqual([(await outbox.get(notice))?.status, (await outbox.get(notice))?.reason], ['failed', 'blocked'])
    assert.deepEqual(texts(), ['hola'])
  },
)

onEachEngine('OUT10 · a group that got a new id gets its messages there', async ({ db }) => {
  const { outbox, turn, script, sent } = await open(db)
  script.push({ sent: false, retry: false, reason: 'migrated', movedTo: '-1005' })
  await reply(db, outbox, message('-5', 'uno'), message('-5', 'dos'))
  await turn()
  assert.deepEqual(
    sent.map((m) => `${m.chatId} ${m.text}`),
    ['-5 uno', '-1005 uno', '-1005 dos'],
  )
})

onEachEngine('OUT11 · a bare INSERT of somebody else is refused, and a whole one is delivered', async ({ db }) => {
  const { outbox, turn, texts, clock } = await open(db)
  const q = db.as<Record<string, never>>()
  await assert.rejects(
    sql`insert into outbox_messages(chat_id, intent, scheduled_for, status) values ('5', 'x', 1, 'pending')`.execute(q),
  )
  const now = clock.now()
  await sql`insert into outbox_messages(assistant, channel, chat_id, lane, kind, text, scheduled_for, line_at, due_at, correlation, put_at)
    values ('aegen', 'telegram', '5', 'aegen|telegram|5', 'notice', 'de fuera', ${now}, ${now}, ${now}, 'x', ${now})`.execute(q)
  await turn()
  assert.deepEqual(texts(), [])
  const last = await outbox.adopt(0)
  await turn()
  assert.deepEqual(texts(), ['de fuera'])
  assert.ok(last > 0)
})
