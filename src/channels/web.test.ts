import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openWebChannel } from './web.ts'

const web = openWebChannel('web')
const heard = (said: object) => {
  const understood = web.understand(JSON.stringify(said), 'aegen')
  assert.ok(understood.ok)
  return understood.heard
}

test('WEB1 · what is typed is heard, with its chat and name', () => {
  assert.deepEqual(heard({ text: '/start abc', chat_id: 's1', name: 'Ana', at: 5, id: 'k1' }), {
    kind: 'command',
    chatId: 's1',
    group: false,
    addressed: true,
    from: { id: 's1', name: 'Ana' },
    messageId: 'k1',
    text: '/start abc',
    command: { name: 'start', argument: 'abc' },
    attachments: [],
    saidAt: 5,
  })
  assert.deepEqual([heard({ text: 'hola' }).kind, heard({ text: 'hola' }).chatId], ['text', 'web'])
})

test('WEB1 · anything else is refused with a reason, never thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (raw) => {
      const understood = web.understand(raw, 'aegen')
      if (!understood.ok) assert.match(understood.reason, /^(not_json|no_text)$/)
    }),
  )
  for (const raw of ['{"text":""}', '{"text":" \\n"}', '{"text":7}', '[]', 'null', '{}'])
    assert.equal(web.understand(raw, 'aegen').ok, false)
})

test('WEB1 · a long answer is one part, cut at its cap with a sentence that says so', async () => {
  assert.deepEqual(web.split('hola', 'markdown'), ['hola'])
  const [part, ...more] = web.split('palabra '.repeat(10_000), 'markdown')
  assert.ok(part!.length <= 32_000 && part!.endsWith('(La respuesta era demasiado larga y se cortó aquí.)'))
  assert.deepEqual(more, [])
  assert.deepEqual(web.split(' ', 'plain'), [])
})
