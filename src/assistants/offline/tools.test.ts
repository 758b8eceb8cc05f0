import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { z } from 'zod'
import { onEachEngine } from '../../../test/support/engines.ts'
import { offlineModel } from '../index.ts'
import { openStage } from '../stage.ts'
import { tool, type ToolContext } from '../tool.ts'

const contexts: ToolContext[] = []
const tides = tool({
  name: 'tides',
  does: 'When the tide is high.',
  takes: z.strictObject({ port: z.string() }),
  hears: (said) => {
    const port = /marea (?:en|de) (\w+)/i.exec(said)?.[1]
    return port && { port }
  },
  run: ({ port }, context) => {
    contexts.push(context)
    if (port === 'Rota') throw new Error('boom')
    return { text: `*Alta* en ${port} a las 5` }
  },
})
const file = { tools: [tides] }

onEachEngine('OFF4 · without a model a tool that hears is asked answers in its own words, as they are', async ({ db }) => {
  const stage = openStage(db, { model: offlineModel(), file })
  assert.equal(await stage.talk('5', 'hola, ¿cómo está la marea en Vigo?'), '*Alta* en Vigo a las 5')
  const { rows } = await sql<{ format: string }>`select format from outbox_messages`.execute(db.as())
  assert.deepEqual(
    rows.map(({ format }) => format),
    ['plain'],
  )
  const { channel, chatId, group, person } = contexts.at(-1)!
  assert.deepEqual([channel, chatId, group, person?.id], ['telegram', '5', false, await stage.personId('5')])
  await stage.talk('-7', 'marea en Vigo')
  assert.deepEqual([contexts.at(-1)!.chatId, contexts.at(-1)!.group], ['-7', true])
})

onEachEngine(
  'OFF4 · each message is heard by itself, one that asks for a reminder is that, and a failure says so',
  async ({ db }) => {
    const stage = openStage(db, { model: offlineModel(), file })
    await stage.hear('5', '¿marea en Vigo?')
    assert.match(await stage.talk('5', '¿y la marea de Cádiz?'), /Vigo a las 5\n\n\*Alta\* en C/)
    const made = contexts.length
    assert.match(await stage.talk('5', 'recuérdame mañana a las 9 mirar la marea en Vigo'), /^Hecho\./)
    const replyTo = { messageId: 'm1', fromAssistant: true, text: 'la marea en Vigo' }
    assert.doesNotMatch(await stage.talk('5', 'gracias', { replyTo }), /Alta/)
    assert.equal(contexts.length, made)
    assert.match(await stage.talk('5', 'marea en Rota'), /no puedo consultarlo/)
    assert.match(await stage.talk('5', '¿qué opinas de la vida?'), /no sé contestar a eso/)
  },
)

onEachEngine('OFF9 · an assistant without reminders offers none: it says what it can be asked', async ({ db }) => {
  const asked = { ...tides, example: { es: '¿cómo está la marea en Vigo?', en: 'how is the tide in Vigo?' } }
  const stage = openStage(db, { model: offlineModel(), file: { tools: [asked], schedules: false } })
  for (const said of ['hola', '¿quién eres?', 'ayuda', '¿qué opinas de la vida?']) {
    const answer = await stage.talk('5', said)
    assert.match(answer, /«¿cómo está la marea en Vigo\?»/, said)
    assert.doesNotMatch(answer, /recordatorio|recuérdame/, said)
  }
  assert.match(await stage.talk('6', 'what can you do?', { from: { id: '6', language: 'en' } }), /"how is the tide in Vigo\?"/)
})
