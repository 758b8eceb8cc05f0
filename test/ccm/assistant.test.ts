import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { loadAssistants } from '../../src/assistants/index.ts'
import { directorySettings } from '../../src/directory/index.ts'

test('CCM19 · the assistant’s file is read like any other, and its lines about the company hold together', async () => {
  const assistants = await loadAssistants(join(import.meta.dirname, '../../assistants'), { only: ['ccm'] })
  assert.equal(assistants.get('ccm')?.title, 'CCM')
  assert.match(assistants.get('ccm')!.persona, /company_birthdays/)

  // Read once by the loader, which lends it 'centralita'; here the same module again.
  const { directory } = await import('../../assistants/ccm.ts')
  const { notices, calendar } = directorySettings(directory, 'America/Bogota')
  assert.deepEqual(
    notices.map(({ when }) => when),
    ['cada día laborable a las 8:30', 'los lunes a las 8:30'],
  )
  assert.equal(calendar.zone, 'America/Bogota')
})
