import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../../test/support/engines.ts'
import { silentLog, type Database } from '../../foundation/index.ts'
import { offlineModel } from '../offline/brain.ts'
import { openStage, scriptedModel, until, type Step, type StageOptions } from '../stage.ts'
import { LEARN_ATTEMPTS, LEARN_LEASE_MS } from './queue.ts'

const GYM = 'hoy no tengo ganas de ir al gimnasio'
const HOUR = 3_600_000
// Monday, 10:00 in Madrid; eight in the evening is ten hours later.
const UNTIL_EVENING = 10 * HOUR

const offline = (db: Database, more: StageOptions = {}) => openStage(db, { model: offlineModel(), ...more })
type Stage = ReturnType<typeof openStage>
const intents = async (stage: Stage, chatId = '5') => (await stage.scheduled(chatId)).filter((item) => item.kind === 'proactive')
const keep = (kept: object): Step => ({ calls: [{ name: 'keep', arguments: kept }] })
const deliverer = (stage: Stage) => {
  const sent: string[] = []
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async ({ chatId, text }) => ({ sent: true, messageId: String(sent.push(`${chatId}: ${text}`)) }),
    compose: stage.turns.compose,
    pace: () => undefined,
  })
  const deliver = async () => {
    for (let lines = await delivery.claim(50); lines.length > 0; lines = await delivery.claim(50))
      await Promise.all(lines.map((line) => delivery.deliver(line, stage.never)))
  }
  return { sent, deliver }
}

onEachEngine(
  'MEM10 · no desire for the gym in the morning makes exactly one intent for the evening, and then it asks',
  async ({ db }) => {
    const stage = offline(db)
    const { sent, deliver } = deliverer(stage)
    await stage.talk('5', '/start')
    await stage.talk('5', GYM)
    await stage.study()
    const [one, ...more] = await intents(stage)
    assert.equal(more.length, 0)
    assert.deepEqual([one!.status, one!.scheduled_for - stage.clock.now()], ['pending', UNTIL_EVENING])
    const heard = await sql<{ seq: number }>`select seq from heard where text = ${GYM}`.execute(db.as())
    assert.match(one!.decisions[0]!.why, new RegExp(`no tenía ganas.*\\(in-${heard.rows[0]!.seq}\\)`))
    await deliver()
    sent.length = 0
    await stage.clock.advance(UNTIL_EVENING - 1)
    await deliver()
    assert.deepEqual(sent, [])
    await stage.clock.advance(1)
    await deliver()
    assert.deepEqual(sent, ['5: ¿Cómo te ha ido con el gimnasio?'])
  },
)

onEachEngine(
  'MEM10 · the same said again is one; small talk is none; what the person then tells takes the question back',
  async ({ db }) => {
    const stage = offline(db)
    await stage.talk('5', '/start')
    for (const said of ['hola', '¿qué tal?', 'jajaja', 'gracias']) await stage.talk('5', said)
    await stage.study()
    assert.deepEqual(await intents(stage), [])
    await stage.talk('5', GYM)
    await stage.study()
    await stage.talk('5', 'de verdad, qué pereza me da entrenar')
    await stage.study()
    assert.equal((await intents(stage)).length, 1)
    await stage.clock.advance(8 * HOUR)
    await stage.talk('5', 'al final sí fui al gimnasio')
    await stage.study()
    const [only, ...more] = await intents(stage)
    assert.equal(more.length, 0)
    assert.deepEqual([only!.status, only!.reason], ['cancelled', 'woven'])
  },
)

onEachEngine(
  'MEM10 · with a model: one intent from what it found; what the turn has planned already is not planned twice',
  async ({ db }) => {
    const found = {
      memories: [
        { topic: 'deporte', says: 'Le cuesta ir al gimnasio', provenance: 'inferred', confidence: 60, sensitive: false, line: 1 },
      ],
      goals: [{ topic: 'deporte', says: 'Quiere ir al gimnasio', provenance: 'said', confidence: 80, sensitive: false, line: 1 }],
      intents: [
        { topic: 'gimnasio', at: '2026-11-23T20:00', words: '¿Fuiste al gimnasio?', reason: 'No tenía ganas', line: 1 },
        { topic: 'noche', at: '2026-11-24T03:00', words: '¿Duermes?', reason: 'De noche no', line: 1 },
      ],
    }
    const { model, script, asked } = scriptedModel('¡ánimo!', keep(found), '¡ánimo otra vez!', keep(found))
    const stage = openStage(db, { model })
    await stage.talk('5', GYM)
    await stage.study()
    const [one, ...more] = await intents(stage)
    assert.equal(more.length, 0)
    assert.deepEqual([one!.intent, one!.scheduled_for - stage.clock.now()], ['¿Fuiste al gimnasio?', UNTIL_EVENING])
    const id = await stage.personId('5')
    const [memory] = await stage.people.memoriesOf(id, 'aegen')
    assert.deepEqual([memory!.provenance, memory!.confidence, memory!.evidence !== null], ['inferred', 60, true])
    assert.equal((await stage.people.goalsOf(id, 'aegen')).length, 1)
    assert.match(asked[1]!.messages[0]!.content, /^1\. \[2026-11-23T10:00\] hoy no tengo ganas/)
    await stage.talk('5', 'sigo sin ganas')
    await stage.study()
    assert.equal((await intents(stage)).length, 1)

    const schedule = {
      name: 'schedule_message',
      arguments: { kind: 'proactive', at: '2026-11-23T20:00', intent: 'preguntar por el gimnasio' },
    }
    script.push({ calls: [schedule] }, 'te pregunto luego', keep(found))
    script.shift()
    await stage.talk('6', GYM)
    await stage.study()
    assert.deepEqual(
      (await intents(stage, '6')).map((item) => item.intent),
      ['preguntar por el gimnasio'],
    )
  },
)

onEachEngine(
  'MEM10 · a model that fails, hangs, babbles or lies about its lines leaves it to the rules, or to nothing',
  async ({ db }) => {
    const lies = keep({
      memories: [{ topic: 'x', says: 'De otra línea', provenance: 'said', confidence: 99, sensitive: false, line: 9 }],
    })
    for (const [n, step] of (
      ['THROW', 'solo hablo', 'CUT', keep({ memories: 'no' }), { calls: [{ name: 'keep', arguments: '{' }] }] as Step[]
    ).entries()) {
      const chat = String(50 + n)
      const stage = openStage(db, { model: scriptedModel('vale', step).model, owner: `m${n}` })
      await stage.talk(chat, GYM)
      await stage.study()
      assert.equal((await intents(stage, chat)).length, 1, JSON.stringify(step))
    }
    const stage = openStage(db, { model: scriptedModel('vale', lies).model, owner: 'liar' })
    await stage.talk('70', 'me da igual')
    await stage.study()
    assert.deepEqual(await stage.people.memoriesOf(await stage.personId('70'), 'aegen'), [])
  },
)

onEachEngine(
  'MEM11 · learning stands in no turn’s way: it waits in its own queue, survives a crash, and gives up in the end',
  async ({ db, again }) => {
    const stage = offline(db)
    await stage.talk('5', GYM)
    assert.equal((await intents(stage)).length, 0, 'the answer was there before')
    const lost = await stage.learning.claim(10)
    assert.equal(lost.length, 1)
    assert.deepEqual(await stage.learning.claim(10), [], 'leased')
    await stage.talk('5', 'me llamo Anabel')
    await stage.clock.advance(LEARN_LEASE_MS + 1)
    const other = offline(again(), { clock: stage.clock, owner: 'two' })
    await other.study()
    // The one that had stopped comes back late, and writes nothing.
    await stage.learning.learn(lost[0]!, stage.never)
    assert.equal((await intents(stage)).length, 1)
    assert.equal((await stage.people.find('telegram', '5'))!.name, 'Anabel')
    const left = await sql`select 1 from learning_queue`.execute(db.as())
    assert.equal(left.rows.length, 0)

    const broken = openStage(db, { clock: stage.clock, owner: 'three', model: offlineModel() })
    await broken.talk('6', GYM)
    const between = broken.conversations.between
    broken.conversations.between = () => Promise.reject(new Error('the disk is gone'))
    for (let attempt = 1; attempt <= LEARN_ATTEMPTS; attempt++) {
      await broken.study()
      await broken.clock.advance(600_001)
    }
    broken.conversations.between = between
    assert.deepEqual(await broken.talk('6', 'hola'), (await broken.replies('6')).at(-1))
    assert.equal((await broken.replies('6')).length, 2)
  },
)

onEachEngine('MEM11 · the loop takes lessons as they come and stops cleanly', async ({ db }) => {
  const stage = offline(db)
  const work = stage.learning.work()
  try {
    await stage.talk('5', GYM)
    await until(async () => (await intents(stage)).length === 1)
  } finally {
    const stopping = work.stop()
    await stage.clock.advance(10_000)
    await stopping
  }
})

onEachEngine(
  'MEM10 · a person is not drowned: no more than a few proposals wait, and nothing is learnt of a group',
  async ({ db }) => {
    const stage = offline(db)
    const days = ['mañana', 'pasado mañana', 'el jueves', 'el viernes', 'el sábado', 'el domingo']
    for (const day of days) {
      await stage.talk('5', `${day} tengo un examen`)
      await stage.talk('5', `${day} tengo una entrevista`)
      await stage.clock.advance(61_000)
    }
    await stage.study()
    assert.equal((await intents(stage)).length, 6)
    await stage.talk('-9', GYM)
    await stage.study()
    assert.deepEqual(await intents(stage, '-9'), [])
  },
)

onEachEngine(
  'MEM12 · what is delicate is asked about without being named, and never within reach of what nobody asked for',
  async ({ db }) => {
    // It says all it is told: whatever it can reach, it leaks.
    const parrot = {
      name: 'parrot',
      async *answer(request: { system: string; messages: { content: string }[] }) {
        yield { type: 'text' as const, delta: [request.system, ...request.messages.map((m) => m.content)].join('\n') }
        yield { type: 'end' as const, reason: 'stop' as const }
      },
    }
    const stage = openStage(db, { model: parrot as never, file: { limits: { maxAnswerChars: 20_000 } } })
    await stage.talk('5', 'tengo depresión y tomo pastillas')
    await stage.talk('5', 'mi madre está en el hospital. me encanta la montaña')
    await stage.talk('5', 'mañana tengo cita con el médico')
    await stage.study()
    const id = await stage.personId('5')
    const known = await stage.people.memoriesOf(id, 'aegen')
    assert.deepEqual(
      known.map((m) => [m.topic, m.sensitivity]),
      [
        ['health', 'sensitive'],
        ['likes', 'open'],
      ],
    )
    const planned = await intents(stage)
    assert.equal(planned.length, 2)
    for (const item of planned) {
      assert.equal(item.intent, '¿Cómo estás hoy?')
      assert.doesNotMatch(JSON.stringify(item.decisions), /médic|hospital|madre/)
    }
    for (const intent of [
      '¿Cómo estás hoy?',
      'preguntar por su depresion, sus pastillas y el hospital',
      'preguntar por la montaña',
    ]) {
      const message = { assistant: 'aegen', channel: 'telegram', chatId: '5', personId: id, intent, correlation: 'c' }
      const composed = await stage.turns.compose(message, stage.never)
      assert.ok('words' in composed)
      const leaked = composed.words.replaceAll(intent, '')
      assert.doesNotMatch(leaked, /depresión|pastillas|madre|hospital|médico/)
      assert.match(leaked, /montaña/, 'the open may be known')
    }
    // In a turn, only once the person raises it.
    assert.doesNotMatch((await stage.talk('5', 'hola')).split('## Lo que sabes')[1]!.split('\n\n')[0]!, /depresión/)
    assert.match((await stage.talk('5', 'sigo con la depresión')).split('## Lo que sabes')[1]!, /Contó: tengo depresión/)
  },
)

onEachEngine(
  'MEM12 · the delicate is refused in a plan of the model’s own; an inference is asked before it is a fact',
  async ({ db }) => {
    const { model, asked } = scriptedModel(
      {
        calls: [
          {
            name: 'schedule_message',
            arguments: { kind: 'proactive', at: '2026-11-23T20:00', intent: 'preguntar por su depresión' },
          },
        ],
      },
      'vale',
    )
    const stage = openStage(db, { model })
    await stage.talk('5', 'hola')
    assert.match(JSON.stringify(asked[1]!.messages.at(-1)), /delicate/)
    assert.deepEqual(await intents(stage), [])

    const id = await stage.personId('5')
    const told = { assistant: 'aegen', topic: 'familia', says: 'Tiene hijos', provenance: 'inferred' as const, confidence: 50 }
    await db.transaction((tx) => stage.people.remember(tx, id, told))
    const second = scriptedModel({ calls: [{ name: 'confirm_memory', arguments: { ref: 1, is_so: true } }] }, 'anotado')
    const after = openStage(db, { model: second.model, clock: stage.clock, owner: 'two' })
    await after.talk('5', 'sí, dos')
    assert.match(second.asked[0]!.system, /#1 Tiene hijos \(sin confirmar\)/)
    await after.talk('5', 'pues eso')
    assert.match(second.asked.at(-1)!.system, /#1 Tiene hijos\n/)
  },
)

onEachEngine(
  'MEM5 · where nobody said the zone it is asked before the first schedule, and what follows is in it',
  async ({ db }) => {
    const plan: Step = {
      calls: [{ name: 'schedule_message', arguments: { kind: 'reminder', at: '2026-11-23T20:00', text: 'llamar' } }],
    }
    const { model, asked, script } = scriptedModel(plan, '¿En qué ciudad estás?')
    const stage = openStage(db, { model, zoneGiven: false })
    await stage.talk('5', 'recuérdame llamar a las 8')
    assert.match(JSON.stringify(asked[1]!.messages.at(-1)), /zone_unknown/)
    assert.match(asked[0]!.system, /set_place/)
    assert.deepEqual(await stage.scheduled('5'), [])
    script.unshift(
      {
        calls: [
          { name: 'set_place', arguments: { place: 'Bogotá' } },
          { name: 'schedule_message', arguments: (plan as { calls: { arguments: unknown }[] }).calls[0]!.arguments },
        ],
      },
      'hecho',
    )
    await stage.talk('5', 'en Bogotá')
    const [reminder] = await stage.scheduled('5')
    assert.equal(reminder!.scheduled_for, Date.UTC(2026, 10, 24, 1, 0))
    const person = (await stage.people.find('telegram', '5'))!
    assert.deepEqual([person.zone, person.country, person.mustAskZone], ['America/Bogota', 'CO', false])
  },
)
