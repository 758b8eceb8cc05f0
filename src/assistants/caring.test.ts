import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { openStage, scriptedModel } from './stage.ts'

onEachEngine('CARE3 · the help stands in front of whatever the model says, and of the apology when it fails', async ({ db }) => {
  const { model, asked } = scriptedModel('aquí estoy', 'THROW')
  const stage = openStage(db, { model })
  const said = await stage.talk('5', 'me quiero morir')
  assert.match(said, /^Siento mucho[^]*024[^]*---\naquí estoy$/)
  assert.match(asked[0]!.system, /señales de peligro/)
  assert.match(await stage.talk('6', 'I want to kill myself'), /024[^]*---\nPerdona/)
})

onEachEngine('CARE4 · what was planned stays unsent after the turn, and goes on when the person says so', async ({ db }) => {
  const stage = openStage(db)
  await stage.talk('5', '/start')
  await stage.talk('5', 'me quiero morir')
  const id = await stage.personId('5')
  assert.equal((await stage.care.holdOf(id))?.seen_by, 'rules')
  assert.match(await stage.talk('5', '/aviso'), /Qué soy y qué no/)
  assert.match(await stage.talk('5', '/aviso seguir'), /vuelvo a escribirte/)
  assert.equal(await stage.care.holdOf(id), undefined)
})

onEachEngine('CARE6 · a model that raises the alarm has the help put in front of its own words', async ({ db }) => {
  const raise = { name: 'raise_concern', arguments: { level: 'danger', about: 'self', sign: 'plan' } }
  const { model } = scriptedModel({ calls: [raise] }, 'te escucho')
  const stage = openStage(db, { model })
  assert.match(await stage.talk('5', 'hoy regalé mi gato y cerré la cuenta'), /024[^]*---\nte escucho$/)
  assert.equal((await stage.care.holdOf(await stage.personId('5')))?.seen_by, 'model')
})

onEachEngine('CARE3 · whoever writes too fast to be answered still gets the help', async ({ db }) => {
  const stage = openStage(db, { turnsPerMinute: 1 })
  await stage.talk('5', 'hola')
  assert.match(await stage.talk('5', 'me voy a matar'), /024[^]*Vas más rápido/)
  assert.ok(await stage.care.holdOf(await stage.personId('5')))
})

onEachEngine('CARE3 · a stranger who may not come in yet gets the help all the same, before the code', async ({ db }) => {
  const stage = openStage(db, { access: { mode: 'pairing' } })
  assert.match(await stage.talk('5', 'me quiero morir'), /024[^]*alguien tiene que darte paso/)
})
