import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { openCache, silentLog } from '../../foundation/index.ts'
import { openRehearsalClock } from '../../rehearsal/index.ts'
import { MONDAY_MORNING, openStage, scriptedModel, type Step } from '../stage.ts'
import { openAllowance } from './allowance.ts'
import { metered } from './metered.ts'
import { reusing, type Saved } from './reuse.ts'
import type { Model } from '../model.ts'
import type { Database } from '../../foundation/index.ts'
import type { AssistantFile } from '../define.ts'

/** An assistant that answers everybody alike, with a cache whose every value can be looked at. */
function open(db: Database, file: Partial<AssistantFile>, ...script: Step[]) {
  const clock = openRehearsalClock(MONDAY_MORNING)
  const scripted = scriptedModel(...script)
  const named: Model = { ...scripted.model, name: 'openai/gpt-oss-120b' }
  const saved: Saved[] = []
  const values: string[] = []
  const real = openCache({ log: silentLog, clock })
  const cache = {
    get: real.get,
    set: (key: string, value: string, ttlMs: number) => {
      values.push(`${key} ${value} ${Buffer.from(value, 'base64').toString('latin1')}`)
      return real.set(key, value, ttlMs)
    },
  }
  const allowance = openAllowance({ db, clock, log: silentLog, zone: 'Europe/Madrid' })
  const stage = openStage(db, {
    clock,
    file: { schedules: false, reuseMinutes: 10, limits: { historyLines: 0 }, ...file },
    modelOf: (assistant, person) => {
      const purse = { assistant: assistant.name, personId: person.id, zone: person.zone, limits: {} }
      return reusing(metered(named, allowance, purse), { cache, onReused: (one) => void saved.push(one) })
    },
  })
  return { stage, asked: scripted.asked, saved, values }
}

onEachEngine(
  'MODEL9 · the same first words get the same answer for nothing, whoever says them, and the record says so',
  async ({ db }) => {
    const { stage, asked, saved, values } = open(db, {}, 'Abrimos a las 9.', 'A las 9, sí.')
    assert.equal(await stage.talk('5', '¿a qué hora abrís, canario?'), 'Abrimos a las 9.')
    const { key } = await stage.hear('6', '¿a qué hora abrís, canario?', { from: { id: '6', name: 'Luis', language: 'es' } })
    await stage.crank()
    assert.deepEqual(await stage.replies('6'), ['Abrimos a las 9.'])
    assert.equal(asked.length, 1)
    assert.deepEqual(saved, [{ tokens: 15, micros: 5 }])
    assert.deepEqual(
      (await stage.turns.turnsOf(key)).map((t) => [t.tokensIn, t.costMicros, t.reused, t.model]),
      [[0, 0, 1, 'openai/gpt-oss-120b']],
    )
    assert.doesNotMatch(asked[0]!.system, /Ana|Luis/)
    assert.equal(values.length, 1)
    assert.doesNotMatch(values.join(), /canario|Abrimos/)

    await stage.clock.advance(11 * 60_000)
    assert.equal(await stage.talk('7', '¿a qué hora abrís, canario?'), 'A las 9, sí.')
    assert.equal(asked.length, 2)
  },
)

const PERSONAL: [string, Partial<AssistantFile>, (stage: ReturnType<typeof openStage>, db: Database) => Promise<unknown>][] = [
  ['where the file does not want it', { reuseMinutes: 0 }, async () => {}],
  ['of an assistant with tools', { schedules: true }, async () => {}],
  [
    'after other words',
    { limits: { historyLines: 10 } },
    async (stage) => [await stage.talk('5', 'antes de nada'), await stage.talk('6', 'y antes otra cosa')],
  ],
  [
    'to somebody it knows something of',
    {},
    async (stage, db) => {
      for (const chat of ['5', '6']) {
        await stage.talk(chat, `hola desde ${chat}`)
        const id = await stage.personId(chat)
        const memory = { assistant: 'aegen', topic: 'vida', slot: 'vida:ciudad', subject: 'person', says: 'vive en Soria' }
        const source = { provenance: 'said', confidence: 90, sensitivity: 'open', evidence: 1 } as const
        await db.transaction((tx) => stage.people.remember(tx, id, { ...memory, ...source } as never))
      }
    },
  ],
]

for (const [when, file, prepare] of PERSONAL)
  onEachEngine(`MODEL9 · no answer is given again ${when}`, async ({ db }) => {
    const { stage, asked, saved } = open(db, file, 'vale')
    await prepare(stage, db)
    const before = asked.length
    await stage.talk('5', 'lo mismo')
    await stage.talk('6', 'lo mismo')
    assert.equal(asked.length - before, 2)
    assert.deepEqual(saved, [])
  })

onEachEngine('MODEL9 · half an answer is not kept, and a cache that is damaged or away is as good as none', async ({ db }) => {
  const { stage, asked } = open(db, {}, { say: 'a medi', reason: 'length' }, 'CUT', 'entera', 'entera')
  for (const chat of ['5', '6', '7', '8']) await stage.talk(chat, 'lo mismo')
  assert.equal(asked.length, 3)
  const model: Model = { ...scriptedModel('x').model }
  const broken = reusing(model, { cache: { get: async () => 'bm8=', set: async () => true } })
  let text = ''
  for await (const event of broken.answer({ ...asked[0]!, reuseMs: 1000 })) if (event.type === 'text') text += event.delta
  assert.equal(text, 'x')
})
