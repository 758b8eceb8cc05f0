import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { z } from 'zod'
import { LEASE_MS } from '../conversations/index.ts'
import { CouldNotAsk, Refused, type Database } from '../foundation/index.ts'
import { openStage, scriptedModel, until, type Step } from './stage.ts'
import { tool, type ToolContext } from './tool.ts'

const book = { calls: [{ name: 'book', arguments: { day: 'lunes', hour: 10 } }] }
const bookAgain = { calls: [{ name: 'book', arguments: { hour: 10, day: 'lunes' } }] }

/** A tool that writes down what it did outside, and can be made to hang or fail. */
function diary(writes: boolean | 'by key' = true) {
  const done: string[] = []
  const keys: string[] = []
  const state: { hang?: boolean; fail?: unknown } = {}
  const one = tool({
    name: 'book',
    does: 'Books a visit.',
    takes: z.object({ day: z.string(), hour: z.number() }),
    writes,
    async run({ day, hour }, { callKey }: ToolContext) {
      if (state.fail) throw state.fail
      done.push(`${day} ${hour}`)
      keys.push(callKey)
      if (state.hang) await new Promise(() => {})
      return `booked ${done.length}`
    },
  })
  return { done, keys, state, tools: [one] }
}

const open = (db: Database, tools: ReturnType<typeof diary>['tools'], ...script: Step[]) => {
  const scripted = scriptedModel(...script)
  return { ...scripted, stage: openStage(db, { model: scripted.model, file: { tools, schedules: false } }) }
}

/** A worker that is killed: its turn is never heard of again, and another takes it when the lease is over. */
async function killed(stage: ReturnType<typeof openStage>, when: () => boolean) {
  const [turn] = await stage.conversations.claim(1)
  const stop = new AbortController()
  void stage.turns.take(turn!, stop.signal)
  await until(when)
  await stage.clock.advance(LEASE_MS + 1_000)
}

onEachEngine(
  'MODEL8 · killed between the tool and the end of the turn: the next try is told of it, and nothing is done twice',
  async ({ db }) => {
    const { done, keys, tools } = diary()
    const { stage, asked, hung } = open(db, tools, book, 'HANG', bookAgain, 'Reservado el lunes.')
    await stage.hear('5', 'resérvame el lunes a las 10')

    await killed(stage, () => hung() === 1)
    await stage.crank()

    assert.deepEqual(done, ['lunes 10'])
    assert.equal(new Set(keys).size, 1)
    const retried = asked[2]!.messages
    assert.deepEqual(
      retried.slice(-2).map((m) => [m.role, m.content]),
      [
        ['assistant', ''],
        ['tool', 'booked 1'],
      ],
    )
    assert.equal(asked[3]!.messages.at(-1)!.content, 'booked 1')
    assert.deepEqual(await stage.replies('5'), ['Reservado el lunes.'])
    assert.deepEqual(await left(db), [])
  },
)

onEachEngine(
  'MODEL8 · killed while the tool is at work: nobody knows, so it is not repeated, and the model is told so',
  async ({ db }) => {
    const { done, state, tools } = diary()
    state.hang = true
    const { stage, asked } = open(db, tools, book, book, 'No sé si quedó hecho; lo averiguo.')
    await stage.hear('5', 'resérvame el lunes a las 10')

    await killed(stage, () => done.length === 1)
    state.hang = false
    await stage.crank()

    assert.deepEqual(done, ['lunes 10'])
    assert.match(asked[1]!.messages.at(-1)!.content, /outcome_unknown/)
    assert.match(asked[2]!.messages.at(-1)!.content, /outcome_unknown/)
  },
)

onEachEngine('MODEL8 · a tool whose key keeps the outside from doubling is made again, under the same key', async ({ db }) => {
  const { done, keys, state, tools } = diary('by key')
  state.hang = true
  const { stage } = open(db, tools, book, bookAgain, 'Hecho.')
  await stage.hear('5', 'resérvame el lunes a las 10')

  await killed(stage, () => done.length === 1)
  state.hang = false
  await stage.crank()

  assert.equal(done.length, 2)
  assert.equal(new Set(keys).size, 1)
})

onEachEngine(
  'MODEL8 · after a crash the same messages come one by one: what was done for all of them is not done for each',
  async ({ db }) => {
    const { done, tools } = diary()
    const { stage, hung } = open(db, tools, book, 'HANG', book, 'Hecho lo primero.', book, 'Hecho lo segundo.')
    await stage.hear('5', 'resérvame el lunes')
    await stage.hear('5', 'a las 10')

    await killed(stage, () => hung() === 1)
    await stage.crank()

    assert.deepEqual(done, ['lunes 10'])
    assert.equal((await stage.replies('5')).length, 2)
  },
)

onEachEngine(
  'MODEL8 · after an apology the next message is told what was done; the same call of a new question is a new call',
  async ({ db }) => {
    const { done, tools } = diary()
    const { stage, asked } = open(db, tools, book, 'THROW', 'Ya estaba reservado.', book, 'Otra más.')
    await stage.talk('5', 'resérvame el lunes a las 10')
    await stage.talk('5', '¿lo hiciste?')

    assert.deepEqual(
      asked[2]!.messages.map((m) => m.role),
      ['user', 'assistant', 'assistant', 'tool', 'user'],
    )
    assert.deepEqual(done, ['lunes 10'])
    await stage.talk('5', 'pues otra igual')
    assert.deepEqual(done, ['lunes 10', 'lunes 10'])
    assert.deepEqual(await left(db), [])
  },
)

onEachEngine(
  'MODEL8 · a model that repeats itself changes ten things and not sixty, is told so, and still answers',
  async ({ db }) => {
    const { done, tools } = diary()
    const eight = (round: number) => ({
      calls: Array.from({ length: 8 }, (_, n) => ({ name: 'book', arguments: { day: `d${round}`, hour: n } })),
    })
    const { stage, asked } = open(db, tools, eight(1), eight(2), eight(3), 'Hecho lo que se pudo.')
    assert.equal(await stage.talk('5', 'reserva todo'), 'Hecho lo que se pudo.')
    assert.equal(done.length, 10)
    const told = asked.at(-1)!.messages.filter((m) => m.role === 'tool' && m.content.includes('too_many_changes'))
    assert.equal(told.length, 14)
    await stage.talk('5', 'otra vez')
    assert.deepEqual(await left(db), [])
  },
)

onEachEngine('MODEL8 · two calls of one answer are two; what certainly changed nothing may be tried again', async ({ db }) => {
  const { done, state, tools } = diary()
  const twice = { calls: [...book.calls, ...bookAgain.calls] }
  const { stage } = open(db, tools, twice, 'Dos.', book, 'No pudo ser.', book, book, 'Ahora sí.')
  await stage.talk('5', 'dos visitas')
  assert.equal(done.length, 2)
  state.fail = new Refused('closed', 'closed on Mondays')
  await stage.talk('5', 'otra')
  state.fail = new CouldNotAsk('away', 'no')
  await stage.talk('5', 'y otra')
  assert.equal(done.length, 2)
  assert.deepEqual(await left(db), [])
})

onEachEngine('MODEL8 · what was done is kept for its own person and conversation, and goes with an erasure', async ({ db }) => {
  const { tools } = diary()
  const { stage, asked } = open(db, tools, book, 'THROW', 'Hola.')
  await stage.talk('5', 'resérvame el lunes a las 10')
  await stage.talk('6', 'hola')
  assert.doesNotMatch(JSON.stringify(asked[2]!.messages), /lunes/)
  assert.equal((await left(db)).length, 1)
  const { openCalls } = await import('./calls.ts')
  const person = await stage.personId('5')
  await db.transaction((tx) => openCalls({ db, clock: stage.clock }).erase(tx, person))
  assert.deepEqual(await left(db), [])
})

const left = (db: Database) => db.as<{ tool_calls: { tool: string } }>().selectFrom('tool_calls').select('tool').execute()
