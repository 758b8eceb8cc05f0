import assert from 'node:assert/strict'
import type { DeskOutcome } from '../../src/directory/index.ts'
import { sql } from 'kysely'
import { onEachEngine } from '../support/engines.ts'
import { openStage, playedSource, withDirectory } from './stage.ts'

// The clock of the stage stands at 2026-11-21 09:00 UTC, a Saturday; in Bogota it is 4 in the morning.
const row = (id: number, name: string, more: { entry?: string; leaving?: string; birth?: string; area?: string } = {}) => [
  id,
  more.entry ?? '2020-01-07',
  more.leaving ?? null,
  more.birth ?? null,
  more.area ?? null,
  name,
  '',
]
const PEOPLE_ROWS = [
  row(1, 'Ana Prueba', { birth: '1990-11-22', area: 'Ventas' }),
  row(2, 'Beto Ensayo', { birth: '1985-11-25', area: 'Sistemas' }),
  row(3, 'Cira Ejemplo', { birth: '1985-11-29', area: 'Ventas' }),
  row(4, 'Dan Modelo', { entry: '2026-11-23', birth: '2000-11-23', area: 'Ventas' }),
  row(5, 'Eva Muestra', { birth: '1999-11-24', leaving: '2026-01-31' }),
  row(6, 'Fe Sinfecha'),
]

const told = (outcome: DeskOutcome) => {
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return outcome.told
}

onEachEngine(
  'CCM10 · a route queues one notice for each chat, names who is told and who is not, and the chats get it once',
  async ({ db }) => {
    const stage = await openStage(db, { source: playedSource(PEOPLE_ROWS), chats: ['-100', '-200'] })
    const first = told(await stage.desk.about('birthdays', {}))

    assert.deepEqual(
      first.queued.map(({ chat_id, people }) => ({ chat_id, people })),
      [
        { chat_id: '-100', people: ['Ana Prueba', 'Dan Modelo', 'Beto Ensayo'] },
        { chat_id: '-200', people: ['Ana Prueba', 'Dan Modelo', 'Beto Ensayo'] },
      ],
    )
    assert.ok(first.queued.every(({ id }) => /^out-\d+$/.test(id!)))
    assert.deepEqual(first.skipped, [
      { name: 'Eva Muestra', reason: 'left' },
      { name: 'Fe Sinfecha', reason: 'no_date' },
    ])
    assert.deepEqual(first.source, { age_s: 0, stale: false })
    await stage.turn()
    assert.deepEqual(stage.texts(), [first.text, first.text])
    assert.equal(stage.sent[0]!.format, 'plain')

    const again = told(await stage.desk.about('birthdays', {}))
    await stage.turn()
    assert.equal(stage.sent.length, 2)
    assert.deepEqual(
      again.queued.map(({ id, unchanged }) => ({ id, unchanged })),
      first.queued.map(({ id }) => ({ id, unchanged: true })),
    )

    stage.clock.advance(24 * 3_600_000)
    told(await stage.desk.about('birthdays', {}))
    await stage.turn()
    assert.equal(stage.sent.length, 4, 'the next day is another promise')
  },
  withDirectory,
)

onEachEngine(
  'CCM10 · twenty calls at once are one notice',
  async ({ db }) => {
    const stage = await openStage(db, { source: playedSource(PEOPLE_ROWS) })
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.desk.about('hires', { days: 5 })))
    await stage.turn()

    assert.equal(new Set(answers.map((one) => told(one).queued[0]!.id)).size, 1)
    assert.equal(stage.sent.length, 1)
    assert.match(stage.sent[0]!.text, /Nuevos ingresos[\s\S]*lunes 23 de noviembre[\s\S]*Dan Modelo · Ventas/i)
  },
  withDirectory,
)

onEachEngine(
  'CCM10 · a dry run shows the text and the people, and nothing is queued',
  async ({ db }) => {
    const stage = await openStage(db, { source: playedSource(PEOPLE_ROWS) })
    const dry = told(await stage.desk.about('birthdays', { dry_run: true, chat_ids: ['7'] }))
    const seen = told(await stage.desk.preview('birthdays', { days: 30 }))
    const alert = told(await stage.desk.alert('Simulacro', 'aviso', { dry_run: true }))

    assert.equal(dry.dry_run, true)
    assert.deepEqual(dry.queued, [{ id: null, chat_id: '7', people: ['Ana Prueba', 'Dan Modelo', 'Beto Ensayo'] }])
    assert.match(seen.text, /Cira Ejemplo/)
    assert.equal(alert.text, '⚠️ Simulacro')
    const { rows } = await sql<{ n: number }>`select count(*) as n from outbox_messages`.execute(db.as())
    assert.equal(Number(rows[0]!.n), 0)
  },
  withDirectory,
)

onEachEngine(
  'CCM10 · nobody in those days means that nothing is sent, and says so',
  async ({ db }) => {
    const stage = await openStage(db, { source: playedSource([]) })
    const empty = told(await stage.desk.about('birthdays', {}))

    assert.deepEqual(empty.queued, [])
    assert.match(empty.text, /Nadie cumple años/)
  },
  withDirectory,
)

onEachEngine(
  'CCM11 · a chat of some areas hears of those, a person’s own chat of that person, a named chat of everybody',
  async ({ db }) => {
    const rows = PEOPLE_ROWS.map((one) => ['' as unknown, ...one].slice(1))
    const withChat = rows.map((one, n) => [
      ...one.slice(0, 5),
      n === 1 ? '-900' : n === 3 ? "1'; drop table x" : null,
      ...one.slice(5),
    ])
    const stage = await openStage(db, {
      source: playedSource(withChat),
      people: {
        from: { table: 'empleados' },
        id: 'id',
        entry: 'e',
        leaving: 'l',
        birth: 'b',
        area: 'a',
        chat: 'c',
        name: ['n', 'm'],
      },
      chats: [],
      areaChats: [{ chat: '-300', areas: ['VENTAS', 'administración'] }],
    })
    const all = told(await stage.desk.about('birthdays', {}))
    const named = told(await stage.desk.about('birthdays', { chat_ids: ['-1'], dry_run: true }))

    assert.deepEqual(
      all.queued.map(({ chat_id, people }) => [chat_id, people]),
      [
        ['-300', ['Ana Prueba', 'Dan Modelo']],
        ['-900', ['Beto Ensayo']],
      ],
    )
    assert.ok(all.skipped.some(({ name, reason }) => name === 'Dan Modelo' && reason === 'bad_chat'))
    assert.deepEqual(
      named.queued.map(({ chat_id, people }) => [chat_id, people.length]),
      [['-1', 3]],
    )
    await stage.turn()
    assert.doesNotMatch(stage.sent.find(({ chatId }) => chatId === '-900')!.text, /Ana|Dan/)
  },
  withDirectory,
)

onEachEngine(
  'CCM12 · without a chat, without a source and with a source that is away, each call says what is missing and queues nothing',
  async ({ db }) => {
    const none = await openStage(db, { source: playedSource(PEOPLE_ROWS), chats: [] })
    assert.deepEqual(await none.desk.about('birthdays', {}), { ok: false, why: 'no_chat' })
    assert.deepEqual(await none.desk.alert('Hola', 'info', {}), { ok: false, why: 'no_chat' })

    const unset = await openStage(db, { source: undefined })
    assert.deepEqual(await unset.desk.about('hires', {}), {
      ok: false,
      why: 'hr_unavailable',
      fault: { code: 'unset', what: 'HR_DATABASE_URL' },
    })
    // An alert needs no source.
    assert.equal(told(await unset.desk.alert('Corte de luz', 'urgente', {})).source, null)
    await unset.turn()
    assert.deepEqual(unset.texts(), ['🚨 URGENTE\nCorte de luz'])

    const source = playedSource(PEOPLE_ROWS)
    source.fails = 'port'
    const away = await openStage(db, { source })
    assert.deepEqual(await away.desk.about('birthdays', {}), { ok: false, why: 'hr_unavailable', fault: { code: 'port' } })
    await away.desk.about('birthdays', {})
    assert.equal(source.reads, 1, 'a source that is away is not asked again at once')
    source.fails = undefined
    away.clock.advance(6_000)
    assert.equal(told(await away.desk.about('birthdays', { dry_run: true })).queued.length, 1, 'it recovers by itself')
  },
  withDirectory,
)

onEachEngine(
  'CCM8 · with the source away the last good answer is used, marked with its age, until it is a day old',
  async ({ db }) => {
    const source = playedSource(PEOPLE_ROWS)
    const stage = await openStage(db, { source })
    told(await stage.desk.preview('birthdays', {}))
    told(await stage.desk.preview('birthdays', {}))
    assert.equal(source.reads, 1, 'an answer of the last minute is not asked for again')

    source.fails = 'slow'
    stage.clock.advance(2 * 3_600_000)
    const stale = told(await stage.desk.about('birthdays', {}))
    assert.deepEqual(stale.source, { age_s: 7200, stale: true })
    assert.match(stale.text, /hace 2 horas/)
    assert.equal(stage.directory.state().state, 'degraded')

    stage.clock.advance(23 * 3_600_000)
    assert.equal((await stage.desk.about('birthdays', {})).ok, false)
    source.fails = undefined
    stage.clock.advance(10_000)
    assert.deepEqual(told(await stage.desk.about('birthdays', {})).source, { age_s: 0, stale: false })
    assert.equal(stage.directory.state().state, 'ok')
  },
  withDirectory,
)

onEachEngine(
  'CCM10 · a long alert is cut into parts that keep their order; the same alert twice a day is one',
  async ({ db }) => {
    const stage = await openStage(db, { source: undefined })
    const long = `${'uno '.repeat(1_000)}FIN`
    const first = told(await stage.desk.alert(long, 'info', {}))
    told(await stage.desk.alert(long, 'info', {}))
    told(await stage.desk.alert(long, 'aviso', {}))
    await stage.turn()

    assert.equal(first.queued.length, 2)
    assert.equal(stage.sent.length, 4)
    assert.match(stage.sent[0]!.text, /^ℹ️ uno/)
    assert.match(stage.sent[1]!.text, /FIN$/)
  },
  withDirectory,
)
