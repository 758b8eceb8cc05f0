import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { scriptedModel } from './stage.ts'
import { local, openCompany } from './stage-passing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Company = ReturnType<typeof openCompany>
const waitingIn = async ({ stage }: Company, chat = '5') =>
  (await stage.scheduled(chat))
    .filter(({ status }) => status === 'pending')
    .map(({ scheduled_for: at }) => local(at))
    .sort()

onEachEngine(
  'OUT18 · who moves takes the next hour of what repeats along at once; what was promised for one moment stays there',
  async ({ db }) => {
    const company = openCompany(db)
    const { stage, pass, reminders } = company
    await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
    await stage.talk('5', 'recuérdame mañana a las 10 llamar al banco')
    await stage.talk('6', 'recuérdame todos los días a las 9 comer fruta')
    await stage.talk('5', '/zona America/Mexico_City')
    assert.deepEqual(await waitingIn(company), ['2026-11-24T10:00', '2026-11-24T16:00'])
    assert.deepEqual(await waitingIn(company, '6'), ['2026-11-24T09:00'], 'nobody else moved')
    const [water] = await stage.scheduled('5')
    assert.deepEqual(
      water!.decisions.map(({ what, why }) => [what, why]),
      [['moved', 'zone_changed']],
    )
    assert.equal(water!.expires_at, water!.scheduled_for + DAY)
    await stage.talk('5', '/zona America/Mexico_City')
    assert.equal((await stage.scheduled('5'))[0]!.decisions.length, 1)
    await pass(2 * DAY + 7 * HOUR)
    assert.deepEqual(
      reminders().filter((line) => !line.endsWith('fruta')),
      ['2026-11-24T10:00 llamar al banco', '2026-11-24T16:00 tomar agua', '2026-11-25T16:00 tomar agua'],
    )
  },
)

onEachEngine('OUT18 · an hour that is over there already is not lost, and none comes twice on a day', async ({ db }) => {
  const company = openCompany(db)
  const { stage, pass, deliver, reminders } = company
  await stage.talk('5', '/zona America/Mexico_City')
  await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
  await pass(26 * HOUR)
  // Noon of Tuesday in Madrid, five in the morning in Mexico.
  await stage.talk('5', '/zona Europe/Madrid')
  await deliver()
  await pass(DAY)
  assert.deepEqual(reminders(), ['2026-11-23T16:00 tomar agua', '2026-11-24T12:00 tomar agua', '2026-11-25T09:00 tomar agua'])
})

onEachEngine('OUT18 · a whole day between two places gives nobody the same moment twice', async ({ db }) => {
  const company = openCompany(db)
  const { stage, pass, sent } = company
  await stage.talk('5', '/zona Pacific/Honolulu')
  await stage.talk('5', 'recuérdame todos los días a las 9 nadar')
  await pass(2 * DAY)
  await stage.talk('5', '/zona Pacific/Kiritimati')
  await pass(3 * DAY)
  const at = sent.filter(({ text }) => text.startsWith('⏰')).map((one) => one.at)
  assert.equal(new Set(at).size, at.length)
  assert.deepEqual(
    at.map((one) => local(one, 'UTC')),
    ['2026-11-23T19:00', '2026-11-24T19:00', '2026-11-25T19:00', '2026-11-26T19:00', '2026-11-27T19:00'],
  )
})

onEachEngine('OUT18 · however the place is learnt: by a tool, from what was said, by joining another channel', async ({ db }) => {
  const call = (name: string, args: unknown) => ({ calls: [{ name, arguments: args }] })
  const wish = { kind: 'reminder', at: '2026-11-24T09:00', text: 'Agua', repeats: { every: 'day' } }
  const scripted = scriptedModel(call('schedule_message', wish), 'hecho')
  const company = openCompany(db, { model: scripted.model })
  const { stage } = company
  await stage.talk('5', 'agua cada día')
  scripted.script.splice(0, 1, call('set_place', { place: 'Bogotá' }), 'hecho')
  await stage.talk('5', 'vivo en Bogotá')
  assert.deepEqual(await waitingIn(company), ['2026-11-24T15:00'])

  scripted.script.splice(0, 1, call('schedule_message', wish), 'hecho')
  await stage.talk('6', 'agua cada día')
  const [from, to] = [await stage.personId('6'), await stage.personId('5')]
  await db.transaction(async (tx) => {
    await stage.people.keepClaim(tx, to, 'ABCDEFGH')
    await stage.people.joinByClaim(tx, 'ABCDEFGH', from)
  })
  assert.deepEqual(await waitingIn(company, '6'), ['2026-11-24T15:00'])
  await db.transaction((tx) => stage.people.set(tx, to, { zone: null }))
  assert.deepEqual([await waitingIn(company), await waitingIn(company, '6')], [['2026-11-24T09:00'], ['2026-11-24T09:00']])
})

onEachEngine('OUT18 · a place and a cancelling in one breath: it is cancelled', async ({ db }) => {
  const scripted = scriptedModel(
    {
      calls: [
        {
          name: 'schedule_message',
          arguments: { kind: 'reminder', at: '2026-11-24T09:00', text: 'Agua', repeats: { every: 'day' } },
        },
      ],
    },
    'hecho',
  )
  const company = openCompany(db, { model: scripted.model })
  const { stage } = company
  await stage.talk('5', 'agua cada día')
  const [one] = await stage.outbox.pendingOf('aegen', 'telegram', '5')
  scripted.script.splice(
    0,
    1,
    {
      calls: [
        { name: 'set_place', arguments: { place: 'Lima' } },
        { name: 'cancel_scheduled', arguments: { ids: [one!.id] } },
      ],
    },
    'hecho',
  )
  await stage.talk('5', 'me voy a Lima, déjalo')
  assert.deepEqual(await waitingIn(company), [])
  assert.equal(await stage.outbox.advanceSeries(), 0)
})

onEachEngine('OUT18 · moved again and again, across restarts: once on each of its days', async ({ db }) => {
  const zones = ['Europe/Madrid', 'Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Auckland', 'America/Lima', 'Asia/Kolkata']
  let company = openCompany(db)
  const { stage } = company
  await stage.talk('5', 'recuérdame todos los días a las 9 tomar agua')
  const days: string[] = []
  for (let n = 1; n <= 12; n++) {
    await company.pass((17 + ((n * 7) % 19)) * HOUR)
    const zone = zones[(n - 1) % zones.length]!
    days.push(...company.sent.filter(({ text }) => text.startsWith('⏰')).map(({ at }) => local(at, zone).slice(0, 10)))
    company = openCompany(db, { clock: stage.clock, owner: `o${n}` })
    const there = zones[n % zones.length]!
    await company.stage.talk('5', `/zona ${there}`)
    await company.deliver()
    days.push(
      ...company.sent
        .splice(0)
        .filter(({ text }) => text.startsWith('⏰'))
        .map(({ at }) => local(at, there).slice(0, 10)),
    )
  }
  assert.equal(new Set(days).size, days.length, days.join())
  assert.ok(days.length >= 10, days.join())
})
