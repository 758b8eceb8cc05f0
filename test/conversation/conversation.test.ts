import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellStory } from './story.ts'

test('OFF7 · a few days without any key: it asks in the evening of the day, and not about what it was told before', async () => {
  const { lines, waited } = await tellStory()
  const said = (who: 'person' | 'assistant') => lines.filter((line) => line.who === who).map(({ text }) => text)
  assert.equal(said('assistant').filter((text) => text === '¿Cómo te ha ido con el gimnasio?').length, 1)
  assert.equal(said('assistant').filter((text) => text.includes('Más tarde te pregunto')).length, 2)
  assert.deepEqual(
    waited.map(({ kind, became, due }) => `${kind} ${became} ${due}`),
    [
      'proactive sent lun, 20:00',
      'reminder cancelled mar, 8:00',
      'reminder sent jue, 8:00',
      'reminder sent lun, 21:00',
      'reminder sent jue, 21:00',
      'proactive cancelled jue, 20:00',
      'reminder pending lun, 21:00',
    ],
  )
  assert.ok(waited.filter(({ kind }) => kind === 'proactive').every(({ why }) => why.length > 0))
})
