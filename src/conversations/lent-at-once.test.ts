import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { BREAKS_THE_COMMIT } from '../../test/support/breaks-the-commit.ts'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import { statement, type Database, type Hands } from '../foundation/index.ts'
import { LEASE_MS, openConversations, type Incoming, type Turn } from './index.ts'

let updates = 0
const says = (
  chatId: string,
  text: string,
  more: { sourceKey?: string; settleMs?: number; assistant?: string } = {},
): Incoming => ({
  sourceKey: more.sourceKey ?? `web:${++updates}`,
  assistant: more.assistant ?? 'aegen',
  channel: 'web',
  raw: JSON.stringify({ text }),
  chatId,
  thread: chatId === '7' ? 'side' : undefined,
  speaker: 'them',
  kind: 'text',
  externalId: `m${updates}`,
  text,
  saidAt: null,
  settleMs: more.settleMs ?? 0,
})

type Some = {
  only?: string[]
  onHeard?: () => Promise<void>
  lookUp?: (tx: unknown, batch: Incoming[]) => Promise<ReadonlyMap<string, string>>
}

/** Hands that only note what they are given: so many of them, and none is ever free again by itself. */
function withHands(db: Database, many = 16, some: Some = {}) {
  const clock = stillClock()
  const conversations = openConversations<string>({ db, clock, owner: 'one', ...some })
  const given: Turn[] = []
  let free = many
  const hands: Hands<Turn> = (wanted) => {
    if (wanted > free) return undefined
    free -= wanted
    return (turns) => {
      free += wanted - turns.length
      given.push(...turns)
    }
  }
  const stop = conversations.lendTo(hands)
  const close = (turn: Turn) =>
    conversations.close({ turn, endings: turn.messages.map(({ seq }) => ({ seq, outcome: 'answered' as const })), effects: '' })
  return { clock, conversations, given, hands, stop, close, free: () => free }
}

onEachEngine(
  'IN3 · what comes for an idle conversation is lent as it is stored, just as a claim would lend it',
  async ({ db, again }) => {
    const { conversations, given, close, clock } = withHands(db)
    const other = openConversations<string>({ db: again(), clock, owner: 'two' })
    for (const chat of ['5', '7']) await conversations.receive(says(chat, 'hola'))
    const plain = withHands(db, 0)
    await plain.conversations.receive(says('9', 'hola'))
    const [claimed] = await other.claim(10)

    assert.equal(given.length, 2)
    assert.deepEqual(Object.keys(given[0]!).sort(), Object.keys(claimed!).sort())
    assert.deepEqual(given[0], { ...claimed, lane: 'aegen|web|5|', chatId: '5', messages: given[0]!.messages })
    assert.equal(given[1]!.thread, 'side')
    assert.deepEqual(await conversations.find({ seq: given[1]!.messages[0]!.seq }).then((m) => m?.text), 'hola')
    assert.deepEqual(given[0]!.messages, [{ ...claimed!.messages[0], ...pick(given[0]!) }])
    assert.deepEqual(await other.claim(10), [])

    assert.equal(await close(given[0]!), true)
    await conversations.receive(says('5', 'otra vez'))
    assert.equal(given[2]!.fence, given[0]!.fence + 1)
    assert.equal(given[2]!.attempt, 1)
    assert.equal(await close(given[2]!), true)
  },
)

const pick = ({ messages: [first] }: Turn) => ({
  seq: first!.seq,
  sourceKey: first!.sourceKey,
  externalId: first!.externalId,
  receivedAt: first!.receivedAt,
})

onEachEngine('IN3 · several at once for one conversation are one turn, in the order they were stored', async ({ db }) => {
  const { conversations, given, free } = withHands(db)
  await Promise.all([says('5', 'uno'), says('6', 'otro'), says('5', 'dos')].map((m) => conversations.receive(m)))

  assert.deepEqual(new Set(given.map((t) => t.messages.map((m) => m.text).join())), new Set(['otro', 'uno,dos']))
  for (const { messages } of given) assert.ok(messages.every((m, n) => n === 0 || m.seq > messages[n - 1]!.seq))
  assert.equal(free(), 14, 'the third hand was given back')
})

onEachEngine('IN3 · who is being answered, waits, or was given back is not lent past its line', async ({ db }) => {
  const { conversations, given, close, clock } = withHands(db)
  await conversations.receive(says('5', 'uno'))
  await conversations.receive(says('5', 'dos'))
  assert.equal(given.length, 1, 'it is being answered')
  assert.equal(await close(given[0]!), true)
  await conversations.receive(says('5', 'tres'))
  assert.equal(given.length, 1, 'somebody waits already')
  const [turn] = await conversations.claim(10)
  assert.deepEqual(
    turn!.messages.map((m) => m.text),
    ['dos', 'tres'],
  )
  await conversations.retry(turn!, 5_000)
  await conversations.receive(says('5', 'cuatro'))
  assert.equal(given.length, 1, 'it is to be tried again later')
  clock.advance(5_000)
  const [again] = await conversations.claim(10)
  assert.deepEqual([again!.attempt, again!.messages[0]!.text], [2, 'dos'])
})

onEachEngine(
  'IN3 · nothing is lent that is to settle, that others answer, that was known, or while no hand is free',
  async ({ db }) => {
    const { conversations, given, clock, stop, free } = withHands(db, 2, { only: ['aegen'] })
    await conversations.receive(says('1', 'un trozo', { settleMs: 400 }))
    await conversations.receive(says('2', 'para otro', { assistant: 'ccm' }))
    await conversations.receive(says('3', 'hola', { sourceKey: 'same' }))
    await conversations.receive(says('3', 'hola', { sourceKey: 'same' }))
    await Promise.all(['4', '5'].map((chat) => conversations.receive(says(chat, 'dos a la vez, una mano'))))
    assert.deepEqual(
      given.map((t) => t.chatId),
      ['3'],
    )
    assert.equal(free(), 1)
    stop()
    await conversations.receive(says('6', 'nadie'))
    assert.equal(given.length, 1)
    clock.advance(400)
    const claimed = await conversations.claim(10)
    assert.deepEqual(claimed.map((t) => t.chatId).sort(), ['1', '4', '5', '6'])
  },
)

onEachEngine(
  'IN1 · an intake that fails lends nothing and gives the hands back; what dies with its hand is lent again',
  async ({ db }) => {
    let fails = true
    const onHeard = async () => {
      if (fails) throw new Error('no')
    }
    const { conversations, given, clock, free } = withHands(db, 16, { onHeard })
    await assert.rejects(conversations.receive(says('5', 'hola')))
    assert.deepEqual([given.length, free()], [0, 16])
    fails = false
    await conversations.receive(says('5', 'hola'))
    assert.equal(given.length, 1)
    clock.advance(LEASE_MS - 1)
    assert.deepEqual(await conversations.claim(10), [])
    clock.advance(1)
    const [later] = await conversations.claim(10)
    assert.deepEqual([later!.attempt, later!.fence], [2, given[0]!.fence + 1])
  },
)

onEachEngine(
  'IN3 · what its turn will need is asked for as it is stored: of a message that comes alone, from whoever was here before',
  async ({ db }) => {
    const owners = new Map<string, string>()
    const lookUp = async (_tx: unknown, batch: Incoming[]) =>
      new Map(batch.map((m) => [m.chatId!, owners.get(m.chatId!) ?? `p${m.chatId}`]))
    const { conversations, given, hands, close } = withHands(db, 16, { lookUp })
    const asked: string[] = []
    const met: [string, Turn][] = []
    conversations.lendTo(hands, (message, found) => {
      const about = `${message.sourceKey} ${found.get(message.chatId!)}`
      asked.push(about)
      return (turn) => void met.push([about, turn])
    })
    const hear = (chat: string, sourceKey: string) => conversations.receive(says(chat, sourceKey, { sourceKey }))
    for (const chat of ['5', '6', '7', '8']) {
      await hear(chat, `first ${chat}`)
      assert.equal(await close(given.at(-1)!), true)
    }
    assert.deepEqual(asked, [], 'nobody knows yet whose it is')
    assert.equal(await hear('5', 'again'), 'new')
    assert.deepEqual(
      given.at(-1)!.messages.map(({ text }) => text),
      ['again'],
    )
    assert.equal(given.at(-1)!.fence, 2)
    assert.equal(await hear('5', 'while it is answered'), 'new')
    assert.equal(await hear('6', 'first 6'), 'repeated')
    await Promise.all([hear('7', 'two'), hear('8', 'together')])
    owners.set('6', 'another')
    assert.equal(await hear('6', 'who am I'), 'new')
    assert.deepEqual(
      given
        .slice(4)
        .map(({ messages: [one] }) => one!.text)
        .toSorted(),
      ['again', 'together', 'two', 'who am I'],
    )
    if (db.engine === 'sqlite') return assert.deepEqual(asked, [])
    assert.deepEqual(asked, ['again p5', 'while it is answered p5', 'first 6 p6', 'who am I p6'])
    assert.deepEqual(met, [['again p5', given[4]!]])
    const waiting = await conversations.find({ sourceKey: 'while it is answered' })
    assert.equal(waiting?.outcome, null)
  },
)

onEachEngine(
  'IN1 · what its turn asks for ahead stands in the way of no message, and a turn that came to nothing is told so',
  async ({ db }) => {
    const lookUp = async (_tx: unknown, batch: Incoming[]) => new Map(batch.map((m) => [m.chatId!, `p${m.chatId}`]))
    const { conversations, given, hands, close } = withHands(db, 16, { lookUp })
    const most = -9223372036854775808n as unknown as number
    const half = statement<{ n: number }, { n: number }>(({ n }) => sql`select abs(cast(${n} as bigint)) as n`)
    let asks: number | undefined
    conversations.lendTo(hands, () => {
      if (asks !== undefined) half(db.as(), { n: asks }).catch(() => {})
      return () => {}
    })
    for (const chat of ['5', '6', '7']) {
      await conversations.receive(says(chat, 'hola'))
      assert.equal(await close(given.shift()!), true)
    }
    asks = -1
    await conversations.receive(says('5', 'hola'))
    await given[0]!.kept
    assert.equal(given.length, 1)
    if (db.engine === 'sqlite') return assert.equal('kept' in given[0]!, false)
    assert.ok(given[0]!.kept)

    asks = most
    await conversations.receive(says('6', 'su pregunta no tiene respuesta'))
    assert.equal(given.length, 2)
    assert.deepEqual([given[1]!.chatId, given[1]!.fence, given[1]!.kept], ['6', 2, undefined])

    // What fails only with the commit.
    await sql.raw(BREAKS_THE_COMMIT).execute(db.as())
    asks = -1
    const broken = says('7', 'explota')
    await assert.rejects(conversations.receive(broken), /explota/)
    assert.equal(given.length, 3)
    await assert.rejects(given[2]!.kept!, /explota/)
    assert.deepEqual(await conversations.claim(10), [])
    await sql.raw('drop trigger breaks on heard').execute(db.as())
    assert.equal(await conversations.receive(broken), 'new')
    assert.deepEqual(
      given.slice(3).map(({ chatId, fence, attempt }) => [chatId, fence, attempt]),
      [['7', 2, 1]],
    )
  },
)

onEachEngine('IN3 · what no database keeps as it came is handed over as it will be read', async ({ db }) => {
  const { conversations, given } = withHands(db)
  const hostile = { ...says('5', 'a\0b\ud800'), raw: 'x\0' } as Incoming
  await conversations.receive(hostile)
  await conversations.receive({ ...says('8\0', 'hola') } as Incoming)
  const kept = await conversations.find({ seq: given[0]!.messages[0]!.seq })
  assert.deepEqual([given[0]!.messages[0]!.text, given[0]!.messages[0]!.raw], [kept!.text, kept!.raw])
  assert.equal(given.length, 1, 'a conversation whose name is kept otherwise stands in line')
})
