import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonOf, openShell } from './stage.ts'

const INTERNAL = 'clave-interna-de-la-prueba-7718'

test('IN7 · what nobody understands is listed, shown as it came, traced, and replay says why it cannot', async (t) => {
  const shell = await openShell(t, {
    TELEGRAM_BOT_TOKEN: '424242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_API_ROOT: 'http://127.0.0.1:1',
    INTERNAL_API_KEY: INTERNAL,
  })
  const running = await shell.start()
  const stored = await fetch(`${shell.url}/api/v1/webhooks/telegram`, {
    method: 'POST',
    headers: { 'x-api-key': INTERNAL, 'content-type': 'application/json' },
    body: JSON.stringify({ update_id: 71, from_the_future: { word: 'mañana' } }),
  })
  assert.equal(stored.status, 200)
  const beside = await shell.run(['parked', 'list'])
  assert.match(beside.out, /^in-1 .* aegen .*clase/m)
  await running.stop()

  const { items } = jsonOf<{ items: { id: string }[] }>(await shell.run(['parked', 'list', '--json']))
  assert.deepEqual(
    items.map(({ id }) => id),
    ['in-1'],
  )
  const shown = await shell.run(['parked', 'show', 'in-1'])
  assert.equal(shown.code, 0)
  assert.match(shown.out, /Tal como llegó:\n.*from_the_future.*mañana/)
  const replayed = await shell.run(['parked', 'replay', 'in-1'])
  assert.deepEqual([replayed.code, replayed.out], [1, ''])
  assert.match(replayed.err, /Sigue sin entenderse/)
  assert.match((await shell.run(['trace', 'telegram:424242:71'])).out, /apartado/)
})
