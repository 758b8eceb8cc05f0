import assert from 'node:assert/strict'
import test from 'node:test'
import { ask } from './asks.ts'
import { ENGLISH, MISSES, SPANISH } from '../../../test/support/sentences.ts'

const place = { now: Date.UTC(2026, 10, 23, 9), zone: 'Europe/Madrid' }

for (const [language, table] of [
  ['Spanish', SPANISH],
  ['English', ENGLISH],
] as const)
  test(`OFF6 · everyday sentences in ${language} are taken for what they are, and small talk for no request`, () => {
    const all = Object.entries(table).flatMap(([taken, sentences]) => sentences.map((said) => ({ taken, said })))
    assert.ok(all.length >= 120, String(all.length))
    for (const { taken, said } of all) assert.equal(ask(said, place).asks, taken, said)
  })

test('OFF6 · the sentences that it is known to mistake are told as such, and leave the list once they are understood', () => {
  for (const { said, meant, taken } of MISSES) {
    assert.notEqual(meant, taken)
    assert.equal(ask(said, place).asks, taken, said)
  }
})

test('OFF6 · what speaks of other things cancels neither all nor the second', () => {
  for (const said of ['quita todo el ruido', 'borra 2 fotos', 'delete all the noise', 'tuve que cancelar 3 viajes']) {
    const asked = ask(said, place)
    assert.ok(asked.asks === 'cancel' && 'words' in asked.target, said)
  }
  for (const said of ['cancela todo', 'cancel everything, please', 'borra todos los recordatorios', 'cancel all my reminders']) {
    const asked = ask(said, place)
    assert.ok(asked.asks === 'cancel' && 'all' in asked.target, said)
  }
  const second = ask('borra el 2', place)
  assert.deepEqual(second.asks === 'cancel' && second.target, { position: 2 })
})
