import assert from 'node:assert/strict'
import test from 'node:test'
import { onEachEngine } from '../../../test/support/engines.ts'
import { CouldNotAsk, Refused, silentLog, type Clock, type Database } from '../../foundation/index.ts'
import { openPeople } from '../../people/index.ts'
import { openRehearsalClock } from '../../rehearsal/index.ts'
import type { Model, ModelEvent, ModelRequest, Usage } from '../model.ts'
import { inTurn } from '../models/fallbacks.ts'
import { MONDAY_MORNING, openStage, scriptedModel, until } from '../stage.ts'
import { openAllowance, Spent, type Limits, type Purse } from './allowance.ts'
import { atMost } from './estimate.ts'
import { metered } from './metered.ts'
import { costOf, priceOf } from './prices.ts'

const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'Eres amable.',
  messages: [{ role: 'user', content: 'hola' }],
  tools: [],
  mayCall: true,
  signal: new AbortController().signal,
  maxTokens: 500,
  about: { title: 'X', language: 'es', zone: 'UTC', zoneKnown: true, now: 0, name: null, pending: [], woven: [] },
  ...more,
})

/** A model that costs what it is told to, and counts how often it was really asked. */
function spender(name: string, cost: (request: ModelRequest) => Usage | undefined | Error) {
  const asked: ModelRequest[] = []
  const model: Model = {
    name,
    async *answer(one): AsyncGenerator<ModelEvent> {
      asked.push(one)
      const usage = cost(one)
      if (usage instanceof Error) throw usage
      yield { type: 'text', delta: 'vale' }
      yield { type: 'end', reason: 'stop', usage }
    },
  }
  return { model, asked }
}
const most = (one: ModelRequest): Usage => ({ in: atMost(one).in, out: one.maxTokens })

async function hear(model: Model, more: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.answer(request(more))) events.push(event)
  return events
}

async function purseOf(db: Database, clock: Clock, limits: Limits, chatId = '5', zone = 'Europe/Madrid'): Promise<Purse> {
  const people = openPeople({ db, clock, defaultZone: zone, proactiveLimit: 2 })
  const personId = await db.transaction((tx) => people.ownerOf(tx, 'telegram', chatId))
  return { assistant: 'aegen', personId: personId!, zone, limits }
}

const open = (db: Database, clock: Clock, told: string[] = []) =>
  openAllowance({
    db,
    clock,
    log: silentLog,
    zone: 'Europe/Madrid',
    onSpent: ({ assistant, scope }) => void told.push(`${assistant} ${scope}`),
  })

const clockAt = (at = MONDAY_MORNING) => openRehearsalClock(at)

onEachEngine(
  'BUDGET1 · forty at once, from two processes, hold what there is room for and not one more',
  async ({ db, again }) => {
    const clock = clockAt()
    const houses = [open(db, clock), open(again(), clock)]
    const purse = await purseOf(db, clock, { tokensPersonDay: 10_000 })
    const tries = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => houses[n % 2]!.reserve(purse, 'local', { in: 600, out: 400 })),
    )
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 10)
    for (const one of tries) if (one.status === 'rejected') assert.ok(one.reason instanceof Spent)
    assert.deepEqual(await houses[0]!.usedBy('aegen', purse.personId, purse.zone), { tokens: 0, micros: 0, held: 10_000 })

    // Money of everybody: forty persons, room for seven.
    const price = costOf('openai/gpt-oss-120b', { in: 600, out: 400 })!
    const purses = await Promise.all(
      Array.from({ length: 40 }, (_, n) => purseOf(db, clock, { moneyDay: (price * 7 + 1) / 1e6 }, `many-${n}`)),
    )
    const all = await Promise.allSettled(
      purses.map((one, n) => houses[n % 2]!.reserve({ ...one, assistant: 'ccm' }, 'openai/gpt-oss-120b', { in: 600, out: 400 })),
    )
    assert.equal(all.filter((one) => one.status === 'fulfilled').length, 7)
    const { held } = await sums(db, 'ccm')
    assert.equal(held, price * 7)
  },
)

onEachEngine(
  'BUDGET2 · a loop of a thousand messages never spends above, and a model without room is never asked',
  async ({ db }) => {
    const clock = clockAt()
    const allowance = open(db, clock)
    const purse = await purseOf(db, clock, { tokensPersonDay: 100_000, moneyDay: 0.02 })
    const { model, asked } = spender('openai/gpt-oss-120b', most)
    const paid = metered(model, allowance, purse)
    let refused = 0
    for (let batch = 0; batch < 40; batch++)
      await Promise.all(
        Array.from({ length: 25 }, () =>
          hear(paid).catch((error: unknown) => {
            assert.ok(error instanceof Spent)
            refused++
          }),
        ),
      )
    await allowance.idle()
    const used = await allowance.usedBy('aegen', purse.personId, purse.zone)
    const one = costOf('openai/gpt-oss-120b', most(request()))!
    assert.equal(asked.length + refused, 1000)
    assert.equal(used.micros, asked.length * one)
    assert.ok(used.micros <= 20_000 && used.tokens <= 100_000, JSON.stringify(used))
    assert.ok(used.micros > 20_000 - one)
    assert.equal(used.held, 0)
  },
)

onEachEngine(
  'BUDGET2 · what a killed process held stays counted: after a crash nothing is spent twice',
  async ({ db, again }) => {
    const clock = clockAt()
    const purse = await purseOf(db, clock, { tokensPersonDay: 1_000 })
    await open(db, clock).reserve(purse, 'local', { in: 300, out: 500 })

    const after = open(again(), clock)
    await assert.rejects(after.reserve(purse, 'local', { in: 100, out: 101 }), Spent)
    await after.reserve(purse, 'local', { in: 100, out: 100 })
  },
)

onEachEngine(
  'BUDGET2 · where there is plenty the next calls are paid for beforehand; it counts as held, lasts a minute, and dies with the process',
  async ({ db, again }) => {
    const clock = clockAt()
    const allowance = open(db, clock)
    const purse = await purseOf(db, clock, { tokensPersonDay: 10_000 })
    const held = async () => ({
      ...(await db.as<Tables>().selectFrom('budget_people').select(['tokens_held', 'tokens_spent']).executeTakeFirstOrThrow()),
    })
    const call = async () =>
      allowance.settle(await allowance.reserve(purse, 'local', { in: 500, out: 500 }), 'local', { in: 90, out: 10 })
    await call()
    assert.deepEqual(await held(), { tokens_held: 3_000, tokens_spent: 0 })
    // As many as fit; none of them is missing in the end.
    for (let n = 0; n < 20; n++) await call()
    assert.deepEqual(await held(), { tokens_held: 3_000, tokens_spent: 0 })
    await clock.advance(1_500)
    await until(async () => (await held()).tokens_spent === 2_100)
    assert.deepEqual(await held(), { tokens_held: 900, tokens_spent: 2_100 })
    await clock.advance(61_000)
    await until(async () => (await held()).tokens_held === 0)

    // Another process finds what this one has in its hand taken, and so does whoever comes after its death.
    await call()
    const other = open(again(), clock)
    await other.reserve(purse, 'local', { in: 6_800, out: 0 })
    await assert.rejects(other.reserve(purse, 'local', { in: 200, out: 0 }), Spent)
    // The one who has it gives it back before it says no.
    await allowance.reserve(purse, 'local', { in: 950, out: 0 })
    await assert.rejects(allowance.reserve(purse, 'local', { in: 200, out: 0 }), Spent)
    await allowance.idle()
  },
)

onEachEngine('BUDGET2 · a limit that was lowered counts at once, whatever was held under the old one', async ({ db }) => {
  const clock = clockAt()
  const allowance = open(db, clock)
  const purse = await purseOf(db, clock, { tokensPersonDay: 10_000 })
  allowance.settle(await allowance.reserve(purse, 'local', { in: 1_000, out: 0 }), 'local', { in: 600, out: 0 })
  const lower = { ...purse, limits: { tokensPersonDay: 1_500 } }
  await assert.rejects(allowance.reserve(lower, 'local', { in: 1_000, out: 0 }), Spent)
  await allowance.reserve(lower, 'local', { in: 900, out: 0 })
  await allowance.idle()
})

onEachEngine('BUDGET3 · what was not used is given back; what may have been billed is not', async ({ db }) => {
  const clock = clockAt()
  const allowance = open(db, clock)
  const used = async (cost: Parameters<typeof spender>[1]) => {
    const purse = await purseOf(db, clock, {}, `c-${++chats}`)
    await hear(metered(spender('openai/gpt-oss-120b', cost).model, allowance, purse)).catch(() => {})
    await allowance.idle()
    const { tokens, micros, held } = await allowance.usedBy('aegen', purse.personId, purse.zone)
    return [tokens, micros, held]
  }
  let chats = 0
  const full = atMost(request()).in + 500
  assert.deepEqual(await used(() => ({ in: 100, out: 20 })), [120, 27, 0])
  assert.deepEqual(await used(() => new Refused('model_refused', 'no', { status: 429 })), [0, 0, 0])
  assert.deepEqual(await used(() => new CouldNotAsk('away', 'no')), [0, 0, 0])
  assert.deepEqual(await used(() => new CouldNotAsk('cut', 'unknown')), [0, 0, full])
  const [guessed] = await used(() => undefined)
  assert.ok(guessed! > 0 && guessed! < full)
})

onEachEngine(
  'BUDGET4 · the day is the person’s own: a new one begins at their midnight, and that is when they are told it comes back',
  async ({ db }) => {
    // 23:30 in Madrid, 16:30 in Bogotá.
    const clock = clockAt(Date.UTC(2026, 10, 23, 22, 30))
    const allowance = open(db, clock)
    const far = await purseOf(db, clock, { tokensPersonDay: 100 }, '7', 'America/Bogota')
    const near = await purseOf(db, clock, { tokensPersonDay: 100 }, '8', 'Europe/Madrid')
    const spent = async (purse: Purse) =>
      allowance.reserve(purse, 'local', { in: 60, out: 0 }).then(
        () => null,
        (error: Spent) => new Date(error.until).toISOString(),
      )
    assert.deepEqual([await spent(far), await spent(near)], [null, null])
    assert.deepEqual([await spent(far), await spent(near)], ['2026-11-24T05:00:00.000Z', '2026-11-23T23:00:00.000Z'])
    await clock.advance(31 * 60_000)
    assert.deepEqual([await spent(far), await spent(near)], ['2026-11-24T05:00:00.000Z', null])
  },
)

onEachEngine(
  'BUDGET5 · the ladder: a cheaper model, then the rules that need none, then kindly not today; the operator hears once',
  async ({ db }) => {
    const told: string[] = []
    const clock = clockAt()
    const allowance = open(db, clock, told)
    const dear = spender('claude-opus-5-5', () => ({ in: 1_000, out: 100 }))
    const cheap = spender('openai/gpt-oss-20b', () => ({ in: 1_000, out: 100 }))
    const limits: Limits = { moneyDay: 0.2 }
    const stage = openStage(db, {
      clock,
      modelOf: (assistant, person) => {
        const purse = { assistant: assistant.name, personId: person.id, zone: person.zone, limits }
        return inTurn([metered(dear.model, allowance, purse, false), metered(cheap.model, allowance, purse)])
      },
    })
    assert.equal(await stage.talk('5', 'hola'), 'vale')
    assert.deepEqual([dear.asked.length, cheap.asked.length], [1, 0])
    limits.moneyDay = 0.02
    assert.equal(await stage.talk('5', 'cuéntame algo'), 'vale')
    assert.deepEqual([dear.asked.length, cheap.asked.length], [1, 1])
    assert.deepEqual(told, [])

    limits.moneyDay = 0.006
    const { key } = await stage.hear('5', 'cuéntame otra cosa')
    await stage.crank()
    assert.match((await stage.replies('5')).at(-1)!, /Hoy ya no puedo.*mañana, a las 00:00/s)
    assert.match(await stage.talk('5', 'recuérdame mañana a las 8 de la noche llamar a mi madre'), /llamar a mi madre/)
    assert.equal((await stage.scheduled('5')).length, 1)
    await stage.talk('6', 'y a mí, cuéntame algo')
    assert.deepEqual([dear.asked.length, cheap.asked.length], [1, 1])
    assert.deepEqual(told, ['aegen assistant'])
    assert.deepEqual(
      (await stage.turns.turnsOf(key)).map((t) => [t.outcome, t.model, t.error, t.costMicros]),
      [['answered', 'spent', 'budget_spent', null]],
    )

    await clock.advance(15 * 3_600_000)
    limits.moneyDay = 5
    assert.equal(await stage.talk('5', '¿sigues ahí?'), 'vale')
    assert.equal(dear.asked.length, 2)
  },
)

onEachEngine(
  'BUDGET5 · words for an intent are a template when nothing is left; each turn’s cost stands in its record',
  async ({ db }) => {
    const clock = clockAt()
    const allowance = open(db, clock)
    const limits: Limits = {}
    const { model } = spender('openai/gpt-oss-120b', () => ({ in: 1_000, out: 100 }))
    const stage = openStage(db, {
      clock,
      modelOf: (assistant, person) =>
        metered(model, allowance, { assistant: assistant.name, personId: person.id, zone: person.zone, limits }),
    })
    const { key } = await stage.hear('5', 'hola')
    await stage.crank()
    assert.deepEqual(
      (await stage.turns.turnsOf(key)).map((t) => [t.tokensIn, t.tokensOut, t.costMicros]),
      [[1_000, 100, 210]],
    )
    const intended = {
      assistant: 'aegen',
      channel: 'telegram',
      chatId: '5',
      personId: null,
      intent: 'el gimnasio',
      correlation: 'x',
    }
    const compose = async () => {
      const done = await stage.turns.compose(intended, stage.never)
      return 'words' in done ? done.words : ''
    }
    assert.equal(await compose(), 'vale')
    limits.tokensPersonDay = 0
    assert.match(await compose(), /el gimnasio/)
  },
)

onEachEngine(
  'BUDGET6 · two persons who turn out to be one have used what both used; of one nothing is taken for another',
  async ({ db }) => {
    const clock = clockAt()
    const allowance = open(db, clock)
    const [one, two] = [
      await purseOf(db, clock, { tokensPersonDay: 100 }, '5'),
      await purseOf(db, clock, { tokensPersonDay: 100 }, '6'),
    ]
    await allowance.reserve(one, 'local', { in: 60, out: 0 })
    await allowance.reserve(two, 'local', { in: 30, out: 0 })
    await db.transaction((tx) => allowance.joinPersons(tx, one.personId, two.personId))
    await assert.rejects(allowance.reserve(two, 'local', { in: 11, out: 0 }), Spent)
    await allowance.reserve(two, 'local', { in: 10, out: 0 })
  },
)

onEachEngine(
  'BUDGET6 · days long past are forgotten, today is not; nothing of anybody is left below zero by hand',
  async ({ db }) => {
    const clock = clockAt()
    const allowance = open(db, clock)
    const purse = await purseOf(db, clock, {})
    await allowance.reserve(purse, 'local', { in: 10, out: 0 })
    assert.equal(await allowance.forget(clock.now() - 86_400_000), 0)
    await assert.rejects(db.as<Tables>().updateTable('budget_people').set({ tokens_held: -1 }).execute())
    assert.equal(await allowance.forget(clock.now() + 3 * 86_400_000), 1)
  },
)

test('BUDGET7 · a price stands with its day and source; what has none is counted in tokens only', () => {
  assert.equal(costOf('openai/gpt-oss-120b', { in: 1_000_000, out: 0 }), 150_000)
  assert.equal(costOf('claude-haiku-4-5-20251001', { in: 1_000, out: 1_000 }), 6_000)
  assert.equal(costOf('claude-haiku-5-5', { in: 100_001, out: 0 }), 50_001)
  assert.equal(costOf('openai/gpt-oss-20b', { in: 1, out: 0 }), 1)
  assert.equal(costOf('gpt-4o-mini-2024-07-18', { in: 20, out: 0 }), 3)
  assert.equal(costOf('llama3.2:3b', { in: 1_000, out: 1_000 }), null)
  assert.equal(priceOf('mi-despliegue'), undefined)
})

test('BUDGET7 · the most that a question can cost is never less than its bytes', () => {
  const { model } = scriptedModel()
  assert.ok(model)
  const text = 'ñandú 🙂 '.repeat(100)
  const tools = [{ name: 't', does: text, parameters: {} }]
  const all = atMost(request({ system: text, messages: [{ role: 'user', content: text }], tools }))
  assert.ok(all.in >= Buffer.byteLength(text) * 3)
  assert.equal(all.out, 500)

  // Beside what a provider wraps around them (700) all of them count, every time, also those that take the same.
  const parameters = { type: 'object', properties: { 'ñ"': { type: 'string', description: text } } }
  const toolbox = ['uno', 'd"os', 'très'].map((name) => ({ name, does: `${name} ${text}`, parameters }))
  const without = atMost(request()).in
  for (let n = 0; n < 2; n++)
    assert.ok(atMost(request({ tools: toolbox })).in - without >= 700 + Buffer.byteLength(JSON.stringify(toolbox)))
})

onEachEngine(
  'SEE8 · before photos are shown the most that each can cost is held, by the rules of who is asked',
  async ({ db }) => {
    const images = [1, 2, 3].map(() => ({ type: 'image/png' as const, bytes: new Uint8Array(5_000_000) }))
    const shown = request({ messages: [{ role: 'user', content: 'hola', images }] })
    const words = atMost(request()).in
    assert.ok(atMost(shown).in >= words + 3 * 48_169 && atMost(shown).in < words + 3 * 48_300)
    assert.ok(atMost(shown, 4_784).in >= words + 3 * 4_784 && atMost(shown, 4_784).in < words + 3 * 4_900)

    const clock = openRehearsalClock(MONDAY_MORNING)
    const allowance = open(db, clock)
    const purse = await purseOf(db, clock, { tokensPersonDay: words + 500 + 3 * 4_900 })
    const used = { in: 5_000, out: 20 }
    const unknown = spender('of-somebody', () => used)
    await assert.rejects(hear(metered(unknown.model, allowance, purse), { messages: shown.messages }), Spent)
    assert.equal(unknown.asked.length, 0)
    const known = spender('claude-haiku-5-5', () => used)
    await hear(metered({ ...known.model, imageTokens: 4_784 }, allowance, purse), { messages: shown.messages })
    await allowance.idle()
    assert.deepEqual(known.asked.length, 1)
    const { tokens, held } = await allowance.usedBy('aegen', purse.personId, 'Europe/Madrid')
    assert.deepEqual([tokens, held], [5_020, 0])
  },
)

type Tables = { budget_people: { assistant: string; micros_held: number; tokens_held: number; tokens_spent: number } }

async function sums(db: Database, assistant: string): Promise<{ held: number }> {
  const found = await db.as<Tables>().selectFrom('budget_people').selectAll().where('assistant', '=', assistant).execute()
  return { held: found.reduce((sum, row) => sum + row.micros_held, 0) }
}
