import assert from 'node:assert/strict'
import test from 'node:test'
import { prefixOf } from './redis-prefix.ts'

test('SEC1 · two stages on one Redis do not meet, and the corner tells nothing of the key', () => {
  const key = 'firma-de-las-sesiones-de-prueba-1'
  assert.equal(prefixOf(key), prefixOf(key))
  assert.notEqual(prefixOf(key), prefixOf(`${key}.`))
  assert.match(prefixOf(key), /^centralita:[0-9a-f]{12}:$/)
})
