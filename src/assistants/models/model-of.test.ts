import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { openCache, silentLog, systemClock } from '../../foundation/index.ts'
import { openPeople } from '../../people/index.ts'
import { openFakeModel } from '../../rehearsal/index.ts'
import { openAllowance, openModelOf, Spent, type ModelEvent } from '../index.ts'
import { assistantFrom, defineAssistant } from '../define.ts'

onEachEngine(
  'BUDGET5 · the operator’s limits stand above the file’s; what is cheaper is asked when there is no room for what is preferred',
  async ({ db }) => {
    const fake = await openFakeModel({ clock: systemClock })
    try {
      const clock = systemClock
      const people = openPeople({ db, clock, defaultZone: 'Europe/Madrid', proactiveLimit: 2 })
      const id = (await db.transaction((tx) => people.ownerOf(tx, 'telegram', '5')))!
      const allowance = openAllowance({ db, clock, log: silentLog, zone: 'Europe/Madrid' })
      const cache = openCache({ log: silentLog, clock })
      const budget = { moneyDay: 0.01, cheaper: 'openai/gpt-oss-20b', tokensPersonDay: 1_000_000 }
      const assistant = assistantFrom(defineAssistant({ name: 'aegen', persona: 'x', model: 'claude-opus-5-5', budget }), '/')
      const llm = { provider: 'openai-compatible' as const, model: 'm', baseUrl: fake.url, fallbacks: [] }
      const given = { llm, clock, allowance, cache }
      const ask = async (overrides: { tokensPersonDay: number | undefined; moneyDay: number | undefined }) => {
        const model = openModelOf({ ...given, budget: overrides })(assistant, { id, zone: 'Europe/Madrid' })
        let end: ModelEvent | undefined
        const request = { system: 's', messages: [{ role: 'user' as const, content: 'hola' }], tools: [], mayCall: true }
        const about = {
          title: 'X',
          language: 'es' as const,
          zone: 'UTC',
          zoneKnown: true,
          now: 0,
          name: null,
          pending: [],
          woven: [],
        }
        for await (const event of model.answer({ ...request, about, maxTokens: 1000, signal: new AbortController().signal }))
          end = event
        return end?.type === 'end' ? end.model : undefined
      }
      // 1 000 tokens of answer at 20 dollars a million are two cents: more than the file allows.
      assert.equal(await ask({ tokensPersonDay: undefined, moneyDay: undefined }), 'openai/gpt-oss-20b')
      assert.equal(await ask({ tokensPersonDay: undefined, moneyDay: 1 }), 'claude-opus-5-5')
      const before = fake.calls.length
      await assert.rejects(ask({ tokensPersonDay: 0, moneyDay: 1 }), Spent)
      await assert.rejects(ask({ tokensPersonDay: undefined, moneyDay: 0 }), Spent)
      assert.equal(fake.calls.length, before)
      await allowance.idle()
    } finally {
      await fake.close()
    }
  },
)

onEachEngine('SEE4 · what an assistant’s file says of seeing stands above the configuration', async ({ db }) => {
  const clock = systemClock
  const allowance = openAllowance({ db, clock, log: silentLog, zone: 'Europe/Madrid' })
  const cache = openCache({ log: silentLog, clock })
  const seesBy = (sees: boolean, file: { sees?: boolean }) => {
    const llm = { provider: 'openai-compatible' as const, model: 'm', baseUrl: 'http://127.0.0.1:9', fallbacks: [], sees }
    const modelOf = openModelOf({ llm, clock, allowance, cache, budget: { tokensPersonDay: undefined, moneyDay: undefined } })
    const assistant = assistantFrom(defineAssistant({ name: 'aegen', persona: 'x', ...file }), '/')
    return modelOf(assistant, { id: 'p-1', zone: 'Europe/Madrid' }).sees === true
  }
  assert.deepEqual([seesBy(true, {}), seesBy(false, {})], [true, false])
  assert.deepEqual([seesBy(true, { sees: false }), seesBy(false, { sees: true })], [false, true])
})
