import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { scriptedModel } from './stage.ts'
import { openCompany } from './stage-passing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Company = ReturnType<typeof openCompany>
const waitingIn = async ({ stage }: Company, chat = '5') =>
  (await stage.scheduled(chat))
    .filter(({ status }) => status === 'pending')
    .map(({ scheduled_for: at }) => new Date(at).toISOString())
const nextOf = async ({ stage }: Company) =>
  (await stage.outbox.pendingOf('aegen', 'telegram', '5')).find(({ rhythm }) => rhythm !== undefined)!

onEachEngine(
  'OFF10 · of what repeats one time is left out, named or the next; it says which, and when it comes again',
  async ({ db }) => {
    const company = openCompany(db)
    const { stage, pass, reminders } = company
    await stage.talk('5', 'recuérdame cada lunes y jueves a las 8 sacar la basura')
    assert.equal(
      await stage.talk('5', 'sáltate el próximo'),
      'Vale, el jueves, 26 de noviembre, no: sacar la basura. El siguiente es el lunes, 30 de noviembre, a las 08:00.',
    )
    assert.deepEqual(await waitingIn(company), ['2026-11-30T07:00:00.000Z'])
    const [gone] = (await stage.scheduled('5')).filter(({ status }) => status === 'cancelled')
    assert.deepEqual(
      [gone!.reason, gone!.decisions.at(-1)!.why],
      ['person_spoke', 'La persona pidió dejarlo fuera solo esa vez.'],
    )

    assert.match(
      await stage.talk('5', 'el 3 de diciembre no'),
      /^Vale, el jueves, 3 de diciembre, no: .* El siguiente es el lunes, 30/,
    )
    assert.match(await stage.talk('5', 'el 3 de diciembre no'), /^Eso ya quedó fuera\. El siguiente es el lunes, 30/)
    assert.match(await stage.talk('5', '¿qué tengo pendiente?'), /a las 08:00, menos el 26 de noviembre y el 3 de diciembre\)$/)
    assert.match(
      await stage.talk('5', 'no me lo recuerdes mañana'),
      /^Para entonces no había nada\. El siguiente es el lunes, 30/,
    )
    await pass(16 * DAY)
    assert.deepEqual(reminders(), ['2026-11-30T08:00 sacar la basura', '2026-12-07T08:00 sacar la basura'])
    assert.equal((await waitingIn(company)).length, 1)
    assert.match(await stage.talk('5', '¿qué tengo pendiente?'), /a las 08:00\)$/, 'what is over is told no more')
  },
)

onEachEngine('OFF10 · in English, this week, and what was the last of it', async ({ db }) => {
  const company = openCompany(db)
  const { stage, pass, reminders } = company
  const english = { from: { id: '5', name: 'Ann', language: 'en' } }
  await stage.talk('5', 'remind me every day at 9 am to stretch until 5 December', english)
  assert.equal(
    await stage.talk('5', 'not tomorrow', english),
    'All right, not tomorrow: stretch. The next one is on Wednesday, November 25 at 09:00.',
  )
  assert.match(
    await stage.talk('5', "don't remind me this week", english),
    /^All right, not from Wednesday, November 25 to Sunday, November 29: stretch\. The next one is on Monday, November 30/,
  )
  assert.match(
    await stage.talk('5', 'what is pending?', english),
    /at 09:00 until December 5, 2026, except from November 24 to November 29\)$/,
  )
  await pass(9 * DAY)
  assert.deepEqual(
    reminders().map((line) => line.slice(0, 10)),
    ['2026-11-30', '2026-12-01', '2026-12-02'],
  )
  assert.match(await stage.talk('5', 'not this week', english), /does not come any more/)
  await pass(5 * DAY)
  assert.equal(reminders().length, 3)
  assert.deepEqual(await waitingIn(company), [])
})

onEachEngine('OFF10 · with several it is asked which, unless one is named or was just spoken of', async ({ db }) => {
  const company = openCompany(db)
  const { stage } = company
  await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
  await stage.talk('5', 'recuérdame todos los días a las 21 cerrar la puerta')
  assert.match(await stage.talk('5', 'mañana no'), /^Vale, mañana no: cerrar la puerta\. El siguiente es hoy, a las 21:00/)
  await stage.talk('5', 'hola')
  assert.match(await stage.talk('5', 'sáltate el próximo'), /^¿Cuál dejo fuera esa vez\? Dime el número\.\n1\. .*\n2\. /)
  assert.match(await stage.talk('5', 'lo del agua'), /^Vale, mañana no: tomar agua\. El siguiente es el miércoles, 25/)
  assert.match(
    await stage.talk('5', 'pasado mañana no hace falta lo de la puerta'),
    /^Vale, el miércoles, 25 .* no: cerrar la puerta/,
  )
  await stage.talk('5', 'hola')
  assert.match(
    await stage.talk('5', 'el jueves no me recuerdes nada'),
    /^Vale, el jueves, .*cerrar la puerta\..*\nVale, el jueves, .*tomar agua\./,
  )
  assert.equal((await waitingIn(company)).length, 2)
})

onEachEngine('OFF10 · what only sounds like it stays small talk, and takes nothing else with it', async ({ db }) => {
  const company = openCompany(db)
  const { stage } = company
  await stage.talk('5', 'recuérdame mañana a las 10 llamar al banco')
  await stage.talk('5', 'recuérdame el jueves a las 10 llamar a Marta')
  assert.doesNotMatch(await stage.talk('5', 'cancela el próximo'), /^Cancelado/)
  assert.equal(await stage.talk('5', 'sáltate el próximo'), 'No tienes ningún recordatorio que se repita.')
  assert.equal(await stage.talk('5', 'el viernes no me recuerdes lo del banco'), 'No tienes ningún recordatorio que se repita.')
  assert.match(await stage.talk('5', 'esta semana no'), /no sé contestar a eso/)
  assert.equal((await waitingIn(company)).length, 2)
  assert.equal(await stage.talk('5', 'mañana no me recuerdes lo del banco'), 'Cancelado: llamar al banco')
  assert.equal((await waitingIn(company)).length, 1)

  await stage.talk('6', 'recuérdame cada lunes a las 8 ir al gimnasio')
  assert.match(await stage.talk('6', 'mañana no'), /no sé contestar a eso/, 'nothing comes tomorrow')
  const [before] = await waitingIn(company, '6')
  await stage.talk('6', '/start')
  await stage.talk('6', 'hoy no tengo ganas de ir al gimnasio')
  await stage.study()
  const waiting = (await stage.scheduled('6')).filter(({ status }) => status === 'pending')
  assert.deepEqual(waiting.map(({ kind }) => kind).sort(), ['proactive', 'reminder'])
  assert.equal((await waitingIn(company, '6')).includes(before!), true)
})

onEachEngine('OFF10 · "today not" in answer to a question is an answer', async ({ db }) => {
  const company = openCompany(db)
  const { stage, pass, sent } = company
  await stage.talk('5', '/start')
  await stage.talk('5', 'recuérdame todos los días a las 23 mirar las estrellas')
  await stage.talk('5', 'hoy no tengo ganas de ir al gimnasio')
  await stage.study()
  await pass(11 * HOUR)
  assert.match(sent.at(-1)!.text, /gimnasio[^]*\?$/)
  await stage.talk('5', 'hoy no')
  assert.deepEqual(await waitingIn(company), ['2026-11-23T22:00:00.000Z'])
  assert.match(
    await stage.talk('5', 'hoy no me lo recuerdes'),
    /^Vale, hoy no: mirar las estrellas\. El siguiente es mañana, a las 23:00/,
  )
})

onEachEngine('OUT17 · left out twice, after a restart and by two processes, it comes once at each other hour', async ({ db }) => {
  const company = openCompany(db)
  const { stage, pass, reminders } = company
  await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
  const { id } = await nextOf(company)
  const other = openCompany(db, { clock: stage.clock, owner: 'two' })
  const wish = { id, next: true, days: [], why: 'pedido' }
  const done = await Promise.all([stage, other.stage].map(({ outbox }) => db.transaction((tx) => outbox.skip(tx, [wish]))))
  assert.deepEqual(
    done.map((one) => [...one]),
    [[id], [id]],
  )
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from outbox_messages where status = 'pending' and kind = 'reminder'`.execute(db.as())
  assert.equal(Number(rows[0]!.n), 1)
  assert.match(await other.stage.talk('5', 'mañana no'), /^Eso ya quedó fuera/)
  await pass(3 * DAY)
  assert.deepEqual(reminders(), ['2026-11-25T09:00 tomar agua', '2026-11-26T09:00 tomar agua'])
})

onEachEngine(
  'OUT17 · what has left while one spoke cannot be left out any more: that is said, and the series goes on',
  async ({ db }) => {
    const scripted = scriptedModel('hecho')
    const meanwhile: (() => Promise<void>)[] = []
    const company: Company = openCompany(db, {
      model: {
        name: 'slow',
        async *answer(request) {
          if (request.messages.at(-1)!.role === 'tool') await meanwhile.pop()?.()
          yield* scripted.model.answer(request)
        },
      },
    })
    const { stage, pass, sent } = company
    const wish = { kind: 'reminder', at: '2026-11-23T11:00', text: 'Agua', repeats: { every: 'day' } }
    scripted.script.unshift({ calls: [{ name: 'schedule_message', arguments: wish }] })
    await stage.talk('5', 'agua cada día')
    await pass(HOUR - 5_000)
    meanwhile.push(() => pass(10_000))
    const { id } = await nextOf(company)
    scripted.script.unshift({ calls: [{ name: 'cancel_scheduled', arguments: { ids: [id], only: 'next' } }] })
    assert.match(await stage.talk('5', 'hoy no'), /Esta vez llegué tarde: ese mensaje ya estaba saliendo\./)
    await pass(DAY)
    assert.equal(sent.filter(({ text }) => text === 'Agua').length, 2)
  },
)

onEachEngine(
  'TURN25 · a model leaves out one time of a series by the tool that cancels, and only of what repeats',
  async ({ db }) => {
    const call = (name: string, args: unknown) => ({ calls: [{ name, arguments: args }] })
    const scripted = scriptedModel(
      call('schedule_message', { kind: 'reminder', at: '2026-11-24T09:00', text: 'Agua', repeats: { every: 'day' } }),
      call('schedule_message', { kind: 'reminder', at: '2026-11-24T10:00', text: 'Banco' }),
      call('cancel_scheduled', { ids: ['new-1'], only: '2026-11-25' }),
      call('cancel_scheduled', { ids: ['new-2'], only: 'next' }),
      call('cancel_scheduled', { ids: ['new-1'], only: 'whenever' }),
      'hecho',
    )
    const company = openCompany(db, { model: scripted.model })
    const { stage, pass, sent } = company
    await stage.talk('5', 'agua cada día menos el 25, y el banco')
    const told = scripted.asked.map(({ messages }) => messages.at(-1)!.content)
    assert.match(told.join('\n'), /"days":\["2026-11-25"\],"next":"2026-11-24T09:00/)
    assert.match(told.join('\n'), /does_not_repeat[^]*days_not_understood/)
    const water = () => nextOf(company)
    scripted.script.splice(0, 1, call('cancel_scheduled', { ids: [(await water()).id], only: 'next' }), 'hecho')
    await stage.talk('5', 'mañana no')
    assert.deepEqual((await water()).rhythm!.except, ['2026-11-24', '2026-11-25'])
    scripted.script.splice(0, 1, call('move_scheduled', { id: (await water()).id, at: '2026-11-26T11:00' }), 'hecho')
    await stage.talk('5', 'mejor a las 11')
    await pass(4 * DAY + 3 * HOUR)
    const water11 = sent.filter(({ text }) => text === 'Agua').map(({ at }) => new Date(at).toISOString().slice(0, 13))
    assert.deepEqual(water11, ['2026-11-26T10', '2026-11-27T10'])
  },
)
