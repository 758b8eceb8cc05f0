import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonOf, openShell } from './stage.ts'

type Page = { items: { name: string; value: unknown; from: string }[] }
const of = ({ items }: Page, name: string) => items.find((one) => one.name === name)!

test('SET1 · bin/centralita assistants shows, sets and takes back, with and without a process that runs', async (t) => {
  const shell = await openShell(t)
  const before = jsonOf<Page>(await shell.run(['assistants', 'show', 'aegen', '--json']))
  assert.equal(of(before, 'limits').from, 'file')
  const set = await shell.run(['assistants', 'set', 'aegen', 'limits', '{"maxAnswerChars": 1500}'])
  assert.deepEqual([set.code, set.err], [0, ''])
  assert.match(set.out, /«limits» de aegen queda así[^]*limits +el equipo, .*"maxAnswerChars":1500/)
  shell.write('voz.md', 'Eres otra voz.\n')

  const running = await shell.start()
  assert.equal((await shell.run(['assistants', 'set', 'aegen', 'persona', '@voz.md'])).code, 0)
  const after = jsonOf<Page>(await shell.run(['assistants', 'show', 'aegen', '--json']))
  assert.deepEqual([of(after, 'persona').value, of(after, 'persona').from], ['Eres otra voz.', 'team'])
  assert.deepEqual([of(after, 'limits').from, (of(after, 'limits').value as { turnSeconds: number }).turnSeconds], ['team', 60])
  const reset = await shell.run(['assistants', 'reset', 'aegen', 'persona'])
  assert.match(reset.out, /vuelve a lo que dice su archivo[^]*persona +el archivo/)

  const wrong = await shell.run(['assistants', 'set', 'aegen', 'limits', '{"rounds": 99}'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /no vale para ese ajuste[^]*rounds/)
  assert.equal((await shell.run(['assistants', 'set', 'aegen', 'tools', '[]'])).code, 2)
  assert.notEqual((await shell.run(['assistants', 'show', 'nadie'])).code, 0)
  await running.stop()
})
