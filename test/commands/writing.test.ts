import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonOf, openShell, type Shell } from './stage.ts'

type Item = { id: string; status: string; text: string; scheduled_for: string; reason: string | null }
const items = async (shell: Shell) => jsonOf<{ items: Item[] }>(await shell.run(['outbox', 'list', '--json'])).items

test('DB6 · a second start on one data folder is refused, says where the first one is, and works once that one stopped', async (t) => {
  const shell = await openShell(t)
  const first = await shell.start()
  const second = await shell.run(['start'])
  assert.equal(second.code, 1)
  assert.match(second.err, /Ya hay un proceso de Centralita en .*data, en http:\/\/127\.0\.0\.1:\d+\./)
  assert.ok(second.err.includes(shell.url))
  assert.doesNotMatch(second.err, /at .*\.ts/)
  assert.equal((await shell.run(['migrate'])).code, 1, 'nor may anybody else change its schema')
  await first.stop()
  assert.equal((await first.ended).code, 0)
  await (await shell.start()).stop()
})

test('a writing command goes to the process that runs; without one it opens the file, and both see the same', async (t) => {
  const shell = await openShell(t)
  const alone = await shell.run([
    'outbox',
    'add',
    '--assistant',
    'aegen',
    '--chat',
    '-77',
    '--text',
    'sola',
    '--at',
    '2027-02-03 09:00',
  ])
  assert.equal(alone.code, 0)
  assert.match(alone.out, /^out-1: sale el 2027-02-03 09:00\.\n$/)
  assert.match(alone.err, /no decía su zona: se toma la de Europe\/Madrid, 2027-02-03T09:00:00\+01:00/)

  const running = await shell.start()
  const body = { assistant: 'aegen', channel: 'web', chat_id: 'terminal', text: 'junto', scheduled_for: '2027-02-03T09:00:00Z' }
  const added = await shell.run(['outbox', 'add', JSON.stringify(body), '--json'])
  assert.equal(jsonOf<{ id: string }>(added).id, 'out-2')
  assert.equal(added.err, '', 'its time said where')
  const piped = await shell.run(['outbox', 'add', '-'], { input: JSON.stringify({ ...body, key: 'k' }) })
  assert.equal(piped.code, 0)
  assert.match((await shell.run(['outbox', 'add', '-'], { input: JSON.stringify({ ...body, key: 'k' }) })).out, /sustituye/)
  await running.stop()

  assert.deepEqual(
    (await items(shell)).map(({ text }) => text),
    ['junto', 'junto', 'sola'],
  )
  assert.equal((await items(shell)).at(-1)!.scheduled_for, '2027-02-03T08:00:00.000Z')
  assert.match((await shell.run(['outbox', 'cancel', 'out-1'])).out, /out-1 cancelado/)
  const twice = await shell.run(['outbox', 'cancel', 'out-1'])
  assert.deepEqual([twice.code, twice.out], [1, ''])
  assert.match(twice.err, /Ya no está pendiente/)
  const shown = await shell.run(['outbox', 'show', 'out-1'])
  assert.match(shown.out, /estado +cancelado/)
  assert.match(shown.out, /chat +-77/)
})

test('what the door finds wrongly written ends with 2, what is not there with 1', async (t) => {
  const shell = await openShell(t)
  for (const [args, code, expected] of [
    [['outbox', 'list', '--status', 'lost'], 2, /status: /],
    [['outbox', 'add', '--assistant', 'nobody', '--chat', '1', '--text', 'x'], 2, /No hay ningún asistente/],
    [
      ['outbox', 'add', '--assistant', 'aegen', '--chat', '1', '--text', 'x', '--at', 'tomorrow'],
      2,
      /No se entiende la hora «tomorrow»/,
    ],
    [['outbox', 'add', 'not json'], 2, /no es un objeto JSON/],
    [['outbox', 'add', '{}', '--text', 'x'], 2, /no las dos cosas/],
    [['outbox', 'show', 'out-9'], 1, /no hay nada/],
    [['outbox', 'settle', 'out-9', 'sent'], 1, /no hay nada/],
    [['parked', 'show', 'in-9'], 1, /No hay ningún mensaje apartado/],
    [['parked', 'replay', 'in-9'], 1, /No hay ningún mensaje apartado/],
    [['people', 'approve', 'ABCDEF'], 1, /Ese código no existe/],
    [['people', 'deny', 'aegen', 'telegram:9'], 1, /No se conoce a esa persona/],
    [['trace', 'in-9'], 1, /No hay nada con el nombre «in-9»/],
  ] as const) {
    const told = await shell.run(args)
    assert.deepEqual([told.code, told.out], [code, ''], args.join(' '))
    assert.match(told.err, expected)
  }
  for (const args of [
    ['outbox', 'list'],
    ['parked', 'list'],
    ['people', 'list'],
  ])
    assert.deepEqual(jsonOf(await shell.run([...args, '--json'])), { items: [], next: null })
})

test('a process that runs with another key is named as such, and its data stays closed', async (t) => {
  const shell = await openShell(t)
  const running = await shell.start()
  const told = await shell.run(['outbox', 'list'], { env: { ADMIN_API_KEY: 'otra-clave-bien-distinta-4471' } })
  assert.deepEqual([told.code, told.out], [1, ''])
  assert.match(told.err, /arrancó con otra ADMIN_API_KEY/)
  await running.stop()
})

test('link gives a way in that works once, of the process that runs or of the one to come', async (t) => {
  const shell = await openShell(t)
  const before = await shell.run(['link'])
  assert.match(before.err, /arránquelo/)
  const early = /http\S+/.exec(before.out)![0]
  assert.ok(early.startsWith(`${shell.url}/entrar/`))
  const running = await shell.start()
  const late = jsonOf<{ link: string }>(await shell.run(['link', '--json'])).link
  for (const link of [early, late]) assert.equal((await fetch(link)).status, 200)
  await running.stop()
})
