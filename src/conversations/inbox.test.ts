import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import { openConversations, type Incoming, type Turn } from './index.ts'
import type { Database } from '../foundation/index.ts'

let updates = 0
const says = (chatId: string, text: string, more: Partial<{ sourceKey: string; settleMs: number }> = {}): Incoming => ({
  sourceKey: more.sourceKey ?? `telegram:1:${++updates}`,
  assistant: 'aegen',
  channel: 'telegram',
  raw: JSON.stringify({ text }),
  chatId,
  kind: 'text',
  text,
  saidAt: null,
  settleMs: more.settleMs ?? 0,
})

function open(db: Database, clock = stillClock(), owner = 'one') {
  const made = sql`create table if not exists effects_of_test(said text)`.execute(db.as())
  const conversations = openConversations<string>({
    db,
    clock,
    owner,
    onClosed: async (tx, closings) => {
      for (const { effects } of closings) await sql`insert into effects_of_test(said) values (${effects})`.execute(tx)
    },
  })
  /** What the ends of turns wrote. */
  const written = async () =>
    (await sql<{ said: string }>`select said from effects_of_test order by said`.execute(db.as())).rows.map(({ said }) => said)
  const claim = async (limit: number) => {
    await made
    return conversations.claim(limit)
  }
  return { clock, conversations: { ...conversations, claim }, written }
}

const answered = (turn: Turn, effects = 'said') => ({
  turn,
  endings: turn.messages.map((m) => ({ seq: m.seq, outcome: 'answered' as const })),
  effects,
})
const texts = (turn: Turn | undefined) => turn?.messages.map((m) => m.text)

onEachEngine('IN2 · an update that comes again, at once or much later, is kept once', async ({ db }) => {
  const { clock, conversations } = open(db)
  const first = says('5', 'hola')

  const together = await Promise.all([
    conversations.receive(first),
    conversations.receive(first),
    conversations.receive(says('5', 'otra')),
  ])
  clock.advance(20 * 3_600_000)
  const later = await conversations.receive(first)

  assert.deepEqual(together, ['new', 'repeated', 'new'])
  assert.equal(later, 'repeated')
  const [turn] = await conversations.claim(10)
  assert.deepEqual(texts(turn), ['hola', 'otra'])
})

onEachEngine('IN2 · a smaller update id after a bigger one is a new message, not an old one', async ({ db }) => {
  const { conversations } = open(db)
  assert.equal(await conversations.receive(says('5', 'a', { sourceKey: 'telegram:9:900000' })), 'new')
  assert.equal(await conversations.receive(says('5', 'b', { sourceKey: 'telegram:9:17' })), 'new')
})

onEachEngine('IN3 · a conversation is lent to one worker only, and in the order it was spoken', async ({ db, again }) => {
  const clock = stillClock()
  const { conversations: one } = open(db, clock)
  const { conversations: two } = open(again(), clock, 'two')
  for (let chat = 0; chat < 40; chat++) for (let i = 0; i < 3; i++) await one.receive(says(String(chat), `${i}`))

  const taken = (await Promise.all([one.claim(25), two.claim(25), one.claim(25), two.claim(25)])).flat()

  assert.equal(taken.length, 40)
  assert.equal(new Set(taken.map((t) => t.lane)).size, 40)
  for (const turn of taken) assert.deepEqual(texts(turn), ['0', '1', '2'])
})

onEachEngine('IN3 · what is said during a turn waits for the next one', async ({ db }) => {
  const { conversations } = open(db)
  await conversations.receive(says('5', 'uno'))
  const [turn] = await conversations.claim(10)
  await conversations.receive(says('5', 'dos'))

  assert.deepEqual(await conversations.claim(10), [])
  assert.equal(await conversations.close(answered(turn!)), true)
  const [next] = await conversations.claim(10)

  assert.deepEqual(texts(next), ['dos'])
  assert.equal(await conversations.close(answered(next!)), true)
  assert.deepEqual(await conversations.claim(10), [])
})

onEachEngine('IN4 · a worker that comes back after its lease writes nothing', async ({ db }) => {
  const { clock, conversations, written } = open(db)
  await conversations.receive(says('5', 'hola'))
  const [late] = await conversations.claim(10)
  clock.advance(10_001)
  const [second] = await conversations.claim(10)

  assert.equal(await conversations.close(answered(late!, 'late')), false)
  assert.equal(await conversations.close(answered(second!, 'in time')), true)
  assert.equal(await conversations.close(answered(second!, 'twice')), false)

  assert.deepEqual(await written(), ['in time'])
})

onEachEngine('IN4 · of turns that end together only those write that are still leased', async ({ db }) => {
  const { clock, conversations, written } = open(db)
  const seqs = []
  for (const chat of ['5', '6', '7']) await conversations.receive(says(chat, 'hola'))
  const first = await conversations.claim(10)
  clock.advance(10_001)
  const [again] = await conversations.claim(1)
  const ends = await Promise.all(first.map((turn) => conversations.close(answered(turn, turn.chatId))))
  assert.deepEqual(
    ends,
    first.map(({ lane }) => lane !== again!.lane),
  )
  assert.deepEqual(await written(), first.flatMap(({ lane, chatId }) => (lane === again!.lane ? [] : chatId)).sort())
  for (const { messages } of first) seqs.push((await conversations.find({ seq: messages[0]!.seq }))!.outcome)
  assert.deepEqual(seqs.filter((outcome) => outcome === null).length, 1)
  assert.equal(await conversations.close(answered(again!, 'in time')), true)
})

onEachEngine('IN4 · a lease that is renewed is not taken over', async ({ db }) => {
  const { clock, conversations } = open(db)
  await conversations.receive(says('5', 'hola'))
  const [turn] = await conversations.claim(10)
  clock.advance(9_000)
  assert.deepEqual(await conversations.renew([turn!]), new Set([turn!.lane]))
  clock.advance(9_000)

  assert.deepEqual(await conversations.claim(10), [])
  assert.equal(await conversations.close(answered(turn!)), true)
})

onEachEngine('IN5 · fragments are joined: 700 ms after the last, 3 s after the first', async ({ db }) => {
  const { clock, conversations } = open(db)
  await conversations.receive(says('5', 'a', { settleMs: 700 }))
  clock.advance(600)
  await conversations.receive(says('5', 'b', { settleMs: 700 }))
  clock.advance(600)
  assert.deepEqual(await conversations.claim(10), [])
  clock.advance(100)
  const [pair] = await conversations.claim(10)
  assert.deepEqual(texts(pair), ['a', 'b'])

  for (let i = 0; i < 6; i++) {
    await conversations.receive(says('6', String(i), { settleMs: 700 }))
    clock.advance(600)
  }
  const [all] = await conversations.claim(10)
  assert.equal(all?.chatId, '6')
  assert.equal(all?.messages.length, 6)
})

onEachEngine('IN6 · what fails again and again is found alone, parked, and the conversation moves on', async ({ db }) => {
  const { clock, conversations } = open(db)
  await conversations.receive(says('5', 'veneno'))
  await conversations.receive(says('5', 'sana'))
  const [first] = await conversations.claim(10)
  assert.deepEqual(texts(first), ['veneno', 'sana'])
  assert.equal(await conversations.retry(first!, 1000), true)
  assert.deepEqual(await conversations.claim(10), [])
  clock.advance(1000)
  const [second] = await conversations.claim(10)
  assert.deepEqual(texts(second), ['veneno'])
  assert.equal(second!.attempt, 2)

  assert.equal(
    await conversations.close({
      turn: second!,
      endings: [{ seq: second!.messages[0]!.seq, outcome: 'parked', reason: 'boom' }],
      effects: 'sorry',
    }),
    true,
  )
  const [next] = await conversations.claim(10)
  assert.deepEqual(texts(next), ['sana'])
  assert.equal(next!.attempt, 1)
  await conversations.close(answered(next!))

  const parked = await conversations.parked(10)
  assert.deepEqual(
    parked.map((p) => [p.text, p.reason]),
    [['veneno', 'boom']],
  )
  assert.equal(await conversations.replay(parked[0]!.seq), true)
  assert.equal(await conversations.replay(parked[0]!.seq), false)
  assert.deepEqual(texts((await conversations.claim(10))[0]), ['veneno'])
  assert.equal(await conversations.countParked(), 0)
})

onEachEngine('IN7 · what nobody understands is kept whole, parked and visible, and can be read later', async ({ db }) => {
  const { conversations } = open(db)
  const sourceKey = 'telegram:1:poison'
  assert.equal(
    await conversations.receive({
      sourceKey,
      assistant: 'aegen',
      channel: 'telegram',
      raw: '{"update_id":1}',
      notUnderstood: 'unknown_kind',
    }),
    'new',
  )
  const found = await conversations.find({ sourceKey })
  assert.equal(found?.outcome, 'parked')
  assert.equal(found?.raw, '{"update_id":1}')

  assert.equal(await conversations.nowUnderstood(found!.seq, says('7', 'ahora sí', { sourceKey })), true)
  assert.equal(await conversations.replay(found!.seq), true)
  assert.deepEqual(texts((await conversations.claim(10))[0]), ['ahora sí'])
})

onEachEngine('IN1 · hostile characters are stored like any other, and fail nobody beside them', async ({ db }) => {
  const { conversations } = open(db)
  const odd = ['a\0b', 'x\ud800y', '😀', '\\u0000', `'; drop table heard; --`]
  const results = await Promise.all(odd.map((text) => conversations.receive(says('5', text))))
  assert.deepEqual(
    results,
    odd.map(() => 'new'),
  )
  const [turn] = await conversations.claim(1)
  assert.deepEqual(texts(turn), ['a\uFFFDb', 'x\uFFFDy', '😀', '\\u0000', `'; drop table heard; --`])
})

onEachEngine('IN3 · many writers at once leave no lane out of step', async ({ db, again }) => {
  const clock = stillClock()
  const houses = [open(db, clock), open(again(), clock, 'two')]
  const sent: Promise<string>[] = []
  for (let i = 0; i < 600; i++)
    sent.push(houses[i % 2]!.conversations.receive(says(String(i % 7), String(i), { sourceKey: `telegram:1:m${i % 400}` })))
  const results = await Promise.all(sent)
  assert.equal(results.filter((r) => r === 'new').length, 400)

  const seen: string[] = []
  for (;;) {
    const turns = (await Promise.all(houses.map((h) => h.conversations.claim(4)))).flat()
    if (turns.length === 0) break
    seen.push(...turns.flatMap((t) => t.messages.map((m) => m.sourceKey)))
    const ok = await Promise.all(turns.map((t, i) => houses[i % 2]!.conversations.close(answered(t))))
    assert.ok(ok.every(Boolean))
  }
  assert.equal(seen.length, 400)
  assert.equal(new Set(seen).size, 400)
})

onEachEngine('IN8 · what is forgotten in time keeps its key as long as it may come again', async ({ db }) => {
  const { clock, conversations } = open(db)
  const day = 86_400_000
  const first = says('5', 'secreto')
  await conversations.receive(first)
  await conversations.close(answered((await conversations.claim(1))[0]!))
  const keep = { rawMs: day, transcriptMs: 3 * day, keysMs: 8 * day }

  clock.advance(2 * day)
  await conversations.forget('aegen', keep)
  assert.deepEqual(
    [
      (await conversations.find({ sourceKey: first.sourceKey }))?.raw,
      (await conversations.find({ sourceKey: first.sourceKey }))?.text,
    ],
    [null, 'secreto'],
  )
  clock.advance(2 * day)
  await conversations.forget('aegen', keep)
  assert.equal((await conversations.find({ sourceKey: first.sourceKey }))?.text, null)
  assert.equal(await conversations.receive(first), 'repeated')
  clock.advance(5 * day)
  await conversations.forget('aegen', keep)
  assert.equal(await conversations.find({ sourceKey: first.sourceKey }), undefined)
})
