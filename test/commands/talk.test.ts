import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/foundation/index.ts'
import { openFakeModel } from '../../src/rehearsal/index.ts'
import { until } from '../../src/rehearsal/until.ts'
import { jsonOf, openShell } from './stage.ts'

type Traced = { id: string; assistant: string; outcome: string; steps: { what: string }[] }

test('talk through a pipe: a line is a message, its answer stands on the output, with and without a process that runs', async (t) => {
  const shell = await openShell(t)
  const alone = await shell.run(['talk', 'aegen'], { input: 'hola\n\nrecuérdame mañana a las 9 llamar al banco\n' })
  assert.equal(alone.code, 0)
  assert.equal(alone.err, '')
  assert.match(alone.out, /recordatorio[^]*llamar al banco/)

  const running = await shell.start()
  const beside = await shell.run(['talk', 'aegen'], { input: '¿qué tengo pendiente?\n/salir\nesto ya no\n' })
  await running.stop()
  assert.equal(beside.code, 0)
  assert.match(beside.out, /llamar al banco/, 'it is the same conversation')

  const { items } = jsonOf<{ items: { id: string; kind: string }[] }>(await shell.run(['outbox', 'list', '--json']))
  assert.equal(items.filter(({ kind }) => kind === 'reply').length, 3, 'what came after /salir was not said')
  const reply = items.find(({ kind }) => kind === 'reply')!
  const traced = jsonOf<Traced>(await shell.run(['trace', reply.id, '--json']))
  assert.deepEqual([traced.assistant, traced.outcome], ['aegen', 'sent'])
  const shown = await shell.run(['trace', 'in-1'])
  assert.match(shown.out, /^in-1 · aegen · web:terminal · contestado$/m)
  assert.match(shown.out, /^2\d{3}-\d\d-\d\d \(Europe\/Madrid, \+0[12]:00\)$/m)
  assert.match(shown.out, /llegó y se guardó · texto · "hola"[^]*enviado · out-\d+/)
})

test('talk names the assistants that there are, and reaches no Telegram', async (t) => {
  const shell = await openShell(t, {
    TELEGRAM_BOT_TOKEN: '424242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    // Nobody listens there: a poller would say so.
    TELEGRAM_API_ROOT: 'http://127.0.0.1:1',
  })
  const wrong = await shell.run(['talk', 'aegn'], { input: 'hola\n' })
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /¿Quiso decir «aegen»\? Aquí están: aegen\./)
  const right = await shell.run(['talk', 'aegen'], { input: 'hola\n' })
  assert.deepEqual([right.code, right.err], [0, ''])
})

test('talk survives a restart of the process it talks to: one message, one answer', async (t) => {
  const model = await openFakeModel({ clock: systemClock, script: () => held.promise })
  t.after(() => model.close())
  const held = Promise.withResolvers<string>()
  const shell = await openShell(t, { LLM_BASE_URL: model.url, LLM_MODEL: 'rehearsal' })
  const first = await shell.start()
  const talking = shell.begin(['talk', 'aegen'])
  talking.child.stdin.end('¿sigues ahí?\n')
  await until(() => model.calls.some(({ method }) => method === 'chat'), 'the model to be asked')
  first.child.kill('SIGKILL')
  await first.ended
  held.resolve('Aquí sigo.')
  const second = await shell.start()
  const { code, out, err } = await talking.ended
  assert.match(err, /Se cortó la conexión/)
  assert.deepEqual([code, out], [0, 'Aquí sigo.\n'])
  const { items } = jsonOf<{ items: { text: string }[] }>(await shell.run(['outbox', 'list', '--json']))
  assert.deepEqual(
    items.map(({ text }) => text),
    ['Aquí sigo.'],
  )
  await second.stop()
})

test('what a stranger or a model writes never moves the cursor of the terminal', async (t) => {
  const model = await openFakeModel({ clock: systemClock, script: () => 'rojo \u001b[31m\u001b]0;título\u0007 fin' })
  t.after(() => model.close())
  const shell = await openShell(t, { LLM_BASE_URL: model.url, LLM_MODEL: 'rehearsal' })
  const { out } = await shell.run(['talk', 'aegen'], { input: 'a\u001b[2Jb\n' })
  const listed = await shell.run(['outbox', 'list'])
  const traced = await shell.run(['trace', 'in-1'])
  const json = await shell.run(['trace', 'in-1', '--json'])
  for (const text of [out, listed.out, traced.out, json.out]) {
    assert.match(text, /rojo/)
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  }
})
