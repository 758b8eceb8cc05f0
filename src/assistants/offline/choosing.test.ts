import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { offlineModel } from '../index.ts'
import { openStage } from '../stage.ts'

const offline = { model: offlineModel() }
const three = [
  'recuérdame hoy a las 11 llamar a Marta',
  'recuérdame hoy a las 12 llamar a Luis',
  'recuérdame el jueves a las 9 ir al dentista',
]
const waiting = async (stage: ReturnType<typeof openStage>, chat = '5') =>
  (await stage.scheduled(chat)).filter((one) => one.status === 'pending').map((one) => one.text!.split(': ')[1])

onEachEngine('OFF2 · asked which one, a number, its place or its name is enough', async ({ db }) => {
  const stage = openStage(db, offline)
  const cases: [string, string[]][] = [
    ['2', ['llamar a Marta', 'ir al dentista']],
    ['el segundo, por favor', ['llamar a Marta', 'ir al dentista']],
    ['el último', ['llamar a Marta', 'llamar a Luis']],
    ['the first one', ['llamar a Luis', 'ir al dentista']],
    ['Marta', ['llamar a Luis', 'ir al dentista']],
    ['todos', []],
  ]
  for (const [n, [said, left]] of cases.entries()) {
    const chat = String(50 + n)
    for (const one of three) await stage.talk(chat, one)
    assert.match(await stage.talk(chat, 'cancela el recordatorio'), /^¿Cuál cancelo\? Dime el número\.\n1\. /)
    assert.match(await stage.talk(chat, said), /^Cancelad/, said)
    assert.deepEqual(await waiting(stage, chat), left, said)
  }
})

onEachEngine('OFF2 · asked which one to move, the answer carries the hour that was said, or brings it', async ({ db }) => {
  const stage = openStage(db, offline)
  for (const one of three) await stage.talk('5', one)
  await stage.talk('5', 'hola')
  assert.match(await stage.talk('5', 'muévelo a las 5'), /^¿Cuál muevo\?/)
  assert.match(await stage.talk('5', 'el 1'), /^Cambiado\. Te escribo hoy, a las 17:00: llamar a Marta/)
  assert.match(await stage.talk('5', 'mueve el dentista'), /^¿Para cuándo lo muevo\?/)
  assert.match(await stage.talk('5', 'al viernes'), /^Cambiado\. Te escribo el viernes[^\n]*a las 09:00: ir al dentista/)
})

onEachEngine('OFF2 · asked which one, none of them changes nothing, and another matter is another matter', async ({ db }) => {
  const stage = openStage(db, offline)
  for (const one of three) await stage.talk('5', one)
  for (const said of ['ninguno', 'no, déjalo', 'nada']) {
    assert.match(await stage.talk('5', 'cancela el recordatorio'), /^¿Cuál cancelo\?/)
    assert.equal(await stage.talk('5', said), 'De acuerdo, lo dejo como está.')
  }
  assert.match(await stage.talk('5', 'cancela el recordatorio'), /^¿Cuál cancelo\?/)
  assert.match(await stage.talk('5', '7'), /^No encuentro ese recordatorio/)
  assert.match(await stage.talk('5', 'cancela el recordatorio'), /^¿Cuál cancelo\?/)
  assert.match(await stage.talk('5', '¿qué hora es?'), /^Son las/)
  assert.match(await stage.talk('5', 'recuérdame llamar a Ana'), /^¿Para cuándo/)
  assert.equal(await stage.talk('5', 'no, déjalo'), 'De acuerdo, lo dejo como está.')
  assert.equal((await waiting(stage)).length, 3)
})

onEachEngine('OFF2 · what was number two is cancelled, though number one was sent meanwhile', async ({ db }) => {
  const stage = openStage(db, offline)
  for (const one of three) await stage.talk('5', one)
  assert.match(await stage.talk('5', 'cancela el recordatorio'), /\n2\. [^\n]*Luis\n3\. /)
  const [first] = await stage.scheduled('5')
  await stage.outbox.cancel(first!.id, 'test')
  assert.match(await stage.talk('5', '2'), /^Cancelado: llamar a Luis/)
  assert.match(await stage.talk('5', 'cancela el recordatorio'), /^Cancelado: ir al dentista|^¿Cuál cancelo/)
})
