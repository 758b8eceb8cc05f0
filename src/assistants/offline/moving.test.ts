import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { offlineModel } from '../index.ts'
import { openStage, scriptedModel } from '../stage.ts'

const offline = { model: offlineModel() }

onEachEngine('OFF5 · what was scheduled is moved: a new hour keeps its day, a new day its hour', async ({ db }) => {
  const stage = openStage(db, offline)
  await stage.talk('5', 'recuérdame mañana a las 8 de la noche preguntar por el gimnasio')
  assert.match(
    await stage.talk('5', 'no, mejor el jueves'),
    /^Cambiado\. Te escribo el jueves, 26 de noviembre, a las 20:00: preguntar por el gimnasio/,
  )
  assert.match(await stage.talk('5', 'muévelo a las 9'), /jueves, 26 de noviembre, a las 21:00/)
  assert.match(await stage.talk('5', 'retrásalo media hora'), /a las 21:30/)
  assert.match(await stage.talk('5', 'adelántalo 2 horas'), /a las 19:30/)
  await stage.talk('5', 'remind me on friday at 10 am to call the dentist')
  assert.match(
    await stage.talk('5', 'move the dentist to 11'),
    /^Changed\. I will write to you on Friday, November 27 at 11:00: call the dentist/,
  )
  assert.match(await stage.talk('5', 'better on saturday'), /November 28 at 11:00/)
  assert.match(await stage.talk('5', '¿qué tengo el jueves?'), /^Esto es lo que tienes pendiente:\n1\. jueves[^\n]*gimnasio$/)
  assert.match(await stage.talk('5', 'what do I have tomorrow?'), /nothing noted for then/)
  assert.deepEqual(
    (await stage.scheduled('5')).filter((one) => one.status === 'pending').map((one) => [one.scheduled_for, one.kind]),
    [
      [Date.UTC(2026, 10, 26, 18, 30), 'reminder'],
      [Date.UTC(2026, 10, 28, 10), 'reminder'],
    ],
  )
})

onEachEngine('OFF5 · what cannot be moved stays, and it is asked which one is meant', async ({ db }) => {
  const stage = openStage(db, offline)
  assert.match(await stage.talk('5', 'muévelo a las 9'), /nada pendiente/)
  await stage.talk('5', 'recuérdame hoy a las 11 llamar a Marta')
  assert.match(await stage.talk('5', 'muévelo a ayer'), /Para cuándo lo muevo/)
  assert.match(await stage.talk('5', 'adelántalo 5 horas'), /ya pasó/)
  assert.match(await stage.talk('5', 'cámbialo al 31 de febrero'), /no existe/)
  await stage.talk('5', 'recuérdame hoy a las 12 llamar a Luis')
  await stage.talk('5', 'hola')
  assert.match(await stage.talk('5', 'cambia la bombilla'), /no sé contestar a eso/)
  assert.match(await stage.talk('5', 'muévelo a las 5'), /¿Cuál muevo\?[^]*1\. [^]*2\. /)
  assert.match(await stage.talk('5', 'mueve el 1 a las 5'), /^Cambiado\. Te escribo hoy, a las 17:00: llamar a Marta/)
  const waiting = (await stage.scheduled('5')).filter((one) => one.status === 'pending')
  assert.deepEqual(
    waiting.map((one) => one.scheduled_for).sort((a, b) => a - b),
    [Date.UTC(2026, 10, 23, 11), Date.UTC(2026, 10, 23, 16)],
  )
})

onEachEngine('OFF5 · a model moves too, and what has no words yet still has none afterwards', async ({ db }) => {
  const { model } = scriptedModel(
    { calls: [{ name: 'schedule_message', arguments: { kind: 'proactive', at: '2026-11-23T20:00', intent: 'el gimnasio' } }] },
    { calls: [{ name: 'move_scheduled', arguments: { id: 'new-1', at: '2026-11-24T19:00' } }] },
    { calls: [{ name: 'move_scheduled', arguments: { id: 'another', at: '2026-11-24T19:00' } }] },
    'hecho',
  )
  const stage = openStage(db, { model })
  await stage.talk('5', 'pregúntame luego')
  const [one, ...others] = await stage.scheduled('5')
  assert.equal(others.length, 0)
  assert.deepEqual([one!.text, one!.intent, one!.scheduled_for], [null, 'el gimnasio', Date.UTC(2026, 10, 24, 18)])
})

onEachEngine('OFF3 · a question about oneself is answered from the file, or it says that it does not know', async ({ db }) => {
  const stage = openStage(db, offline)
  await stage.talk('5', 'mi hermana se llama Lucía. me encanta la montaña. vivo en Bogotá')
  await stage.study()
  assert.match(await stage.talk('5', '¿cómo se llama mi hermana?'), /Lucía/)
  assert.match(await stage.talk('5', '¿qué me gusta?'), /montaña/)
  assert.match(await stage.talk('5', '¿dónde vivo?'), /Bogotá/)
  assert.match(await stage.talk('5', '¿cuándo es mi cumpleaños?'), /no lo sé de ti todavía/)
  assert.match(await stage.talk('6', '¿cómo se llama mi hermana?'), /no lo sé de ti todavía/)
})
