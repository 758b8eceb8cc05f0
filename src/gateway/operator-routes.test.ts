import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { BOT, KEYS, openDoorBench, until, type DoorBench } from '../../test/support/door.ts'
import type { Database } from '../foundation/index.ts'

async function withDoor(db: Database, work: (door: DoorBench) => Promise<void>, over: Parameters<typeof openDoorBench>[1] = {}) {
  const door = await openDoorBench(db, over)
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

const says = (updateId: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    date: 1_795_251_600,
    chat: { id: 55, type: 'private' },
    from: { id: 55, first_name: 'Ada' },
    text,
  },
})
const post = ({ ask }: DoorBench, update: object) => ask('/api/v1/webhooks/telegram', { json: update, key: KEYS.internal })

type Trace = {
  correlation: string
  outcome: string
  cost: number
  steps: { at: string; what: string; [more: string]: unknown }[]
}

onEachEngine('GATE21 · the way of a message is the same whole story by any of its names', async ({ db }) => {
  const correlation = `telegram:${BOT}:5`
  const startedAt = Date.now()
  await withDoor(
    db,
    async (door) => {
      assert.equal((await post(door, says(5, 'hola'))).status, 200)
      await until(async () => (await door.answer(() => 'Hola, Ada')).length > 0)
      const heard = await door.conversations.find({ sourceKey: correlation })
      const [reply] = await door.outbox.ofCorrelation(correlation)
      const traces = await Promise.all(
        [correlation, `in-${heard!.seq}`, `out-${reply!.id}`].map(
          async (id) => (await (await door.ask(`/api/v1/trace/${encodeURIComponent(id)}`)).json()) as Trace,
        ),
      )
      assert.deepEqual(
        traces.map((one) => one.correlation),
        [correlation, correlation, correlation],
      )
      assert.deepEqual(
        traces.map((one) => one.outcome),
        ['answered', 'answered', 'pending'],
      )
      assert.deepEqual(traces[1]!.steps, traces[0]!.steps)
      assert.deepEqual(traces[2]!.steps, traces[0]!.steps)
      assert.deepEqual(
        new Set(traces[0]!.steps.map(({ what }) => what)),
        new Set(['said', 'received', 'turn_began', 'turn_ended', 'dealt_with', 'queued']),
      )
      const times = traces[0]!.steps.map(({ at }) => at)
      assert.deepEqual(times, times.toSorted())
      const said = traces[0]!.steps.find(({ what }) => what === 'said')
      assert.equal(said!.at, new Date(1_795_251_600_000).toISOString())
      const turn = traces[0]!.steps.find(({ what }) => what === 'turn_ended')
      assert.deepEqual([turn!['model'], turn!['tokens_in'], turn!['cost'], traces[0]!.cost], ['small', 12, 0.0015, 0.0015])
      for (const missing of ['in-99999', 'out-99999', 'telegram:1:2', 'nothing', 'in-'])
        assert.equal((await door.ask(`/api/v1/trace/${missing}`)).status, 404, missing)
    },
    {
      turnsOf: async (key) =>
        key !== correlation
          ? []
          : [
              {
                attempt: 1,
                startedAt,
                endedAt: startedAt + 3,
                outcome: 'answered',
                model: 'small',
                tokensIn: 12,
                tokensOut: 4,
                costMicros: 1_500,
                error: null,
              },
            ],
    },
  )
})

onEachEngine('GATE22 · a parked message is seen as it came, and goes back to its conversation once', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { ask } = door
    await post(door, says(8, 'veneno'))
    await until(async () => (await door.answer({ parked: 'gave_up' })).length > 0)
    const list = (await (await ask('/api/v1/parked')).json()) as { items: { id: string; reason: string; text: string }[] }
    const [one] = list.items
    assert.deepEqual([one?.reason, one?.text], ['gave_up', 'veneno'])
    const whole = (await (await ask(`/api/v1/parked/${one!.id}`)).json()) as { raw: string }
    assert.deepEqual(JSON.parse(whole.raw), says(8, 'veneno'))
    const replay = () => ask(`/api/v1/parked/${one!.id}/replay`, { method: 'POST' })
    assert.equal((await replay()).status, 200)
    assert.equal((await replay()).status, 404)
    const [turn] = await until(async () => {
      const turns = await door.answer(() => 'ahora sí')
      return turns.length > 0 && turns
    })
    assert.equal(turn?.messages[0]?.text, 'veneno')
    for (const missing of ['in-99999', 'x', 'in-1e3']) assert.equal((await ask(`/api/v1/parked/${missing}`)).status, 404)
  })
})

onEachEngine('GATE22 · what an older version could not read is read again before it goes back', async ({ db }) => {
  let learnt = false
  await withDoor(
    db,
    async (door) => {
      await post(door, { update_id: 9, novelty: 'hola' })
      const [one] = await door.conversations.parked(5)
      const replay = () => door.ask(`/api/v1/parked/in-${one!.seq}/replay`, { method: 'POST' })
      const early = await replay()
      assert.deepEqual(
        [early.status, ((await early.json()) as { error: { code: string } }).error.code],
        [409, 'still_not_understood'],
      )
      learnt = true
      assert.equal((await replay()).status, 200)
      const [turn] = await door.conversations.claim(5)
      assert.deepEqual([turn?.chatId, turn?.messages[0]?.text], ['55', 'hola'])
    },
    {
      understand: () =>
        learnt
          ? {
              ok: true,
              heard: { kind: 'text', chatId: '55', group: false, addressed: true, text: 'hola', attachments: [], saidAt: null },
            }
          : { ok: false, reason: 'unknown_update' },
    },
  )
})

onEachEngine('GATE23 · a person is let in by code or by address, told of it, and can be refused', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { ask, people } = door
    await post(door, says(3, 'hola'))
    const visitor = { assistant: 'aegen', address: 'telegram:55', chatId: '55' }
    const admission = await people.admit({ mode: 'pairing' }, visitor)
    assert.ok(!admission.may && admission.why === 'not_approved')

    const listed = (await (await ask('/api/v1/people')).json()) as { items: { address: string; access: { code: string }[] }[] }
    assert.deepEqual([listed.items[0]?.address, listed.items[0]?.access[0]?.code], ['telegram:55', admission.code])
    assert.equal((await ask('/api/v1/people/approve', { json: { code: 'NOPE2345' } })).status, 404)
    const approved = await ask('/api/v1/people/approve', { json: { code: admission.code } })
    assert.deepEqual([approved.status, await approved.json()], [200, { assistant: 'aegen', address: 'telegram:55', name: null }])
    assert.deepEqual(door.approved, ['telegram:55'])
    assert.equal((await ask('/api/v1/people/approve', { json: { code: admission.code } })).status, 404)
    assert.deepEqual(await people.admit({ mode: 'pairing' }, visitor), { may: true })

    const place = { assistant: 'aegen', address: 'telegram:55' }
    assert.equal((await ask('/api/v1/people/deny', { json: place })).status, 200)
    assert.deepEqual(await people.admit({ mode: 'pairing' }, visitor), { may: false, why: 'denied' })
    assert.equal((await ask('/api/v1/people/approve', { json: place })).status, 200)
    assert.equal((await ask('/api/v1/people/approve', { json: { ...place, address: 'telegram:1' } })).status, 404)
    assert.equal((await ask('/api/v1/people/approve', { json: { ...place, code: 'X' } })).status, 400)
  })
})

onEachEngine('GATE23 · an invitation is a code, with its link where the assistant has a bot', async ({ db }) => {
  await withDoor(db, async ({ ask, people }) => {
    const answer = await ask('/api/v1/people/invite', { json: { assistant: 'aegen', label: 'Ada', days: 3 } })
    const { code, link } = (await answer.json()) as { code: string; link: string }
    assert.deepEqual([answer.status, link], [201, `https://t.me/aegen_bot?start=${code}`])
    assert.equal((await people.invitations()).length, 1)
    assert.equal(
      ((await (await ask('/api/v1/people/invite', { json: { assistant: 'ccm' } })).json()) as { link: null }).link,
      null,
    )
    assert.equal((await ask('/api/v1/people/invite', { json: { assistant: 'nadie' } })).status, 404)
    assert.equal((await ask('/api/v1/people/invite', { json: { assistant: 'aegen', days: 91 } })).status, 400)
  })
})

onEachEngine('CARE4 · an operator sees who is held, knows them only where they agreed, and lifts it', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { ask, people, care } = door
    const held = async (chatId: string, agrees: boolean) => {
      const personId = await db.transaction((tx) => people.ownerOf(tx, 'telegram', chatId))
      const mark = { personId, assistant: 'aegen', sign: 'ideation', seenBy: 'rules' as const, whole: true, ask: false }
      await db.transaction((tx) =>
        care.effects(tx, [
          { do: 'hold', ...mark },
          { do: 'answer', personId, given: agrees },
        ]),
      )
      return personId
    }
    const silent = await held('55', false)
    const open = await held('56', true)
    const text = await (await ask('/api/v1/care')).text()
    const { items } = JSON.parse(text) as { items: { id: string; agreed: unknown }[] }
    assert.deepEqual(
      items.map((one) => one.agreed),
      [{ person_id: open, addresses: ['telegram:56'], sign: 'ideation' }, null],
    )
    assert.ok(!text.includes(silent) && !text.includes('55"'))
    const page = (await (await ask('/api/v1/care?limit=1')).json()) as { items: { id: string }[]; next: string }
    assert.equal(page.next, items[0]!.id)
    const rest = (await (await ask(`/api/v1/care?limit=1&cursor=${page.next}`)).json()) as { items: { id: string }[]; next: null }
    assert.deepEqual([rest.items[0]!.id, rest.next], [items[1]!.id, null])

    const lift = (id: string) => ask(`/api/v1/care/${id}/lift`, { method: 'POST' })
    assert.deepEqual(await (await lift(items[1]!.id)).json(), { id: items[1]!.id, lifted: true })
    assert.equal((await lift(items[1]!.id)).status, 404)
    assert.equal((await lift('out-1')).status, 404)
    assert.equal(await care.holdOf(silent), undefined)
    assert.ok(await care.holdOf(open))
    assert.equal((await ask('/api/v1/care', { key: '' })).status, 401)
  })
})
