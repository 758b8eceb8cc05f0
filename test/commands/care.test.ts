import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonOf, openShell } from './stage.ts'

test('CARE4 CARE5 · said in the terminal, met with help lines; listed without a name until they agree; lifted by the operator', async (t) => {
  const shell = await openShell(t, { OPERATOR_WEBHOOK: 'http://127.0.0.1:1/aviso' })
  assert.match((await shell.run(['care', 'list'])).out, /No hay ninguna pausa/)
  const said = await shell.run(['talk', 'aegen'], { input: 'me quiero morir, palabra canaria\n' })
  assert.match(said.out, /024[^]*\/aviso sí/)

  const listed = await shell.run(['care', 'list'])
  assert.match(listed.out, /care-1 .*aegen .*\(no lo permitió\)/)
  assert.doesNotMatch(listed.out, /terminal/)
  await shell.run(['talk', 'aegen'], { input: '/aviso sí\n' })
  const agreed = await shell.run(['care', 'list'])
  assert.match(agreed.out, /deseo de morir +web:terminal/)
  assert.doesNotMatch(agreed.out, /canaria/)
  const { items } = jsonOf<{ items: { agreed: { sign: string } }[] }>(await shell.run(['care', 'list', '--json']))
  assert.equal(items[0]!.agreed.sign, 'ideation')

  assert.match((await shell.run(['care', 'lift', 'care-1'])).out, /levantada/)
  const again = await shell.run(['care', 'lift', 'care-1'])
  assert.deepEqual([again.code, again.out], [1, ''])
  assert.match(again.err, /No hay ninguna pausa abierta/)
})
