import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { openDoorBench, type DoorBench } from '../../test/support/door.ts'
import type { Database } from '../foundation/index.ts'

async function withDoor(db: Database, work: (door: DoorBench) => Promise<void>) {
  const door = await openDoorBench(db)
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

const OUTBOX = '/api/v1/outbox'
const reminder = {
  assistant: 'aegen',
  channel: 'telegram',
  chat_id: '77',
  kind: 'reminder',
  text: 'Llamar al taller',
  scheduled_for: '2031-05-01T10:00:00+02:00',
}
type Body = { id: string; error?: { code: string }; [field: string]: unknown }
const sent = async (answer: Response): Promise<[number, Body]> => [answer.status, (await answer.json()) as Body]

onEachEngine('GATE19 · a scheduled message is a row with the fields that were promised, times in UTC', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const [status, { id }] = await sent(await ask(OUTBOX, { json: { ...reminder, chat_id: 77, key: 'taller' } }))
    assert.equal(status, 201)
    assert.match(id, /^out-\d+$/)
    assert.deepEqual(await (await ask(`${OUTBOX}/${id}`)).json(), {
      id,
      assistant: 'aegen',
      channel: 'telegram',
      chat_id: '77',
      kind: 'reminder',
      key: 'taller',
      text: 'Llamar al taller',
      intent: null,
      scheduled_for: '2031-05-01T08:00:00.000Z',
      expires_at: '2031-05-02T08:00:00.000Z',
      status: 'pending',
      reason: null,
      decisions: [],
      attempts: 0,
      sent_at: null,
      message_id: null,
    })
  })
})

onEachEngine('GATE19 · the same key replaces what waits, and writes nothing once it is beyond recall', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const put = async (text: string, chat = '77') =>
      sent(await ask(OUTBOX, { json: { ...reminder, key: 'k', text, chat_id: chat } }))
    const [first, { id }] = await put('uno')
    const [second, again] = await put('dos')
    assert.deepEqual([first, second, again], [201, 200, { id }])
    assert.equal(((await (await ask(`${OUTBOX}/${id}`)).json()) as Body)['text'], 'dos')
    assert.notEqual((await put('tres', '78'))[1].id, id)

    await db
      .as<{ outbox_messages: Record<string, unknown> }>()
      .updateTable('outbox_messages')
      .set({ status: 'in_doubt', sending_at: 86_400_000, quota_day: 1, quota_slot: 1, due_at: null })
      .where('id', '=', Number(id.slice(4)))
      .execute()
    assert.deepEqual(await put('cuatro'), [200, { id, unchanged: true }])
    assert.equal(((await (await ask(`${OUTBOX}/${id}`)).json()) as Body)['text'], 'dos')
  })
})

onEachEngine('GATE19 · what the contract refuses is refused by name, and nothing is written', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const refused: [object, string][] = [
      [{ scheduled_for: '2031-05-01T10:00:00' }, 'time_without_zone'],
      [{ scheduled_for: '2031-05-01' }, 'time_without_zone'],
      [{ scheduled_for: '2031-02-30T10:00:00Z' }, 'time_without_zone'],
      [{ scheduled_for: '2031-05-01T10:00:00+05:00[Europe/Madrid]' }, 'time_without_zone'],
      [{ scheduled_for: '2131-05-01T10:00:00Z' }, 'time_out_of_range'],
      [{ expires_at: '2031-05-01T08:00:00Z' }, 'expires_first'],
      [{ expires_at: 'tomorrow' }, 'time_without_zone'],
      [{ intent: 'ambos' }, 'text_or_intent'],
      [{ text: undefined }, 'text_or_intent'],
      [{ kind: 'reply' }, 'invalid'],
      [{ kind: 'Proactive' }, 'invalid'],
      [{ assistant: 'nadie' }, 'unknown_assistant'],
      [{ channel: 'fax' }, 'unknown_channel'],
      [{ chat_id: 'a|b' }, 'invalid'],
      [{ schedule_for: 'x' }, 'invalid'],
      [{ scheduled_for: undefined }, 'invalid'],
      [{ text: 'x'.repeat(4_097) }, 'invalid'],
      [{ text: 5 }, 'invalid'],
    ]
    for (const [change, code] of refused) {
      const [status, { error }] = await sent(await ask(OUTBOX, { json: { ...reminder, ...change } }))
      assert.deepEqual([status, error?.code], [400, code], JSON.stringify(change))
    }
    const { items } = (await (await ask(OUTBOX)).json()) as { items: unknown[] }
    assert.deepEqual(items, [])
  })
})

onEachEngine('GATE19 · a time in the past means now, and a zone by name is a zone', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const at = async (scheduled_for: string) => {
      const [, { id }] = await sent(await ask(OUTBOX, { json: { ...reminder, kind: 'notice', scheduled_for } }))
      return ((await (await ask(`${OUTBOX}/${id}`)).json()) as { scheduled_for: string }).scheduled_for
    }
    const before = Date.now()
    assert.ok(Date.parse(await at('2001-01-01T00:00:00Z')) >= before)
    assert.equal(await at('2031-05-01T10:00[America/Bogota]'), '2031-05-01T15:00:00.000Z')
  })
})

onEachEngine('GATE20 · cancelling works once and only while it waits; settling only while it is in doubt', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const [, { id }] = await sent(await ask(OUTBOX, { json: reminder }))
    const cancel = async (which: string) => sent(await ask(`${OUTBOX}/${which}/cancel`, { method: 'POST' }))
    const settle = async (which: string, became: string) => sent(await ask(`${OUTBOX}/${which}/settle`, { json: { became } }))
    assert.deepEqual([(await settle(id, 'sent'))[0], (await settle(id, 'burnt'))[0]], [409, 400])
    const [status, item] = await cancel(id)
    assert.deepEqual([status, item['status'], item['reason']], [200, 'cancelled', 'operator'])
    assert.equal((await cancel(id))[1].error?.code, 'not_pending')
    for (const missing of ['out-999999', 'out-x', '0x1', 'out-9999999999999999999'])
      assert.deepEqual([(await cancel(missing))[0], (await ask(`${OUTBOX}/${missing}`)).status], [404, 404])

    const [, { id: doubtful }] = await sent(await ask(OUTBOX, { json: { ...reminder, kind: 'notice' } }))
    await db
      .as<{ outbox_messages: Record<string, unknown> }>()
      .updateTable('outbox_messages')
      .set({ status: 'in_doubt', due_at: null })
      .where('id', '=', Number(doubtful.slice(4)))
      .execute()
    const [settled, now] = await settle(doubtful, 'not_sent')
    assert.deepEqual([settled, now['status'], now['reason']], [200, 'failed', 'operator'])
    assert.equal((now['decisions'] as unknown[]).length, 1)
  })
})

onEachEngine('GATE20 · the list filters, goes on from its cursor, and never gives more than 200', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    for (let i = 0; i < 5; i++) await ask(OUTBOX, { json: { ...reminder, kind: 'notice', chat_id: String(i % 2), text: `${i}` } })
    const list = async (query: string) =>
      (await (await ask(`${OUTBOX}?${query}`)).json()) as { items: { text: string; chat_id: string }[]; next: string | null }
    const first = await list('limit=2')
    const second = await list(`limit=2&cursor=${first.next}`)
    const last = await list(`limit=2&cursor=${second.next}`)
    assert.deepEqual(
      [...first.items, ...second.items, ...last.items].map(({ text }) => text),
      ['4', '3', '2', '1', '0'],
    )
    assert.equal(last.next, null)
    assert.deepEqual(new Set((await list('chat_id=1')).items.map((one) => one.chat_id)), new Set(['1']))
    assert.deepEqual((await list('status=sent')).items, [])
    for (const bad of ['limit=201', 'limit=0', 'limit=x', 'status=lost', 'cursor=zz', 'what=1'])
      assert.equal((await ask(`${OUTBOX}?${bad}`)).status, 400, bad)
  })
})
