import assert from 'node:assert/strict'
import { offlineModel } from '../../src/assistants/index.ts'
import { MONDAY_MORNING, openStage } from '../../src/assistants/stage.ts'
import { directorySettings, directoryTools, openDirectory } from '../../src/directory/index.ts'
import { openCache, silentLog } from '../../src/foundation/index.ts'
import { openRehearsalClock } from '../../src/rehearsal/index.ts'
import { onEachEngine } from '../support/engines.ts'
import { hostileStrings } from './hostile.ts'
import { PEOPLE, playedSource, sayIn, ZONE } from './stage.ts'

// One whose birthday is asked for by nobody, and one who starts on a day that nobody asks for.
const ROWS = [
  [1, '2020-01-07', null, '1990-06-15', 'Ventas', 'Xilofonia', 'Prueba'],
  [2, '2027-03-01', null, '1985-07-25', 'Ventas', 'Quetzalriz', 'Ensayo'],
]
// As a channel hands them on.
const STRINGS = hostileStrings(500).map((one) => one.replaceAll(/\p{Cc}/gu, '').toWellFormed())

onEachEngine('CCM14 · 500 hostile strings asked in chats, through whole turns, get what harmless ones get', async ({ db }) => {
  const clock = openRehearsalClock(MONDAY_MORNING)
  const source = playedSource(ROWS)
  const { people, calendar } = directorySettings({ people: PEOPLE }, ZONE)
  const cache = openCache({ log: silentLog, clock })
  const directory = openDirectory({ source, mapping: people, cache, clock, log: silentLog, secret: 's'.repeat(32) })
  const tools = directoryTools({ directory, clock, calendar, sayIn, mayAsk: ({ chatId }) => chatId.startsWith('1') })
  const stage = openStage(db, { clock, model: offlineModel(), file: { tools, schedules: false } })
  const question = (said: string, n: number) =>
    n % 2 === 0 ? `¿Cuándo cumple años ${said}?` : `¿Quién entra el lunes en ${said}?`

  const none = sayIn('es').none
  const kinds = {
    no: (text: string) => text === sayIn('es').notAllowed,
    nobody: (text: string) =>
      text.startsWith('No encuentro a nadie que se llame «') ||
      text.startsWith(none.birthdays('', null).slice(0, 18)) ||
      text.startsWith(none.hires('', null).slice(0, 14)),
  }
  const kindOf = (text: string) => Object.entries(kinds).find(([, is]) => is(text))?.[0] ?? text

  for (const [n, said] of STRINGS.entries()) {
    await stage.hear(String(10_000 + n), question(said, n))
    await stage.hear(String(90_000 + n), question(said, n))
  }
  await stage.crank()
  for (const [n, said] of STRINGS.entries()) {
    const [allowed, stranger] = await Promise.all([stage.replies(String(10_000 + n)), stage.replies(String(90_000 + n))])
    assert.equal(allowed.map(kindOf).join('+'), 'nobody', said)
    assert.equal(stranger.map(kindOf).join('+'), 'no', said)
    assert.doesNotMatch([...allowed, ...stranger].join('\n'), /xilofonia|quetzalriz/i)
  }
  assert.equal(source.reads, 1)
  await directory.close()
  await cache.close()
})
