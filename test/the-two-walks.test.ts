/** The product's story, from the person's side. Read this first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWholeHouse, until } from './support/whole-house.ts'
import { postgresUrl } from './support/servers.ts'

const { url: postgres, skip } = postgresUrl()

for (const engine of ['sqlite', 'postgres'] as const) {
  test(
    `IN1 OUT1 · a person writes, is understood, and gets one answer, in order [${engine}]`,
    { skip: engine === 'postgres' && skip, timeout: 120_000 },
    async () => {
      const house = await openWholeHouse({ engine, postgres })
      try {
        house.model.script((request) => ({ text: `oí: ${request.messages.at(-1)!.content as string}` }))
        house.telegram.people.say('hola', { id: 5, first_name: 'Persona' })
        house.telegram.people.say('¿sigues ahí?', { id: 5, first_name: 'Persona' })

        const heard = await until(() => {
          const texts = house.telegram.people.heard(5).map((m) => m.text)
          return texts.length > 0 && texts.join('\n').includes('¿sigues ahí?') ? texts : undefined
        }, 'the answer')
        assert.match(heard.join('\n'), /hola[\s\S]*¿sigues ahí\?/)

        const items = await until(async () => {
          const page = (await (await house.ask('/api/v1/outbox?chat_id=5')).json()) as { items: { id: string; status: string }[] }
          return page.items.every((item) => item.status === 'sent') ? page.items : undefined
        }, 'the settling')
        const trace = (await (await house.ask(`/api/v1/trace/${items[0]!.id}`)).json()) as { steps: { what: string }[] }
        assert.ok(trace.steps.some((step) => step.what === 'sent'))
        assert.ok(trace.steps.some((step) => step.what === 'received'))
      } finally {
        await house.close()
      }
    },
  )

  test(
    `OUT7 OUT9 · it speaks first at its time, unless the person spoke of it before [${engine}]`,
    { skip: engine === 'postgres' && skip, timeout: 120_000 },
    async () => {
      const house = await openWholeHouse({ engine, postgres, env: { TZ: 'UTC' } })
      try {
        house.model.script(() => ({ text: 'claro' }))
        house.telegram.people.say('/start', { id: 5, first_name: 'Persona' })
        await until(() => house.telegram.people.heard(5).length > 0, 'the welcome')
        const person = (await house.house.people.find('telegram', '5'))!
        assert.equal(person.consent, true)
        // It may come up with something as soon as it has answered.
        await house.house.settings.set('aegen', 'restraint', { pauseMinutes: 0 })
        // So that the test does not depend on the hour at which it runs.
        await house.house.db
          .as<{ people: { id: string; quiet_from: number; quiet_to: number } }>()
          .updateTable('people')
          .set({ quiet_from: 0, quiet_to: 0 })
          .execute()

        const soon = new Date(Date.now() + 1_500).toISOString()
        const later = new Date(Date.now() + 20 * 60_000).toISOString()
        const post = (body: object) =>
          house.ask('/api/v1/outbox', { assistant: 'aegen', channel: 'telegram', chat_id: '5', kind: 'proactive', ...body })
        assert.equal((await post({ text: '¿Cómo va el día?', scheduled_for: soon })).status, 201)
        const gym = (await (await post({ intent: 'preguntar por el gimnasio', scheduled_for: later })).json()) as { id: string }

        await until(() => house.telegram.people.heard(5).some((m) => m.text === '¿Cómo va el día?'), 'the proactive message')
        house.telegram.people.say('ya fui al gimnasio', { id: 5, first_name: 'Persona' })
        const item = await until(async () => {
          const found = (await (await house.ask(`/api/v1/outbox/${gym.id}`)).json()) as {
            status: string
            reason: string
            decisions: { why: string }[]
          }
          return found.status === 'cancelled' ? found : undefined
        }, 'the decision')
        assert.ok(['woven', 'person_spoke'].includes(item.reason))
        assert.ok(item.decisions.at(-1)!.why.length > 0)
      } finally {
        await house.close()
      }
    },
  )
}
