import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import { HOUR, message, openStage, reply } from '../../test/support/outbox-stage.ts'

onEachEngine(
  'OUT1 · what is put with its turn leaves once, in order, and is settled with what the channel said',
  async ({ db }) => {
    const { outbox, turn, sent } = await openStage(db)
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
  const { outbox, turn, script, texts, clock } = await openStage(db)
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
    const { outbox, turn, script, texts, clock } = await openStage(db)
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
    const { outbox, delivery, turn, script, texts, clock } = await openStage(db)
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
    const { outbox, turn, script, texts, clock, consent } = await openStage(db)
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

onEachEngine(
  'OUT7 · when the person speaks, what was pending is held until it is decided, and the reason is kept',
  async ({ db }) => {
    const { outbox, turn, texts, clock, consent } = await openStage(db)
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
  const { outbox, turn, script, texts } = await openStage(db, clock)
  script.push({ sent: false, retry: true, reason: '429', afterMs: 40_000 })
  await reply(db, outbox, message('5', 'hola'))
  await turn()
  await reply(db, outbox, message('5', 'otra'), message('6', 'libre'))
  const other = await openStage(again(), clock, 'two')
  clock.advance(39_000)
  await other.turn()
  assert.deepEqual(other.texts(), ['libre'])
  clock.advance(1_001)
  await other.turn()
  assert.deepEqual(texts(), ['hola'])
  assert.deepEqual(other.texts(), ['libre', 'hola', 'otra'])
})

onEachEngine('OUT9 · a key names one promise: replaced while it waits, untouched once it left', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await openStage(db)
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
  const { outbox, turn, texts, clock, consent } = await openStage(db)
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
    const { outbox, turn, script, texts, clock, consent } = await openStage(db)
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
  const { outbox, turn, script, sent } = await openStage(db)
  script.push({ sent: false, retry: false, reason: 'migrated', movedTo: '-1005' })
  await reply(db, outbox, message('-5', 'uno'), message('-5', 'dos'))
  await turn()
  assert.deepEqual(
    sent.map((m) => `${m.chatId} ${m.text}`),
    ['-5 uno', '-1005 uno', '-1005 dos'],
  )
})

onEachEngine('OUT11 · a bare INSERT of somebody else is refused, and a whole one is delivered', async ({ db }) => {
  const { outbox, turn, texts, clock } = await openStage(db)
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

onEachEngine(
  'OUT8 · two chats told to wait mean the whole bot waits, in every process and after a restart',
  async ({ db, again }) => {
    const clock = stillClock()
    const { outbox, turn, script, texts } = await openStage(db, clock)
    const flood = { sent: false, retry: true, reason: '429', afterMs: 30_000, asked: true } as const
    script.push(flood, flood)
    await reply(db, outbox, message('5', 'uno'))
    await turn()
    await reply(db, outbox, message('6', 'dos'))
    await turn()
    const other = await openStage(again(), clock, 'two')
    await reply(db, outbox, message('7', 'tres'))
    clock.advance(2_000)
    await turn()
    await other.turn()
    assert.deepEqual([...texts(), ...other.texts()], ['uno', 'dos'])
    clock.advance(28_001)
    await other.turn()
    assert.deepEqual(other.texts().sort(), ['dos', 'tres', 'uno'])
  },
)

onEachEngine(
  'OUT2 · what became of a send is written down though the database is busy at first; only then is it in doubt',
  async ({ db }) => {
    let failures = 0
    const busy: typeof db = {
      ...db,
      transaction: (work) => (failures > 0 ? (failures--, Promise.reject(new Error('busy'))) : db.transaction(work)),
    }
    const pauses: number[] = []
    const still = stillClock()
    const clock = {
      ...still,
      sleep: async (ms: number, signal?: AbortSignal) => (ms < 10_000 ? void pauses.push(ms) : still.sleep(ms, signal)),
    }
    const { outbox, turn, sent, delivery } = await openStage(busy, clock)
    const [id] = await reply(db, outbox, message('5', 'hola'))
    failures = 3
    await turn()
    assert.deepEqual([(await outbox.get(id!))!.status, sent.length, pauses], ['sent', 1, [100, 200, 400]])

    const [lost] = await reply(db, outbox, message('5', 'adiós'))
    failures = 100
    const lines = await delivery.claim(5)
    await assert.rejects(delivery.deliver(lines[0]!, new AbortController().signal), /busy/)
    failures = 0
    assert.deepEqual([(await outbox.get(lost!))!.status, sent.length, pauses.length], ['sending', 2, 10])
  },
)
