import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { silentLog } from '../foundation/index.ts'
import { offlineModel } from './index.ts'
import { openStage, scriptedModel } from './stage.ts'

onEachEngine('CARE3 · the help stands in front of whatever the model says, and of the apology when it fails', async ({ db }) => {
  const { model, asked } = scriptedModel('aquí estoy', 'THROW')
  const stage = openStage(db, { model })
  const said = await stage.talk('5', 'me quiero morir')
  assert.match(said, /^Siento mucho[^]*024[^]*---\naquí estoy$/)
  assert.match(asked[0]!.system, /señales de peligro/)
  assert.match(await stage.talk('6', 'I want to kill myself'), /024[^]*---\nPerdona/)
})

onEachEngine('CARE3 · the help comes first on the stream too, before the model has said a word', async ({ db }) => {
  const stage = openStage(db, { model: scriptedModel('aquí estoy').model })
  const shown: string[] = []
  const off = stage.turns.watch('telegram:1:vista', (one) => one.type === 'delta' && shown.push(one.text))
  await stage.hear('5', 'me quiero morir', { key: 'telegram:1:vista' })
  await stage.crank()
  off()
  assert.match(shown[0]!, /024/)
  assert.match(shown.join(''), /024[^]*aquí estoy$/)
})

onEachEngine('CARE3 · the country that the person named decides which lines are shown', async ({ db }) => {
  const stage = openStage(db)
  await stage.talk('5', '/zona Argentina')
  assert.match(await stage.talk('5', 'me quiero morir'), /En Argentina:[^]*0800 999 0091/)
})

onEachEngine('CARE3 · whoever writes too fast to be answered still gets the help, once whole', async ({ db }) => {
  const stage = openStage(db, { turnsPerMinute: 1 })
  await stage.talk('5', 'hola')
  await stage.talk('5', 'venga')
  assert.match(await stage.talk('5', 'me voy a matar'), /024/)
  assert.ok(await stage.care.holdOf(await stage.personId('5')))
  assert.equal(await stage.talk('5', 'me voy a matar'), '')
})

onEachEngine('CARE3 · whoever was not let in yet gets the help, with or without their code', async ({ db }) => {
  const stage = openStage(db, { access: { mode: 'pairing' } })
  assert.match(await stage.talk('6', 'me quiero morir'), /024[^]*alguien tiene que darte paso/)
  await stage.talk('5', 'hola')
  const said = await stage.talk('5', 'me voy a matar')
  assert.match(said, /024/)
  assert.doesNotMatch(said, /aviso/)
})

onEachEngine('CARE3 · a command or a wish about one’s own file does not hide what was said with it', async ({ db }) => {
  const stage = openStage(db)
  for (const said of ['/start me quiero morir', '/olvidar que me quiero morir', '/misdatos me quiero morir']) {
    const chat = String(said.length)
    assert.match(await stage.talk(chat, said), /^Siento mucho[^]*024/, said)
    assert.ok(await stage.care.holdOf(await stage.personId(chat)), said)
  }
})

onEachEngine(
  'CARE1 · what was answered and is changed into danger is seen; the model is not asked, and other changes make no turn',
  async ({ db }) => {
    const { model, asked } = scriptedModel('bien')
    const stage = openStage(db, { model })
    const { messageId } = await stage.hear('5', 'hoy no voy al trabajo')
    await stage.crank()
    const change = async (text: string) => {
      const { key } = await stage.hear('5', text, { kind: 'edit', messageId })
      await stage.crank()
      assert.deepEqual(await stage.outcomeOf(key), ['answered', 'edited_after_answer'])
      return stage.replies('5')
    }
    assert.deepEqual(await change('hoy no voy a trabajar'), ['bien'])
    const said = await change('hoy me quiero morir')
    assert.equal(said.length, 2)
    assert.match(said[1]!, /024/)
    assert.ok(await stage.care.holdOf(await stage.personId('5')))
    assert.equal((await change('hoy me quiero morir.')).length, 2)
    assert.equal(asked.length, 1)
  },
)

onEachEngine('CARE3 · a turn that fails to the end parks with the help in front', async ({ db }) => {
  const stage = openStage(db, {
    modelOf: () => {
      throw new Error('broken')
    },
  })
  await stage.hear('5', 'me quiero morir')
  for (let tries = 0; tries < 10; tries++) {
    await stage.crank()
    await stage.clock.advance(60_000)
  }
  assert.equal(stage.parked.length, 1)
  assert.match((await stage.replies('5')).join('\n---\n'), /^Siento mucho[^]*024[^]*---\nPerdona: no he podido/)
})

onEachEngine('CARE3 · without a model the help is not followed by talk of reminders', async ({ db }) => {
  const stage = openStage(db, { model: offlineModel() })
  const said = await stage.talk('5', 'me quiero morir')
  assert.match(said, /024[^]*---\nTe leo/)
  assert.doesNotMatch(said, /recordatorios/)
  assert.match(await stage.talk('6', 'no puedo más con mi vida'), /024[^]*---\nTe leo/)
  assert.match(await stage.talk('7', 'recuérdame mañana a las 9 llamar al médico, que no puedo más'), /024[^]*Hecho/)
})

onEachEngine('CARE3 · what the model should have been told is said when the model fails', async ({ db }) => {
  const stage = openStage(db, { model: scriptedModel('THROW').model })
  assert.match(await stage.talk('5', 'no puedo más con mi vida'), /024[^]*---\nPerdona/)
})

onEachEngine('CARE4 · what was planned stays unsent after the turn, and goes on when the person says so', async ({ db }) => {
  const stage = openStage(db)
  await stage.talk('5', '/start')
  const due = stage.clock.now() + 3 * 3_600_000
  await stage.outbox.schedule({
    assistant: 'aegen',
    channel: 'telegram',
    chatId: '5',
    kind: 'proactive',
    text: '¿Cómo fue?',
    scheduledFor: due,
    expiresAt: due + 48 * 3_600_000,
    correlation: 'x',
  })
  await stage.talk('5', 'me quiero morir')
  const id = await stage.personId('5')
  assert.equal((await stage.care.holdOf(id))?.seen_by, 'rules')
  await stage.clock.advance(4 * 3_600_000)
  const sent: string[] = []
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async ({ text }) => {
      if (text === '¿Cómo fue?') sent.push(text)
      return { sent: true, messageId: '1' }
    },
    compose: stage.turns.compose,
    pace: () => undefined,
  })
  const deliver = async () => {
    for (let lines = await delivery.claim(20); lines.length > 0; lines = await delivery.claim(20))
      for (const line of lines) await delivery.deliver(line, stage.never)
  }
  await deliver()
  assert.deepEqual(sent, [])
  assert.match(await stage.talk('5', '/aviso'), /Qué soy y qué no[^]*024[^]*\/aviso seguir/)
  assert.match(await stage.talk('5', '/misdatos'), /Por cuidado, desde el .* y como mucho hasta el .*no te escribo yo primero/)
  assert.match(await stage.talk('5', '/aviso seguir'), /vuelvo a escribirte/)
  assert.doesNotMatch(await stage.talk('5', '/misdatos'), /Por cuidado/)
  assert.equal(await stage.care.holdOf(id), undefined)
  await stage.clock.advance(2 * 3_600_000)
  await deliver()
  assert.deepEqual(sent, ['¿Cómo fue?'])
})

onEachEngine('CARE4 · what was said in danger is not learnt from; what is said after it is', async ({ db }) => {
  const stage = openStage(db, { model: scriptedModel('vale').model })
  await stage.talk('5', 'me quiero morir')
  assert.equal((await stage.learning.claim(5)).length, 0)
  await stage.talk('5', 'mañana tengo un examen')
  assert.equal((await stage.learning.claim(5)).length, 1)
})

onEachEngine('CARE5 · the question has its buttons, in private only; a yes tells the operator at once', async ({ db }) => {
  const stage = openStage(db)
  await stage.talk('5', 'me quiero morir')
  const [help] = await stage.rowsOf('5')
  assert.match(help!.text!, /¿Quieres que avise/)
  assert.deepEqual(stage.concerns, [])
  const press = { kind: 'press' as const, text: '', press: { id: 'p', data: 'care:yes' } }
  assert.match(await stage.talk('5', '', press), /De acuerdo: si veo peligro, avisaré/)
  assert.equal(stage.concerns.length, 1)
  assert.doesNotMatch(await stage.talk('-9', 'me quiero morir'), /¿Quieres que avise/)
})

onEachEngine('CARE5 · /aviso is answered in both languages, also beside something else', async ({ db }) => {
  const stage = openStage(db, { model: scriptedModel('claro').model })
  await stage.hear('5', '/aviso no')
  await stage.hear('5', 'cuéntame un chiste')
  await stage.crank()
  assert.deepEqual(await stage.replies('5'), ['De acuerdo: no avisaré a nadie.', 'claro'])
  const from = { id: '6', language: 'en' }
  await db.transaction((tx) => stage.people.ownerOf(tx, 'telegram', '6'))
  assert.match(await stage.talk('6', '/notice', { from }), /Qué soy y qué no|What I am and am not/)
})

onEachEngine('CARE6 · a model that raises the alarm has the help put in front of its own words', async ({ db }) => {
  const raise = { name: 'raise_concern', arguments: { level: 'danger', about: 'self', sign: 'plan' } }
  const { model } = scriptedModel({ calls: [raise] }, 'te escucho')
  const stage = openStage(db, { model })
  const shown: string[] = []
  const off = stage.turns.watch('telegram:1:alarma', (one) => one.type === 'delta' && shown.push(one.text))
  assert.match(
    await stage.talk('5', 'hoy regalé mi gato y cerré la cuenta', { key: 'telegram:1:alarma' }),
    /024[^]*---\nte escucho$/,
  )
  off()
  assert.match(shown.join(''), /024[^]*te escucho/)
  assert.equal((await stage.care.holdOf(await stage.personId('5')))?.seen_by, 'model')
})

onEachEngine('CARE6 · an answer that is kept for everybody is never given to whoever is low', async ({ db }) => {
  const { model, asked } = scriptedModel('vale')
  const stage = openStage(db, { model, file: { schedules: false, reuseMinutes: 60 } })
  await stage.talk('5', '¿a qué hora abrís?')
  await stage.talk('6', 'no puedo más con mi vida')
  assert.deepEqual([asked[0]!.reuseMs !== undefined && asked[0]!.reuseMs > 0, asked[0]!.tools.length], [true, 0])
  assert.deepEqual([asked[1]!.reuseMs ?? 0, asked[1]!.tools.map((one) => one.name)], [0, ['raise_concern']])
})

onEachEngine('CARE7 · whoever erases everything, or becomes one with another, takes this along', async ({ db }) => {
  const stage = openStage(db)
  await stage.talk('5', 'me quiero morir')
  const id = await stage.personId('5')
  await stage.talk('5', '/olvidar todo')
  assert.match(await stage.talk('5', 'sí'), /./)
  assert.equal(await stage.care.holdOf(id), undefined)
  assert.deepEqual(await stage.care.holds(), [])

  await stage.talk('6', 'me quiero morir')
  const code = /\b([A-Z0-9]{4}-?[A-Z0-9]{4})\b/.exec(await stage.talk('7', '/vincular'))![1]!
  await stage.talk('6', `/vincular ${code}`)
  await stage.talk('6', 'sí')
  await stage.talk('7', 'sí')
  assert.equal(await stage.personId('6'), await stage.personId('7'))
  assert.ok(await stage.care.holdOf(await stage.personId('7')))
})
