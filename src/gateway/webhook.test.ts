import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { onEachEngine } from '../../test/support/engines.ts'
import { BOT, KEYS, openDoorBench, type DoorBench } from '../../test/support/door.ts'
import type { Database } from '../foundation/index.ts'
import { openBigUpdate } from './big-update.ts'

const WEBHOOK = '/api/v1/webhooks/telegram'

async function withDoor(db: Database, work: (door: DoorBench) => Promise<void>, over: Parameters<typeof openDoorBench>[1] = {}) {
  const door = await openDoorBench(db, over)
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

const poster =
  ({ ask }: DoorBench) =>
  (body: unknown, path = WEBHOOK) =>
    ask(path, {
      method: 'POST',
      key: KEYS.internal,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })

const says = (updateId: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    date: 1_795_251_600,
    chat: { id: 55, type: 'private' },
    from: { id: 55, first_name: 'Ada', is_bot: false },
    text,
  },
})

onEachEngine('GATE12 · 200 means stored, the second time too, and it is answered once', async ({ db }) => {
  await withDoor(db, async (door) => {
    const post = poster(door)
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await post(says(7, 'hola'))).status))
    assert.deepEqual(new Set(statuses), new Set([200]))
    const kept = await door.conversations.find({ sourceKey: `telegram:${BOT}:7` })
    assert.equal(kept?.text, 'hola')
    assert.deepEqual(JSON.parse(kept?.raw ?? ''), says(7, 'hola'))
    const turns = await door.conversations.claim(5)
    assert.deepEqual(
      turns.map((turn) => turn.messages.map(({ text, speaker }) => ({ text, speaker }))),
      [[{ text: 'hola', speaker: 'Ada' }]],
    )
  })
})

onEachEngine(
  'GATE12 · whatever has an update_id is kept as it came; what is not understood ends parked and stops nothing',
  async ({ db }) => {
    await withDoor(db, async (door) => {
      const post = poster(door)
      const strange = [
        { update_id: 11 },
        { update_id: 12, something_new: { of: 'Telegram' } },
        { update_id: 13, message: 'no object' },
        { update_id: 14, message: { message_id: 'x', chat: {}, text: '\0\ud800' } },
        { update_id: -15, message: null },
      ]
      for (const update of strange) assert.equal((await post(update)).status, 200)
      assert.equal((await post(`{"update_id": 1, "update_id": 16, "__proto__": {"polluted": true}}`)).status, 200)
      assert.equal((await post(says(17, 'sigo'))).status, 200)

      const parked = await door.conversations.parked(20)
      assert.deepEqual(
        parked.map(({ sourceKey }) => sourceKey),
        [11, 12, 13, 14, -15, 16].map((id) => `telegram:${BOT}:${id}`),
      )
      assert.equal(parked[0]!.reason, 'stub')
      assert.equal(({} as { polluted?: boolean }).polluted, undefined)
      assert.equal((await door.conversations.claim(5))[0]?.messages[0]?.text, 'sigo')
    })
  },
)

onEachEngine('GATE12 · what cannot be known by an id is refused, and nothing is written', async ({ db }) => {
  await withDoor(db, async (door) => {
    const post = poster(door)
    for (const body of [
      [],
      'null',
      '"7"',
      {},
      { update_id: '7' },
      { update_id: 1.5 },
      '{"update_id":1e400}',
      '{"update_id":9007199254740993}',
      '{"update_id":NaN}',
      '',
    ])
      assert.equal((await post(body)).status, 400, JSON.stringify(body))
    assert.equal((await post(says(1, 'x'), `${WEBHOOK}/nobody`)).status, 404)
    assert.equal((await post(says(1, 'x'), `${WEBHOOK}/ccm`)).status, 404)
    assert.equal((await post(says(2, 'x'), `${WEBHOOK}/aegen`)).status, 200)
    assert.deepEqual(
      (await door.conversations.claim(5)).flatMap(({ messages }) => messages.map((m) => m.sourceKey)),
      [`telegram:${BOT}:2`],
    )
    assert.deepEqual(await door.conversations.parked(5), [])
  })
})

onEachEngine(
  'GATE13 · above 1 MiB the id, the hash and the first 4 KiB are kept, parked; above 8 MiB nothing',
  async ({ db }) => {
    await withDoor(db, async (door) => {
      const post = poster(door)
      const big = JSON.stringify({ ...says(21, 'ñ'.repeat(900_000)), update_id: 21 })
      assert.equal((await post(big)).status, 200)
      assert.equal((await post(big)).status, 200)
      const [one, ...more] = await door.conversations.parked(5)
      assert.deepEqual([one?.sourceKey, one?.reason, more.length], [`telegram:${BOT}:21`, 'too_large', 0])
      const kept = JSON.parse(one!.raw!) as { sha256: string; bytes: number; first: string; update_id: number }
      assert.equal(kept.sha256, createHash('sha256').update(big).digest('hex'))
      assert.deepEqual([kept.update_id, kept.bytes], [21, Buffer.byteLength(big)])
      assert.ok(big.startsWith(kept.first.slice(0, -1)) && Buffer.byteLength(kept.first) <= 4_100)

      assert.equal((await post(JSON.stringify({ text: 'x'.repeat(1_100_000) }))).status, 400)
      assert.equal((await post(JSON.stringify({ update_id: 22, text: 'x'.repeat(8 * 1024 * 1024) }))).status, 413)
      assert.equal((await door.conversations.parked(5)).length, 1)
    })
  },
)

onEachEngine('GATE12 · what could not be stored is answered 503 with a time to come again, never 200', async ({ db }) => {
  await withDoor(db, async (door) => {
    door.conversations.receive = () => Promise.reject(new Error('the disk is full'))
    const answer = await poster(door)(says(31, 'x'))
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
  })
})

test('GATE13 · the id is found in a stream of any cuts, just where a parser would find it', () => {
  const found = (bytes: Buffer, cuts: number[]) => {
    const big = openBigUpdate()
    let from = 0
    for (const cut of [...cuts.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
      big.write(bytes.subarray(from, cut))
      from = cut
    }
    return big.end()
  }
  const key = fc.constantFrom('update_id', 'id', 'a"b', 'é', 'update_id\\', '')
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.maxSafeInteger(),
    fc.dictionary(key, fc.maxSafeInteger(), { maxKeys: 3 }),
    fc.constant('"update_id":5'),
  )
  fc.assert(
    fc.property(
      fc.dictionary(key, value, { maxKeys: 6 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.constantFrom('', ' ', 2),
      (update, cuts, space) => {
        const text = JSON.stringify(update, null, space as string)
        const id = (JSON.parse(text) as { update_id?: unknown }).update_id
        const { updateId, sha256, bytes } = found(Buffer.from(text), cuts)
        assert.equal(updateId, Number.isSafeInteger(id) && !Object.is(id, -0) ? id : undefined)
        assert.equal(sha256, createHash('sha256').update(text).digest('hex'))
        assert.equal(bytes, Buffer.byteLength(text))
      },
    ),
    { numRuns: 1_000 },
  )
  for (const bad of [
    '[{"update_id":1}]',
    '{"update_id":1',
    '{"update_id":"1"}',
    '"update_id":1',
    `{"update_id":1,"a":${'['.repeat(80)}`,
  ])
    assert.equal(found(Buffer.from(bad), [3]).updateId, undefined, bad)
})
