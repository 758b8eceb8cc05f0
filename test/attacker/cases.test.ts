import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriersOf, KINDS } from './carriers.ts'
import { FAMILIES } from './orders.ts'

test('SAFE1 · the attacks are many: what is wanted, by whichever way, of each kind of assistant', () => {
  const cases = KINDS.flatMap((kind) =>
    carriersOf(kind).flatMap(({ told }) => FAMILIES.map(({ wants }) => `${kind}: somebody wants to ${wants}, told ${told}`)),
  )
  assert.ok(new Set(cases).size === cases.length && cases.length >= 200, `${cases.length} cases`)
})
