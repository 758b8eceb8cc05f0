import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShell } from './stage.ts'

test('what is typed wrongly ends with 2, says the nearest known word, and touches nothing', async (t) => {
  const shell = await openShell(t)
  for (const [args, expected] of [
    [['outbx'], /«outbx».*¿Quiso decir «outbox»\?/],
    [['outbox', 'lst'], /¿Quiso decir «outbox list»\?/],
    [['outbox', 'list', '--stauts', 'sent'], /¿Quiso decir --status\?/],
    [['outbox'], /add, list, show, cancel, settle/],
    [['start', 'polin'], /¿Quiso decir «polling»\?/],
    [['trace'], /Uso: centralita trace <id>/],
    [['trace', 'in-1', 'in-2'], /Sobra «in-2»/],
    [['trace', 'in-1', '--json=1'], /--json no lleva valor/],
    [['outbox', 'list', '--status'], /A --status le falta su valor/],
    [['outbox', 'add', '--assistant', 'aegen'], /Falta --chat/],
    [['outbox', 'add', '--assistant', 'aegen', '--chat', '1'], /--text o --intent/],
    [['outbox', 'settle', 'out-1', 'perhaps'], /not_sent \(no llegó\)/],
    [['check', '--write'], /--example/],
    [['backup'], /llega más adelante/],
    [['deploy', 'now', '--fast'], /llega más adelante/],
    [['help', 'outbx'], /¿Quiso decir «outbox»\?/],
    [[], /Uso: centralita/],
  ] as const) {
    const { code, out, err } = await shell.run(args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, expected)
  }
  assert.equal((await shell.run(['check', '--json'])).code, 0, 'nothing was left behind that would be a fault')
})

test('help names every command, one command with its options, and speaks English when asked', async (t) => {
  const shell = await openShell(t)
  const all = await shell.run(['help'])
  assert.equal(all.code, 0)
  for (const word of [
    'start',
    'migrate',
    'check',
    'doctor',
    'talk',
    'trace',
    'parked replay',
    'outbox settle',
    'people approve',
    'link',
  ])
    assert.match(all.out, new RegExp(`^  ${word}`, 'm'))
  const one = await shell.run(['outbox', 'add', '--help'])
  assert.equal(one.code, 0)
  assert.match(one.out, /--expires HORA/)
  assert.match((await shell.run(['help', 'people'])).out, /centralita people approve.*\n(.*\n)*.*centralita people invite/)
  const variables = await shell.run(['help', 'variables'])
  assert.match(variables.out, /DATABASE_URL/)
  const english = await shell.run(['help', 'talk'], { env: { LOG_LANG: 'en' } })
  assert.match(english.out, /A conversation in the terminal/)
  assert.match((await shell.run(['--version'])).out, /^\d+\.\d+\.\d+\n$/)
})

test('a reader of the output that has gone is no failure', async (t) => {
  const shell = await openShell(t)
  const { child, ended } = shell.begin(['help', 'variables'])
  child.stdout.destroy()
  const { code, err } = await ended
  assert.deepEqual([code, err], [0, ''])
})
