import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import { HOUR, message, openStage, reply } from '../../test/support/outbox-stage.ts'

onEachEngine('OUT5 · two proactive messages a day and no third: the next waits for the next local day', async ({ db }) => {
  const { outbox, turn, texts, clock, consent } = await openStage(db)
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
    const { outbox, turn, clock, consent } = await openStage(db)
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
  const one = await openStage(db, clock)
  const two = await openStage(again(), clock, 'two')
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
  const { outbox, turn, sent, consent } = await openStage(db)
  await consent('5')
  for (let i = 0; i < 25; i++) await outbox.schedule(message('5', `${i}`, { kind: 'reminder' }))
  await turn()
  assert.equal(sent.length, 20)
})

onEachEngine(
  'OUT6 · quiet hours are the person’s own; without consent it waits, with the reason; past its time it expires',
  async ({ db }) => {
    const { outbox, turn, texts, clock, consent, people, personOf } = await openStage(db)
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
  const { outbox, turn, texts, clock, consent } = await openStage(db)
  clock.advance(13.5 * HOUR)
  await consent('5')
  await outbox.schedule(message('5', 'noche', { kind: 'proactive', expiresAt: clock.now() + 20 * HOUR }))
  await turn()
  await reply(db, outbox, message('5', 'respuesta'))
  await turn()
  assert.deepEqual(texts(), ['respuesta'])
})

onEachEngine(
  'SET4 · an assistant with hours speaks first only within them, by the person’s clock; reminders are not its own',
  async ({ db }) => {
    const clock = stillClock()
    const local = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO('Europe/Madrid')
    // It opens in two hours, long before the person's quiet hours.
    const from = (local.hour + 2) % 24
    const { outbox, turn, texts, consent } = await openStage(db, clock, 'one', { from, to: from + 2 })
    await consent('5')
    const { id } = await outbox.schedule(message('5', 'idea', { kind: 'proactive', expiresAt: clock.now() + 40 * HOUR }))
    await outbox.schedule(message('5', 'pedido', { kind: 'reminder' }))
    await turn()
    assert.deepEqual(texts(), ['pedido'])
    assert.deepEqual([(await outbox.get(id))?.status, (await outbox.get(id))?.reason], ['pending', 'quiet_hours'])
    clock.advance(2 * HOUR)
    await turn()
    assert.deepEqual(texts(), ['pedido', 'idea'])
  },
)
