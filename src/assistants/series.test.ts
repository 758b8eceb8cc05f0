import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { openRehearsalClock } from '../rehearsal/index.ts'
import { MONDAY_MORNING, scriptedModel } from './stage.ts'
import { local, openCompany } from './stage-passing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

onEachEngine(
  'OFF8 · without any key: what repeats is understood, listed with its next time, moved whole and cancelled whole',
  async ({ db }) => {
    const { stage, pass, reminders } = openCompany(db)
    assert.match(
      await stage.talk('5', 'recuérdame cada lunes y jueves a las 8 sacar la basura'),
      /^Hecho\. Te escribo los lunes y jueves a las 08:00: sacar la basura\n\(La primera vez, el jueves, 26 de noviembre, a las 08:00\.\)/,
    )
    assert.match(await stage.talk('5', 'Recuérdame  cada lunes y jueves a las 8, sacar la BASURA.'), /los lunes y jueves/)
    assert.match(
      await stage.talk('5', '¿qué tengo pendiente?'),
      /^[^2]*1\. jueves, 26 de noviembre, a las 08:00: sacar la basura \(los lunes y jueves a las 08:00\)$/,
    )
    await pass(8 * DAY)
    assert.deepEqual(reminders(), ['2026-11-26T08:00 sacar la basura', '2026-11-30T08:00 sacar la basura'])
    assert.match(await stage.talk('5', 'muévelo a las 9'), /los lunes y jueves a las 09:00/)
    await pass(7 * DAY)
    assert.deepEqual(reminders().slice(2), ['2026-12-03T09:00 sacar la basura', '2026-12-07T09:00 sacar la basura'])
    assert.equal(await stage.talk('5', 'cancela lo de la basura'), 'Cancelado: sacar la basura')
    await pass(15 * DAY)
    assert.equal(reminders().length, 4)
    assert.equal(await stage.talk('5', '¿qué tengo pendiente?'), 'No tienes nada pendiente.')
  },
)

const AT_TEN = MONDAY_MORNING // Monday 23 November, 10:00 in Madrid
const SENTENCES: [string, RegExp][] = [
  [
    'recuérdame todos los días a las 9 tomar agua',
    /todos los días a las 09:00: tomar agua\n\(La primera vez, mañana, a las 09:00/,
  ],
  [
    'recuérdame de lunes a viernes a las 7 de la mañana salir a correr',
    /de lunes a viernes a las 07:00: salir a correr\n\(La primera vez, mañana/,
  ],
  ['recuérdame cada dos semanas el lunes a las 11 regar', /cada 2 semanas, el lunes a las 11:00: regar\n\(La primera vez, hoy/],
  [
    'recuérdame el día 1 de cada mes a las 10 pagar la renta',
    /el día 1 de cada mes a las 10:00: pagar la renta\n\(La primera vez, el martes, 1 de diciembre/,
  ],
  [
    'avísame todos los martes a las 20:00 de llamar a casa hasta el 20 de diciembre',
    /cada martes a las 20:00 hasta el 20 de diciembre de 2026: llamar a casa/,
  ],
  ['recuérdame cada noche cerrar la puerta', /todos los días a las 20:00: cerrar la puerta/],
  [
    'remind me every Monday at 8am to take out the rubbish',
    /every Monday at 08:00: take out the rubbish\n\(The first time, on Monday, November 30/,
  ],
  ['remind me every weekday at 7:30 to stretch', /from Monday to Friday at 07:30: stretch/],
  ['remind me every other friday at 5pm to call mum', /every 2 weeks on Friday at 17:00: call mum/],
  ['recuérdame cada 3 horas beber agua', /como mucho una vez al día/],
  ['recuérdame cada año el 3 de mayo a las 9 felicitar a la abuela', /cada 3 de mayo a las 09:00: felicitar a la abuela/],
]

onEachEngine('OFF8 · how people say that something repeats', async ({ db }) => {
  for (const [n, [said, wanted]] of SENTENCES.entries()) {
    const { stage } = openCompany(db, { clock: openRehearsalClock(AT_TEN), owner: `o${n}` })
    assert.match(await stage.talk(String(100 + n), said), wanted, said)
  }
})

onEachEngine(
  'OUT14 · a year of a daily reminder in four zones, restarted at random, by two processes: each hour once',
  async ({ db }) => {
    const clock = openRehearsalClock(AT_TEN)
    const zones = ['Europe/Madrid', 'America/Santiago', 'America/Mexico_City', 'Australia/Lord_Howe']
    const first = openCompany(db, { clock })
    for (const [n, zone] of zones.entries()) {
      const chat = String(20 + n)
      await first.stage.talk(chat, `/zona ${zone}`)
      await first.stage.talk(chat, 'recuérdame todos los días a las 2:15 de la madrugada algo')
    }
    const sent = first.sent
    let [one, two] = [first, openCompany(db, { clock, owner: 'two' })]
    const begin = clock.now()
    const days = db.engine === 'sqlite' ? 370 : 60
    let seed = 7
    for (let day = 0; day < days; day++) {
      if ((seed = (seed * 1103515245 + 12345) % 2 ** 31) % 5 === 0)
        [one, two] = [openCompany(db, { clock, owner: `a${day}` }), openCompany(db, { clock, owner: `b${day}` })]
      for (let hour = 0; hour < 24; hour += 1) {
        await clock.setTo(begin + day * DAY + (hour + 1) * HOUR)
        await Promise.all([one.deliver(), two.deliver()])
      }
      if (one !== first) sent.push(...one.sent.splice(0))
      sent.push(...two.sent.splice(0))
    }
    for (const [n, zone] of zones.entries()) {
      const mine = sent
        .filter(({ chat, text }) => chat === String(20 + n) && text.startsWith('⏰'))
        .map(({ at }) => local(at, zone).slice(0, 10))
      assert.equal(new Set(mine).size, mine.length, `${zone}: once a day`)
      assert.ok(Math.abs(mine.length - days) <= 1, `${zone}: ${mine.length} of ${days}`)
    }
  },
)

onEachEngine(
  'OUT15 · what was missed while nothing ran is not sent in a heap: the last within its time, and the next as ever',
  async ({ db }) => {
    const { stage, pass, reminders } = openCompany(db)
    await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
    await pass(DAY)
    await stage.clock.setTo(stage.clock.now() + 4 * DAY)
    await pass(2 * HOUR, HOUR / 4)
    assert.deepEqual(
      reminders().map((line) => line.slice(0, 10)),
      ['2026-11-24', '2026-11-28'],
    )
    await pass(DAY)
    assert.deepEqual(reminders().slice(2), ['2026-11-29T09:00 tomar agua'])
  },
)

onEachEngine('OUT15 · it goes with its person: another zone, everything forgotten, a chat that is blocked', async ({ db }) => {
  const { stage, pass, reminders } = openCompany(db)
  await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
  await pass(DAY)
  await stage.talk('5', '/zona America/Mexico_City')
  await pass(2 * DAY)
  assert.equal(reminders().at(-1)!.slice(0, 16), '2026-11-25T16:00', 'nine in Mexico')
  await stage.talk('5', '/olvidar todo')
  await stage.talk('5', 'sí')
  const before = reminders().length
  await pass(3 * DAY)
  assert.equal(reminders().length, before)

  await stage.talk('6', 'recuérdame todos los días a las 9 comer fruta')
  await db.transaction((tx) => stage.outbox.chatBlocked(tx, 'telegram', '6'))
  await pass(3 * DAY)
  assert.equal(reminders().length, before)
})

onEachEngine('TURN24 · a model makes, lists, moves and cancels a series; the same twice is one', async ({ db }) => {
  const call = (name: string, args: unknown) => ({ calls: [{ name, arguments: args }] })
  const wish = { kind: 'reminder', at: '2026-11-24T09:00', text: 'Agua', repeats: { every: 'day' } }
  const scripted = scriptedModel(call('schedule_message', wish), 'hecho')
  const { stage, pass, sent } = openCompany(db, { model: scripted.model })
  await stage.talk('5', 'agua cada día')
  await pass(3 * DAY)
  assert.equal(sent.filter(({ text }) => text === 'Agua').length, 3)
  scripted.script.splice(0, 1, call('schedule_message', { ...wish, at: '2026-11-27T09:00', text: '¡agua!' }), 'ya estaba')
  await stage.talk('5', 'otra vez')
  const waiting = async () =>
    (await stage.outbox.pendingOf('aegen', 'telegram', '5')).map(({ id, rhythm }) => ({ id, at: rhythm?.at }))
  assert.deepEqual(
    (await waiting()).map(({ at }) => at),
    ['09:00'],
  )
  const { id } = (await waiting())[0]!
  scripted.script.splice(0, 1, call('move_scheduled', { id, at: '2026-11-28T11:00' }), 'movido')
  await stage.talk('5', 'mejor a las 11')
  assert.deepEqual(
    (await waiting()).map(({ at }) => at),
    ['11:00'],
  )
  const { id: moved } = (await waiting())[0]!
  scripted.script.splice(0, 1, call('cancel_scheduled', { ids: [moved] }), 'cancelado')
  await stage.talk('5', 'déjalo')
  const drunk = () => sent.filter(({ text }) => /agua/i.test(text)).length
  const before = drunk()
  await pass(3 * DAY)
  assert.deepEqual([await waiting(), drunk() - before], [[], 0])
})
