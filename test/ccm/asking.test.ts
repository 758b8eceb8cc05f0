import assert from 'node:assert/strict'
import test from 'node:test'
import { questionIn, directoryTools, type Asker } from '../../src/directory/index.ts'
import { onEachEngine } from '../support/engines.ts'
import { openStage, playedSource, sayIn, withDirectory } from './stage.ts'

// A Saturday.
const today = Temporal.PlainDate.from('2026-11-21')
const asked = (said: string) => {
  const found = questionIn(said, { today })
  return (
    found &&
    `${found.what} ${found.from}..${found.to}${found.area ? ` @${found.area}` : ''}${found.name ? ` "${found.name}"` : ''}`
  )
}

test('CCM16 · what people ask about birthdays and new people is understood without a model', () => {
  const cases: [string, string | undefined][] = [
    ['¿Quién cumple años esta semana?', 'birthdays 2026-11-21..2026-11-22'],
    ['quien cumple hoy', 'birthdays 2026-11-21..2026-11-21'],
    ['¿Quiénes cumplen años mañana?', 'birthdays 2026-11-22..2026-11-22'],
    ['¿Hay algún cumpleaños la semana que viene?', 'birthdays 2026-11-23..2026-11-29'],
    ['cumpleaños de este mes', 'birthdays 2026-11-21..2026-11-30'],
    ['¿Quién cumple en diciembre?', 'birthdays 2026-12-01..2026-12-31'],
    ['¿Quién cumple años en marzo en Ventas?', 'birthdays 2027-03-01..2027-03-31 @ventas'],
    ['quién cumple el 5 de enero', 'birthdays 2027-01-05..2027-01-05'],
    ['¿Quién entra el lunes en Ventas?', 'hires 2026-11-23..2026-11-23 @ventas'],
    ['¿Quién entra el lunes en el área de Recursos Humanos?', 'hires 2026-11-23..2026-11-23 @recursos humanos'],
    ['próximos ingresos', 'hires 2026-11-21..2026-11-27'],
    ['¿Quién ingresa en los próximos 15 días?', 'hires 2026-11-21..2026-12-05'],
    ['¿Cuándo cumple años Ana Prueba?', 'birthdays 2026-11-21..2027-11-20 "ana prueba"'],
    ['who has a birthday this week?', 'birthdays 2026-11-21..2026-11-22'],
    ['who starts on monday in Sales?', 'hires 2026-11-23..2026-11-23 @sales'],
    ['Hola, ¿qué tal?', undefined],
    ['mi cumpleaños es mañana, ¿qué hago?', undefined],
    ['El informe de ventas de este mes está listo', undefined],
    ['recuérdame llamar al banco', undefined],
  ]
  for (const [said, meant] of cases) assert.equal(asked(said), meant, said)
})

const ROWS = [
  [1, '2020-01-07', null, '1990-11-22', 'Ventas', 'Ana', 'Prueba'],
  [2, '2026-11-23', null, '1985-05-25', 'Ventas', 'Beto', 'Ensayo'],
  [3, '2026-11-23', null, '1985-05-25', 'Sistemas', 'Cira', 'Ejemplo'],
]
const asker: Asker = { language: 'es', person: { id: 'p1' }, channel: 'telegram', chatId: '501', group: false }

onEachEngine(
  'CCM16 · who may ask is told by the source, others get a polite no whatever is asked for them',
  async ({ db }) => {
    const stage = await openStage(db, { source: playedSource(ROWS) })
    const open = (mayAsk: (who: Asker) => boolean) =>
      directoryTools({ directory: stage.directory, clock: stage.clock, calendar: stage.calendar, sayIn, mayAsk })
    const [birthdays, hires] = open((who) => who.person?.id === 'p1')
    const said = { now: stage.clock.now(), zone: 'UTC' }

    const args = hires!.hears('¿Quién entra el lunes en Ventas?', said)
    assert.deepEqual(args, { from: '2026-11-23', to: '2026-11-23', area: 'ventas' })
    assert.equal(birthdays!.hears('¿Quién entra el lunes en Ventas?', said), undefined)
    const monday = (await hires!.run(args!, asker)) as { text: string; people: unknown }
    assert.deepEqual(monday.people, [{ name: 'Beto Ensayo', date: '2026-11-23', area: 'Ventas' }])
    assert.match(monday.text, /Beto Ensayo/)
    assert.doesNotMatch(monday.text, /Cira/)

    const ana = (await birthdays!.run({ name: 'ana' }, asker)) as { text: string }
    assert.equal(ana.text, 'Ana Prueba cumple años el domingo 22 de noviembre.')
    const nobody = (await birthdays!.run({ from: '2026-12-01', to: '2026-12-31' }, asker)) as { text: string }
    assert.match(nobody.text, /Nadie cumple años/)

    for (const stranger of [
      { ...asker, person: { id: 'otra' } },
      { ...asker, person: undefined },
    ]) {
      const refused = await hires!.run(args!, stranger)
      assert.deepEqual(refused, { error: 'not_allowed', text: sayIn('es').notAllowed })
    }
  },
  withDirectory,
)

onEachEngine(
  'CCM16 · with the source away the answer says so and makes nobody up',
  async ({ db }) => {
    const source = playedSource(ROWS)
    source.fails = 'slow'
    const stage = await openStage(db, { source })
    const [birthdays] = directoryTools({
      directory: stage.directory,
      clock: stage.clock,
      calendar: stage.calendar,
      sayIn,
      mayAsk: () => true,
    })
    assert.deepEqual(await birthdays!.run({}, asker), { error: 'hr_unavailable', why: 'slow', text: sayIn('es').unavailable })
  },
  withDirectory,
)
