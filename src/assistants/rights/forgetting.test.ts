import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../../test/support/engines.ts'
import { tracesOf } from '../../../test/support/traces.ts'
import { EPHEMERAL_REST_MS } from '../../people/index.ts'
import { scriptedModel } from '../stage.ts'
import { CANARY, HOUR, buttonsOf, open, press, sendAll } from './stage.ts'

onEachEngine('MEM7 · forgetting a topic shows what goes, waits for the yes, and then leaves no trace of it', async ({ db }) => {
  const stage = open(db, { onErased: (id) => erased.push(id) })
  const erased: string[] = []
  await stage.talk('5', '/start')
  await stage.talk('5', `me encanta la ${CANARY}`)
  await stage.talk('5', `recuérdame mañana a las 9 comprar ${CANARY}`)
  await stage.talk('5', 'me encanta la montaña')
  await stage.talk('6', `yo odio la ${CANARY}`)
  await stage.study()
  await sendAll(stage)

  const shown = await stage.talk('5', `/olvidar ${CANARY}`)
  assert.match(shown, /1 cosa que sé: Le gusta: la zanahoria/)
  assert.match(shown, /2 mensajes tuyos/)
  assert.match(shown, /1 mensaje pendiente: .*zanahoria/)
  assert.match(await stage.talk('5', 'no'), /no hago nada/)
  assert.equal((await stage.people.memoriesOf(await stage.personId('5'), 'aegen')).length, 2)
  await stage.talk('5', `/olvidar ${CANARY}`)
  await stage.clock.advance(11 * 60_000)
  assert.doesNotMatch(await stage.talk('5', 'sí'), /borrado/, 'ten minutes, no longer')

  await stage.talk('5', `/forget ${CANARY}`)
  await sendAll(stage)
  const [yes] = await buttonsOf(stage)
  // The platform tells with the press what the button hung on.
  await stage.hear('5', '', {
    kind: 'press',
    press: { id: 'p', data: yes! },
    replyTo: { messageId: '1', fromAssistant: true, text: CANARY },
  })
  await stage.crank()
  assert.match((await stage.replies('5')).at(-1)!, /borrado para siempre/)
  assert.match(await press(stage, yes!), /ya no está abierta/)
  const mine = (await tracesOf(db, CANARY)).filter((row) => !row.includes('odio'))
  assert.deepEqual(mine, [])
  assert.deepEqual(erased, [await stage.personId('5')])
  assert.deepEqual(
    (await stage.people.memoriesOf(await stage.personId('5'), 'aegen')).map((m) => m.says),
    ['Le gusta: la montaña'],
  )
  const [reminder] = await stage.scheduled('5')
  assert.deepEqual([reminder!.status, reminder!.text], ['cancelled', ''])
  assert.equal((await tracesOf(db, CANARY)).length > 0, true, 'what another said of it is theirs')
  assert.match(await stage.talk('5', `/olvidar ${CANARY}`), /No encuentro nada/)
})

onEachEngine(
  'MEM7 · forgetting everything leaves no trace in any table, gives back no slot, and writes to nobody',
  async ({ db }) => {
    const stage = open(db)
    await stage.talk('5', '/start', { from: { id: '5', name: CANARY, username: `${CANARY}_1`, language: 'es' } })
    await stage.talk('5', `me llamo ${CANARY}`)
    await stage.talk('5', `quiero aprender ${CANARY}; mi hermana se llama ${CANARY}`)
    await stage.talk('5', `mañana tengo un examen de ${CANARY}`)
    await stage.talk('5', `recuérdame en 1 hora la ${CANARY}`)
    await stage.outbox.schedule({
      assistant: 'aegen',
      channel: 'telegram',
      chatId: '5',
      kind: 'proactive',
      intent: `¿la ${CANARY}?`,
      key: CANARY,
      correlation: 'api',
    })
    await stage.study()
    await stage.clock.advance(HOUR)
    await sendAll(stage)
    await stage.hear('5', `esto queda sin aprender: me llamo ${CANARY}`)
    await stage.crank()
    const owner = await stage.personId('5')
    await sql`
    insert into tool_calls(call_key, lane, person_id, first_seq, last_seq, round, tool, arguments, same, begun_at, parked)
    values ('k', 'aegen|telegram|5|', ${owner}, 1, 1, 1, 'note', ${CANARY}, 'x', ${stage.clock.now()}, 1)`.execute(db.as())
    assert.ok((await tracesOf(db, CANARY)).length > 8)
    const slotsBefore =
      await sql`select kind, quota_day, quota_slot from outbox_messages where quota_slot is not null order by id`.execute(db.as())
    assert.equal(slotsBefore.rows.length, 2)

    assert.match(await stage.talk('5', '/olvidar todo'), /todo lo tuyo[\s\S]*No se puede deshacer/)
    assert.match(await stage.talk('5', 'sí'), /Empezamos de cero/)
    assert.deepEqual(await tracesOf(db, CANARY), [])
    await stage.study()
    await stage.rights.tidy()
    assert.deepEqual(await tracesOf(db, CANARY), [])
    const slotsAfter =
      await sql`select kind, quota_day, quota_slot from outbox_messages where quota_slot is not null order by id`.execute(db.as())
    assert.deepEqual(slotsAfter.rows, slotsBefore.rows)
    const person = (await stage.people.find('telegram', '5'))!
    assert.deepEqual([person.consent, person.name], [false, null])
    assert.deepEqual(
      (await stage.rowsOf('5')).filter((item) => item.status === 'pending').map((item) => item.kind),
      ['reply'],
    )
    assert.match(await stage.talk('5', '/misdatos'), /Todavía no he guardado nada/)
  },
)

onEachEngine(
  'MEM7 · what was being answered while its person was erased goes too; an older backup is erased again',
  async ({ db }) => {
    const stage = open(db)
    await stage.talk('5', '/start')
    await stage.hear('5', `me llamo ${CANARY}`, { thread: '77' })
    await stage.talk('5', `me gusta la ${CANARY}`)
    await stage.study()
    const backup = await stage.people.memoriesOf(await stage.personId('5'), 'aegen')
    // Taken by a worker, not yet answered.
    await stage.hear('5', `me encanta la ${CANARY}`, { thread: '88' })
    const [slow] = await stage.conversations.claim(1)
    await stage.clock.advance(5)
    await stage.talk('5', '/olvidar todo')
    await stage.talk('5', 'sí')
    await stage.turns.take(slow!, stage.never)
    await stage.study()
    assert.deepEqual(await stage.people.memoriesOf(await stage.personId('5'), 'aegen'), [])
    await stage.rights.tidy()
    assert.deepEqual(
      (await tracesOf(db, CANARY)).filter((row) => row.startsWith('heard:')),
      [],
    )

    const erasures = await stage.people.erasuresSince(0)
    assert.equal(erasures.length, 1)
    assert.ok(!JSON.stringify(erasures).includes(CANARY))
    await db.transaction((tx) =>
      stage.people.remember(tx, erasures[0]!.personId, { ...backup[0]!, evidence: 1, validUntil: undefined }),
    )
    await stage.rights.eraseAgain(erasures)
    assert.deepEqual(await tracesOf(db, CANARY), [])
  },
)

onEachEngine(
  'MEM8 · talk that leaves nothing behind: followed while it lasts, learnt by nobody, erased at its end',
  async ({ db }) => {
    const { model, asked } = scriptedModel('te escucho')
    const stage = open(db, { model })
    await stage.talk('5', 'hola')
    assert.match(await stage.talk('5', '/efimero'), /sin recordar/)
    await stage.talk('5', `me llamo ${CANARY}`)
    await stage.talk('5', `tengo un secreto: ${CANARY}`)
    assert.match(JSON.stringify(asked.at(-1)!.messages), new RegExp(`me llamo ${CANARY}`), 'each answer needs what came before')
    assert.match(asked.at(-1)!.system, /sin que se recuerde nada/)
    await stage.study()
    assert.deepEqual(await stage.people.memoriesOf(await stage.personId('5'), 'aegen'), [])
    await sendAll(stage)
    assert.match(await stage.talk('5', '/efimero'), /queda borrado/)
    assert.deepEqual(await tracesOf(db, CANARY), [])
    await stage.talk('5', 'me llamo Anabel')
    await stage.study()
    assert.doesNotMatch(JSON.stringify(asked.at(-1)!.messages), new RegExp(CANARY))

    await stage.talk('5', '/ephemeral')
    await stage.talk('5', `otra vez ${CANARY}`)
    await sendAll(stage)
    await stage.clock.advance(EPHEMERAL_REST_MS + 1)
    await stage.rights.tidy()
    assert.deepEqual(await tracesOf(db, CANARY), [])
    const talks = await sql`select 1 from ephemeral_talks`.execute(db.as())
    assert.equal(talks.rows.length, 0)
  },
)

onEachEngine(
  'MEM7 · erasing and learning at the same moment, in two processes: whoever is first, nothing is left',
  async ({ db, again }) => {
    for (let round = 0; round < 6; round++) {
      const chat = String(500 + round)
      const stage = open(db, { owner: `a${round}` })
      const other = open(again(), { clock: stage.clock, owner: `b${round}` })
      await stage.talk(chat, `me encanta la ${CANARY}. me llamo ${CANARY}`)
      await stage.clock.advance(1)
      await stage.talk(chat, '/olvidar todo')
      await stage.hear(chat, 'sí')
      await Promise.all([stage.crank(), other.study()])
      await stage.crank()
      await other.study()
      assert.deepEqual(await tracesOf(db, CANARY), [])
    }
  },
)
