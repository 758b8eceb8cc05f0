import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { offlineModel } from '../index.ts'
import { openStage } from '../stage.ts'

const offline = { model: offlineModel() }

onEachEngine('OFF1 · without any key it sets reminders, lists and cancels them, in Spanish', async ({ db }) => {
  const stage = openStage(db, offline)
  const done = await stage.talk('5', 'recuérdame mañana a las 8 de la noche preguntar por el gimnasio, por favor')
  assert.match(
    done,
    /^Hecho\. Te escribo mañana, a las 20:00: preguntar por el gimnasio\n\(Cuento con la hora de Europe\/Madrid\.\)$/,
  )
  assert.match(await stage.talk('5', '¿Puedes recordarme en 10 minutos apagar el horno?'), /hoy, a las 10:10: apagar el horno/)
  const planned = await stage.scheduled('5')
  assert.deepEqual(
    planned.map((p) => [p.kind, p.text]),
    [
      ['reminder', '⏰ Me pediste que te recordara: preguntar por el gimnasio'],
      ['reminder', '⏰ Me pediste que te recordara: apagar el horno'],
    ],
  )
  assert.equal(planned[0]!.scheduled_for, Date.UTC(2026, 10, 24, 19, 0))

  assert.match(
    await stage.talk('5', '¿qué tengo pendiente?'),
    /1\. hoy, a las 10:10: apagar el horno\n2\. mañana, a las 20:00: preguntar por el gimnasio/,
  )
  assert.equal(await stage.talk('5', 'cancela el recordatorio del horno'), 'Cancelado: apagar el horno')
  assert.equal(await stage.talk('5', 'cancela el 1'), 'Cancelado: preguntar por el gimnasio')
  assert.deepEqual(
    (await stage.scheduled('5')).map((p) => [p.status, p.reason]),
    [
      ['cancelled', 'person_spoke'],
      ['cancelled', 'person_spoke'],
    ],
  )
  assert.equal(await stage.talk('5', 'mis recordatorios'), 'No tienes nada pendiente.')
})

onEachEngine('OFF1 · and in English', async ({ db }) => {
  const stage = openStage(db, offline)
  assert.match(
    await stage.talk('5', 'Please remind me tomorrow at 8pm to ask about the gym'),
    /^Done\. I will write to you tomorrow at 20:00: ask about the gym/,
  )
  assert.match(await stage.talk('5', 'what is pending?'), /1\. tomorrow at 20:00: ask about the gym/)
  assert.match(await stage.talk('5', 'cancel all my reminders'), /^Cancelled: ask about the gym/)
  assert.match(await stage.talk('5', 'what time is it?'), /^It is 10:00 \(Europe\/Madrid\)/)
})

onEachEngine('OFF2 · what is missing it asks for, and takes the answer for what it is', async ({ db }) => {
  const stage = openStage(db, offline)
  assert.match(await stage.talk('5', 'recuérdame llamar al banco'), /¿Para cuándo\?/)
  assert.match(await stage.talk('5', 'el miércoles a las 11'), /miércoles, 25 de noviembre, a las 11:00: llamar al banco/)
  assert.match(await stage.talk('5', 'recuérdame hoy comprar pan'), /¿A qué hora\?/)
  assert.match(await stage.talk('5', 'a las 6'), /hoy, a las 18:00: comprar pan/)
  assert.match(await stage.talk('5', 'recuérdame mañana a las 9'), /¿Qué quieres que te recuerde\?/)
  assert.match(await stage.talk('5', 'regar las plantas'), /mañana, a las 09:00: regar las plantas/)
  assert.match(await stage.talk('5', 'recuérdame pasado mañana ir al médico'), /a las 09:00: ir al médico[^]*No dijiste la hora/)
  assert.match(await stage.talk('5', 'recuérdame cada dos horas beber agua'), /como mucho una vez al día/)
  assert.match(await stage.talk('5', 'recuérdame el 31 de febrero celebrar'), /no existe/)
  assert.match(
    await stage.talk('5', 'recuérdame mañana a las 9 una cosa\nrecuérdame mañana a las 10 otra cosa'),
    /una cosa[^]*otra cosa/,
  )
  assert.equal((await stage.scheduled('5')).length, 6)
})

onEachEngine('OFF3 · it says what it is, and admits what it does not know', async ({ db }) => {
  const stage = openStage(db, offline)
  assert.match(await stage.talk('5', 'hola'), /sin modelo de lenguaje/)
  assert.match(await stage.talk('5', '¿eres una persona?'), /sin conexión a ningún modelo/)
  assert.match(await stage.talk('5', '¿qué opinas de la vida?'), /no sé contestar a eso/)
  assert.match(await stage.talk('5', '¿qué hora es?'), /^Son las 10:00/)
  assert.match(await stage.talk('5', '¿qué día es hoy?'), /lunes, 23 de noviembre de 2026/)
  assert.match(await stage.talk('5', '/privacidad'), /no sale de este servidor/)
  assert.match(await stage.talk('5', 'borra mi pasado'), /no sé contestar a eso/)
  assert.match(await stage.talk('5', 'cancela el recordatorio del dentista'), /nada pendiente/)
})

onEachEngine('OFF3 · what it had meant to bring up it brings up when the person touches it', async ({ db }) => {
  const stage = openStage(db, offline)
  await stage.talk('5', '/start')
  await stage.intend('5', 'preguntar por el gimnasio', 36_000_000)
  assert.match(await stage.talk('5', 'hoy no tengo ganas de ir al gimnasio'), /Por cierto[^]*preguntar por el gimnasio/)
  assert.deepEqual(
    (await stage.scheduled('5')).map((p) => p.reason),
    ['woven'],
  )
  const words = await stage.turns.compose(
    {
      assistant: 'aegen',
      channel: 'telegram',
      chatId: '5',
      personId: null,
      intent: 'preguntar por el gimnasio',
      correlation: 'c',
    },
    stage.never,
  )
  assert.deepEqual(words, { words: 'Tenía apuntado escribirte sobre esto: preguntar por el gimnasio' })
})

onEachEngine('OFF7 · whoever tells something is heard out: it says only what it will do', async ({ db }) => {
  const stage = openStage(db, offline)
  const later = /^Gracias por contármelo\. Más tarde te pregunto/
  assert.match(await stage.talk('5', 'hoy no tengo ganas de ir al gimnasio'), /^Gracias por contármelo\.$/, 'nobody agreed to it')
  await stage.talk('5', '/start')
  assert.match(await stage.talk('5', 'hoy tampoco me apetece ir al gimnasio'), later)
  assert.match(await stage.talk('5', 'el viernes tengo un examen de matemáticas'), /Cuando haya pasado te pregunto/)
  assert.match(await stage.talk('5', 'me encanta el café'), /lo tendré en cuenta/)
  assert.match(await stage.talk('5', 'ayer tuve un examen'), /no sé contestar a eso|Gracias por contármelo\.$/)
  await stage.talk('5', '/efimero')
  assert.match(await stage.talk('5', 'hoy no tengo ganas de ir al gimnasio'), /no sé contestar a eso/)
  assert.equal(await stage.talk('-7', 'hoy no tengo ganas de ir al gimnasio', { group: true }), 'Gracias por contármelo.')
})
