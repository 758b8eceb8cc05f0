import assert from 'node:assert/strict'
import { onEachEngine } from '../../../test/support/engines.ts'
import { silentLog, type Database } from '../../foundation/index.ts'
import { openRehearsalClock } from '../../rehearsal/index.ts'
import { assistantFrom, defineAssistant, type AssistantFile } from '../define.ts'
import { MONDAY_MORNING } from '../stage.ts'
import { openSettings } from './settings.ts'

const fileOf = (more: Partial<AssistantFile> = {}) =>
  assistantFrom(defineAssistant({ name: 'aegen', persona: 'Eres amable.', limits: { maxAnswerChars: 3000 }, ...more }), '/')

function openTeam(db: Database, more: Partial<AssistantFile> = {}) {
  const assistants = new Map([['aegen', fileOf(more)]])
  const warned: string[] = []
  const log = { ...silentLog, warn: (event: string) => void warned.push(event) }
  const settings = openSettings({ db, clock: openRehearsalClock(MONDAY_MORNING), log, assistants })
  const shown = async (name: string) => (await settings.of('aegen'))!.find((one) => one.name === name)!
  return { settings, assistants, warned, shown, live: () => assistants.get('aegen')! }
}

onEachEngine(
  'SET1 · the team adjusts what the file allows, with its values as defaults and their origin shown',
  async ({ db }) => {
    const { settings, live, shown } = openTeam(db)
    await settings.refresh()
    assert.deepEqual(await shown('persona'), {
      name: 'persona',
      value: 'Eres amable.',
      from: 'file',
      file: 'Eres amable.',
      setAt: null,
    })
    assert.equal(await settings.set('aegen', 'persona', 'Eres breve.'), undefined)
    assert.equal(await settings.set('aegen', 'limits', { turnSeconds: 30 }), undefined)
    assert.equal(await settings.set('aegen', 'hours', { from: 10, to: 20 }), undefined)
    assert.equal(live().persona, 'Eres breve.')
    assert.deepEqual([live().limits.turnSeconds, live().limits.maxAnswerChars], [30, 3000])
    assert.deepEqual(live().hours, { from: 10, to: 20 })
    const { value, from, file, setAt } = await shown('persona')
    assert.deepEqual([value, from, file, setAt], ['Eres breve.', 'team', 'Eres amable.', MONDAY_MORNING])

    await settings.set('aegen', 'persona', null)
    assert.equal(live().persona, 'Eres amable.')
    assert.equal((await shown('persona')).from, 'file')
  },
)

onEachEngine(
  'SET2 · what the file’s own schema would refuse is refused, and what the file keeps for itself cannot be set',
  async ({ db }) => {
    const { settings, live } = openTeam(db, { settings: ['limits', 'model'] })
    const refused = async (name: string, value: unknown) => (await settings.set('aegen', name, value))?.refused
    assert.equal(await refused('limits', { rounds: 99 }), 'invalid')
    assert.equal(await refused('limits', { unknown: 1 }), 'invalid')
    assert.equal(await refused('limits', 'many'), 'invalid')
    assert.equal(await refused('model', ''), 'invalid')
    assert.equal(await refused('persona', 'Eres otra.'), 'fixed')
    assert.equal(await refused('tools', []), 'fixed')
    assert.equal(await refused('__proto__', {}), 'fixed')
    assert.deepEqual(
      (await settings.of('aegen'))!.map(({ name, from }) => [name, from]),
      [
        ['limits', 'file'],
        ['model', 'file'],
      ],
    )
    assert.deepEqual([live().persona, live().limits.rounds], ['Eres amable.', 8])
    const long = openTeam(db)
    assert.equal((await long.settings.set('aegen', 'persona', 'x'.repeat(20_001)))?.refused, 'invalid')
    assert.equal(await settings.of('nadie'), undefined)
  },
)

onEachEngine(
  'SET3 · another process and a newer file take it up; what a newer file no longer allows stands aside',
  async ({ db }) => {
    const one = openTeam(db)
    const other = openTeam(db)
    await one.settings.set('aegen', 'persona', 'Eres breve.')
    await one.settings.set('aegen', 'limits', { turnSeconds: 30 })
    await other.settings.refresh()
    assert.equal(other.live().persona, 'Eres breve.')

    const newer = openTeam(db, { persona: 'Eres de la nueva versión.', limits: { maxAnswerChars: 500 }, settings: ['limits'] })
    await newer.settings.refresh()
    await newer.settings.refresh()
    assert.equal(newer.live().persona, 'Eres de la nueva versión.')
    assert.deepEqual([newer.live().limits.turnSeconds, newer.live().limits.maxAnswerChars], [30, 500])
    assert.deepEqual(newer.warned, ['setting_ignored'])
  },
)
