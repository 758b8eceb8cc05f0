import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { eventsOf, openDoorBench, until, type DoorBench } from '../../test/support/door.ts'
import { systemClock, type Clock, type Database } from '../foundation/index.ts'

async function withDoor(db: Database, work: (door: DoorBench) => Promise<void>, over: Parameters<typeof openDoorBench>[1] = {}) {
  const door = await openDoorBench(db, over)
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

type DoorBenchOptions = NonNullable<Parameters<typeof openDoorBench>[1]>
const CHAT = '/api/v1/chat/aegen'
const answered = (door: DoorBench, words: Parameters<DoorBench['answer']>[0] = () => 'Hola, Ada') =>
  until(async () => (await door.answer(words)).length > 0)
type Messages = { messages: { id: string; from: string; text: string; at: string }[] }
const history = async (door: DoorBench, chat = 'key') =>
  ((await (await door.ask(`${CHAT}/history?chat=${chat}`)).json()) as Messages).messages

onEachEngine('GATE14 · the words come while they are written, and done only when the answer is committed', async ({ db }) => {
  await withDoor(db, async (door) => {
    const answer = await door.ask(CHAT, { json: { text: 'hola', id: 'una' } })
    assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const key = 'web:aegen:key:una'
    await until(() => door.watching().includes(key))
    door.preview(key, { type: 'delta', text: 'Ho' })
    door.preview(key, { type: 'restart' })
    door.preview(key, { type: 'delta', text: 'Hola' })
    assert.equal((await door.conversations.find({ sourceKey: key }))?.doneAt, null)
    await answered(door)

    const events = await eventsOf(answer)
    const [{ id } = { id: 0 }] = await door.outbox.ofCorrelation(key)
    assert.deepEqual(events, [
      { event: 'delta', data: { text: 'Ho' } },
      { event: 'delta', data: { text: '', restart: true } },
      { event: 'delta', data: { text: 'Hola' } },
      { event: 'done', data: { id: `out-${id}`, text: 'Hola, Ada' } },
    ])
    assert.deepEqual(door.watching(), [])
  })
})

onEachEngine('GATE14 · what is written before the stream is open stands in it, from the beginning', async ({ db }) => {
  const watched = new Set<object>()
  const watchPreview: DoorBenchOptions['watchPreview'] = (_key, listen) => {
    const mine = {}
    watched.add(mine)
    // A model that is quicker than the storing of its question.
    listen({ type: 'delta', text: 'Ho' })
    setImmediate(() => listen({ type: 'delta', text: 'la' }))
    return () => void watched.delete(mine)
  }
  const over: DoorBenchOptions = { watchPreview }
  await withDoor(
    db,
    async (door) => {
      const answer = await door.ask(CHAT, { json: { text: 'hola', id: 'pronto' } })
      await answered(door, () => 'Hola')
      const events = await eventsOf(answer)
      assert.deepEqual(
        events.map(({ event, data }) => [event, (data as { text: string }).text]),
        [
          ['delta', 'Ho'],
          ['delta', 'la'],
          ['done', 'Hola'],
        ],
      )
      assert.equal(watched.size, 0)
      assert.equal((await door.ask(CHAT, { json: { text: 'otra', chat: 'no:vale' } })).status, 400)
      assert.equal(watched.size, 0, 'nobody looks at what was refused')
    },
    over,
  )
})

onEachEngine(
  'GATE15 · the same id is answered once, whether it comes together, later, or after the line broke',
  async ({ db }) => {
    await withDoor(db, async (door) => {
      const send = () => door.ask(CHAT, { json: { text: 'hola', id: 'misma' } })
      const broken = await send()
      await broken.body!.cancel()
      const both = [await send(), await send()]
      await answered(door)
      const told = await Promise.all(both.map(eventsOf))
      const later = await eventsOf(await send())

      assert.equal(told[0]!.at(-1)!.event, 'done')
      assert.deepEqual([told[1]!.at(-1), later.at(-1)], [told[0]!.at(-1), told[0]!.at(-1)])
      assert.deepEqual(await door.conversations.claim(5), [])
      assert.deepEqual(
        (await history(door)).map(({ from, text }) => [from, text]),
        [
          ['person', 'hola'],
          ['assistant', 'Hola, Ada'],
        ],
      )
    })
  },
)

onEachEngine('GATE15 · the turn goes on when the reader goes, and the answer stands in the history', async ({ db }) => {
  await withDoor(db, async (door) => {
    const gone = new AbortController()
    await door.ask(CHAT, { json: { text: 'hola' }, signal: gone.signal })
    gone.abort()
    await until(() => door.watching().length === 0)
    assert.deepEqual(
      (await history(door)).map(({ from }) => from),
      ['person'],
    )
    await answered(door)
    const messages = await history(door)
    assert.deepEqual(
      messages.map(({ id, from }) => [id.split('-')[0], from]),
      [
        ['in', 'person'],
        ['out', 'assistant'],
      ],
    )
    assert.ok(messages.every(({ at }) => !Number.isNaN(Date.parse(at))))
  })
})

onEachEngine('GATE16 · one chat never shows in another: of a key, of an assistant, of a session', async ({ db }) => {
  await withDoor(db, async (door) => {
    const one = door.ask(CHAT, { json: { text: 'secreto', id: '1', chat: 'ana' } })
    const two = door.ask(CHAT, { json: { text: 'otra cosa', id: '1', chat: 'eva' } })
    await Promise.all([one, two])
    await until(async () => {
      await door.answer((turn) => `eco: ${turn.messages[0]!.text}`)
      return (await history(door, 'ana')).length === 2 && (await history(door, 'eva')).length === 2
    })
    assert.match((await eventsOf(await one)).at(-1)!.data['text'] as string, /secreto/)
    assert.match((await eventsOf(await two)).at(-1)!.data['text'] as string, /otra cosa/)
    assert.ok(!(await history(door, 'eva')).some(({ text }) => text.includes('secreto')))
    const other = (await (await door.ask('/api/v1/chat/ccm/history?chat=ana')).json()) as Messages
    assert.deepEqual(other.messages, [])

    const sessions = [await door.access.beginSession(), await door.access.beginSession()]
    const asSession = (nth: number, path: string, json?: unknown) =>
      door.ask(path, {
        key: '',
        json,
        headers: { cookie: `centralita=${sessions[nth]!.cookie}`, 'sec-fetch-site': 'same-origin' },
      })
    const mine = await asSession(0, CHAT, { text: 'solo mío', id: '1' })
    await mine.body!.cancel()
    const lists = await Promise.all(
      [0, 1].map(async (nth) => (await (await asSession(nth, `${CHAT}/history`)).json()) as Messages),
    )
    assert.deepEqual(
      lists.map(({ messages }) => messages.length),
      [1, 0],
    )
    assert.equal((await asSession(1, `${CHAT}/history?chat=${sessions[0]!.chat}`)).status, 400)
    assert.equal((await asSession(1, CHAT, { text: 'x', chat: sessions[0]!.chat })).status, 400)
  })
})

onEachEngine('GATE14 · what could not be answered says so, and what is late promises no more than is true', async ({ db }) => {
  let early = false
  // Two minutes go by in the moment the test says so.
  let ahead = 0
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead }
  await withDoor(
    db,
    async (door) => {
      const parked = door.ask(CHAT, { json: { text: 'veneno' } })
      await parked
      await answered(door, { parked: 'gave_up' })
      const [error] = await eventsOf(await parked)
      assert.deepEqual([error!.event, error!.data['code']], ['error', 'parked'])

      const late = await door.ask(CHAT, { json: { text: 'despacio', id: 'lenta' } })
      ahead += 121_000
      const [last] = await eventsOf(late)
      assert.deepEqual([last!.event, last!.data['code']], ['error', 'still_working'])
      await answered(door)
      const again = await eventsOf(await door.ask(CHAT, { json: { text: 'despacio', id: 'lenta' } }))
      assert.equal(again.at(-1)!.event, 'done')
      early = true
    },
    { clock },
  )
  assert.ok(early)
})

onEachEngine('GATE17 · a door that closes tells its streams to come again', async ({ db }) => {
  const door = await openDoorBench(db)
  const answer = await door.ask(CHAT, { json: { text: 'hola', id: 'x' } })
  await until(() => door.watching().length === 1)
  const [events] = await Promise.all([eventsOf(answer), door.close()])
  assert.deepEqual([events.at(-1)!.event, events.at(-1)!.data['code']], ['error', 'restarting'])
})

onEachEngine('GATE17 · answers under way are counted: one chat cannot take them all, and gets them back', async ({ db }) => {
  await withDoor(db, async (door) => {
    const open: Response[] = []
    for (let i = 0; i < 16; i++) open.push(await door.ask(CHAT, { json: { text: 'hola', id: `${i}` } }))
    const more = () => door.ask(CHAT, { json: { text: 'hola', id: 'de más' } })
    assert.equal((await more()).status, 429)
    const other = await door.ask(CHAT, { json: { text: 'hola', chat: 'otro' } })
    assert.equal(other.status, 200)
    await Promise.all([other, ...open].map((one) => one.body!.cancel()))
    const again = await until(async () => {
      const answer = await more()
      if (answer.status === 200) return answer
      await answer.body!.cancel()
    })
    await again.body!.cancel()
  })
})

onEachEngine('GATE14 · what is not a message is refused before anything is stored', async ({ db }) => {
  await withDoor(db, async (door) => {
    for (const json of [
      {},
      { text: '' },
      { text: ' \n' },
      { text: 5 },
      { text: 'x'.repeat(8_001) },
      { text: 'x', id: '' },
      { text: 'x', chat: 'a:b' },
      { text: 'x', extra: 1 },
      { text: 'a\0b' },
      { text: '\ud800' },
    ])
      assert.equal((await door.ask(CHAT, { json })).status, 400, JSON.stringify(json))
    assert.equal((await door.ask('/api/v1/chat/nadie', { json: { text: 'x' } })).status, 404)
    assert.equal((await door.ask('/api/v1/chat/nadie/history')).status, 404)
    assert.deepEqual(await door.conversations.claim(5), [])
  })
})
