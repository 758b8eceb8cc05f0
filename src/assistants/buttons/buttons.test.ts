import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '../../../test/support/engines.ts'
import { silentLog, type Database } from '../../foundation/index.ts'
import type { Outgoing } from '../../outbox/index.ts'
import { openStage, scriptedModel } from '../stage.ts'
import { changed, planWordsIn } from './change.ts'
import { isSignedBy, planData, planPressIn } from './press.ts'

const GYM = {
  calls: [{ name: 'schedule_message', arguments: { kind: 'reminder', at: '2026-11-23T20:00', text: 'el gimnasio' } }],
}
const at = (hour: number, day = 23) => Date.UTC(2026, 10, day, hour - 1)

/** A stage whose messages leave, and whose buttons can be pressed as Telegram tells of it. */
function openPressing(db: Database, ...script: Parameters<typeof scriptedModel>) {
  const told: string[] = []
  const stage = openStage(db, {
    model: scriptedModel(...script).model,
    channel: { acknowledgePress: async (_assistant, _press, text) => void told.push(text ?? '') },
  })
  const screen = new Map<string, Outgoing>()
  let count = 0
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async (message) => {
      const messageId = message.edits ?? String(++count)
      screen.set(messageId, message)
      return { sent: true, messageId }
    },
    compose: async () => ({ drop: 'superseded' }),
    pace: () => undefined,
  })
  const deliver = async () => {
    for (let taken = await delivery.claim(50); taken.some((one) => one.head); taken = await delivery.claim(50))
      for (const one of taken) await delivery.deliver(one, stage.never)
  }
  const settle = async () => {
    await stage.crank()
    await deliver()
  }
  let presses = 0
  const press = async (chatId: string, messageId: string, data: string) => {
    const { key } = await stage.hear(chatId, '', { kind: 'press', messageId, press: { id: `q${++presses}`, data } })
    await settle()
    return key
  }
  const buttons = (messageId: string) => (screen.get(messageId)?.buttons ?? []).flat()
  const planned = async (chatId: string) => (await stage.scheduled(chatId)).map((m) => [m.status, m.scheduled_for])
  return { stage, told, screen, settle, press, buttons, planned }
}

onEachEngine(
  'BTN1 · what a turn promises comes with buttons; one press moves it, and the message says the new time',
  async ({ db }) => {
    const { stage, told, screen, settle, press, buttons, planned } = openPressing(db, GYM, 'Hecho, a las 20:00.')
    await stage.hear('5', 'recuérdame a las 8 el gimnasio')
    await settle()
    const labels = buttons('1').map(({ label }) => label)
    assert.deepEqual(labels, ['+1 h', 'Mañana a la misma hora', 'Deshacer'])
    for (const { data } of buttons('1')) assert.ok(Buffer.byteLength(data) <= 64)

    const old = buttons('1')
    await press('5', '1', old[0]!.data)
    assert.deepEqual(await planned('5'), [['pending', at(21)]])
    assert.equal(screen.get('1')!.text, 'Hecho, a las 20:00.\n\n⏰ Ahora: hoy, a las 21:00')
    await press('5', '1', buttons('1')[1]!.data)
    assert.deepEqual(await planned('5'), [['pending', at(21, 24)]])
    assert.equal(screen.get('1')!.text, 'Hecho, a las 20:00.\n\n⏰ Ahora: mañana, a las 21:00')
    await press('5', '1', buttons('1')[2]!.data)
    assert.deepEqual(await planned('5'), [['cancelled', at(21, 24)]])
    assert.equal(screen.get('1')!.text, 'Hecho, a las 20:00.\n\n✖ Deshecho')
    assert.deepEqual(buttons('1'), [])
    assert.deepEqual(told, ['', '', ''])
    assert.equal(screen.size, 1)
    const [row] = await stage.scheduled('5')
    assert.deepEqual(
      row!.decisions.map(({ what, why }) => [what, why]),
      [
        ['moved', 'La persona lo movió.'],
        ['moved', 'La persona lo movió.'],
        ['cancelled', 'La persona lo deshizo.'],
      ],
    )
  },
)

onEachEngine(
  'BTN2 · a press counts once: pressed again, late, in another chat or made up, it does nothing and says so',
  async ({ db }) => {
    const { stage, told, screen, settle, press, buttons, planned } = openPressing(db, GYM, 'Hecho.', 'hola', GYM, 'Hecho.')
    await stage.hear('5', 'recuérdame a las 8 el gimnasio')
    await settle()
    const [hour, , undo] = buttons('1').map(({ data }) => data)
    await stage.hear('5', '', { kind: 'press', messageId: '1', press: { id: 'a', data: hour! } })
    await stage.hear('5', '', { kind: 'press', messageId: '1', press: { id: 'b', data: hour! } })
    await settle()
    assert.deepEqual(await planned('5'), [['pending', at(21)]])
    assert.equal(told[0], '')
    assert.match(told[1]!, /ya no vale/)

    await press('5', '1', undo!)
    assert.match(told[2]!, /ya no vale/)
    const fresh = buttons('1')[2]!.data
    await stage.talk('6', 'hola')
    await press('6', '1', fresh)
    assert.match(told[3]!, /ya no vale/)
    await press('5', '1', `${fresh.slice(0, -1)}${fresh.endsWith('A') ? 'B' : 'A'}`)
    assert.match(told[4]!, /ya no vale/)
    await press('5', '1', 'p:u:plan-whatever')
    assert.deepEqual(await planned('5'), [['pending', at(21)]])

    await stage.clock.advance(13 * 3_600_000)
    await settle()
    assert.deepEqual(await planned('5'), [['sent', at(21)]])
    const before = screen.size
    await press('5', '1', fresh)
    assert.match(told.at(-1)!, /ya no vale/)
    assert.deepEqual(await planned('5'), [['sent', at(21)]])
    assert.equal(screen.size, before)
  },
)

onEachEngine('BTN3 · what went out between the press and its end is told truly', async ({ db }) => {
  const { stage, settle, buttons, planned, screen } = openPressing(db, GYM, 'Hecho.')
  await stage.hear('5', 'recuérdame a las 8 el gimnasio')
  await settle()
  await stage.hear('5', '', { kind: 'press', messageId: '1', press: { id: 'a', data: buttons('1')[2]!.data } })
  const cancelled = stage.outbox.promised
  // The last look before the closing transaction, and then somebody else is quicker.
  stage.outbox.promised = async (...about) => {
    const found = await cancelled(...about)
    await stage.outbox.cancel(found[0]!.id, 'an operator')
    return found
  }
  await settle()
  assert.deepEqual(await planned('5'), [['cancelled', at(20)]])
  assert.equal(screen.get('1')!.text, 'Hecho.')
  assert.match([...screen.values()].at(-1)!.text, /Ya era tarde/)
})

onEachEngine('BTN4 · where there are no buttons words do the same, for what was just promised and no more', async ({ db }) => {
  const { stage, planned } = openPressing(db, GYM, 'Hecho.', 'no sé qué deshacer')
  assert.equal(await stage.talk('5', 'recuérdame a las 8 el gimnasio'), 'Hecho.')
  assert.equal(await stage.talk('5', 'Mejor una hora más tarde'), '⏰ Ahora: hoy, a las 21:00')
  assert.equal(await stage.talk('5', 'deshacer'), '✖ Deshecho')
  assert.deepEqual(await planned('5'), [['cancelled', at(21)]])
  assert.equal(await stage.talk('5', 'deshacer'), 'no sé qué deshacer')
})

onEachEngine('BTN5 · several promises of one turn keep their own buttons and their own line', async ({ db }) => {
  const two = {
    calls: ['2026-11-23T20:00', '2026-11-23T21:00'].map((time) => ({
      name: 'schedule_message',
      arguments: { kind: 'reminder', at: time, text: `a las ${time}` },
    })),
  }
  const { stage, settle, press, buttons, planned, screen } = openPressing(db, two, 'Hechos los dos.')
  await stage.hear('5', 'dos cosas')
  await settle()
  const labels = buttons('1').map(({ label }) => label)
  assert.deepEqual([labels.length, labels[0], labels[5]], [6, '1. +1 h', '2. Deshacer'])
  await press('5', '1', buttons('1')[5]!.data)
  assert.deepEqual(await planned('5'), [
    ['pending', at(20)],
    ['cancelled', at(21)],
  ])
  assert.equal(screen.get('1')!.text, 'Hechos los dos.\n\n1. ⏰ Ahora: hoy, a las 20:00\n2. ✖ Deshecho')
  assert.deepEqual(
    buttons('1').map(({ label }) => label),
    ['1. +1 h', '1. Mañana a la misma hora', '1. Deshacer'],
  )
})

test('BTN6 · what a button carries is signed for its chat, its promise and the time it had', () => {
  const place = { assistant: 'aegen', channel: 'telegram', chatId: '5' }
  const data = planData('hour', 'plan-0123456789abcdef01234567', 1_000, place, 'secret')
  const press = planPressIn(data)!
  assert.ok(Buffer.byteLength(data) <= 64)
  assert.ok(isSignedBy(press, 1_000, place, 'secret'))
  assert.ok(!isSignedBy(press, 2_000, place, 'secret'))
  assert.ok(!isSignedBy(press, 1_000, { ...place, chatId: '6' }, 'secret'))
  assert.ok(!isSignedBy(press, 1_000, { ...place, assistant: 'ccm' }, 'secret'))
  assert.ok(!isSignedBy(press, 1_000, place, 'another'))
  assert.ok(!isSignedBy({ ...press, op: 'undo' }, 1_000, place, 'secret'))
  assert.equal(planPressIn('p:x:plan-1:0123456789abcdef'), undefined)
})

test('BTN7 · the same hour tomorrow is that of the person’s clock, also where the clock changes', () => {
  const madrid = (day: number) => Temporal.ZonedDateTime.from(`2026-10-${day}T20:00[Europe/Madrid]`).epochMilliseconds
  assert.equal(changed('day', madrid(24), 0, 'Europe/Madrid'), madrid(25))
  assert.equal(changed('hour', 1_000, 5_000, 'UTC'), 3_605_000)
  assert.equal(changed('undo', 1_000, 0, 'UTC'), null)
  assert.deepEqual(
    ['Deshacer', 'deshazlo', 'undo that', 'Una hora más tarde.', 'mejor una hora después', '+1 h', 'one hour later'].map(
      planWordsIn,
    ),
    ['undo', 'undo', 'undo', 'hour', 'hour', 'hour', 'hour'],
  )
  assert.deepEqual(
    ['mañana a la misma hora', 'ponlo para mañana a la misma hora', 'tomorrow at the same time', 'hazlo', 'una hora'].map(
      planWordsIn,
    ),
    ['day', 'day', 'day', undefined, undefined],
  )
})
