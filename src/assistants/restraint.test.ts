import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { silentLog, type Database } from '../foundation/index.ts'
import { openStage, scriptedModel, type StageOptions, type Step } from './stage.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A stage that also sends, at 10:00 of a Monday in Madrid; person 5 has agreed to be written to. */
async function openCompany(db: Database, options: StageOptions = {}) {
  const stage = openStage(db, options)
  const sent: { at: number; text: string }[] = []
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async ({ text }) => ({ sent: true, messageId: String(sent.push({ at: stage.clock.now(), text })) }),
    compose: stage.turns.compose,
    farewell: stage.turns.farewell,
    pace: () => undefined,
  })
  const deliver = async () => {
    for (let lines = await delivery.claim(50); lines.length > 0; lines = await delivery.claim(50))
      await Promise.all(lines.map((line) => delivery.deliver(line, stage.never)))
  }
  const pass = async (ms: number, step = HOUR) => {
    for (const end = stage.clock.now() + ms; stage.clock.now() < end;) {
      await stage.clock.advance(Math.min(step, end - stage.clock.now()))
      await deliver()
    }
  }
  const intend = (what: { text?: string; intent?: string; kind?: 'proactive' | 'reminder' }, afterMs: number, livesMs?: number) =>
    stage.outbox.schedule({
      assistant: 'aegen',
      channel: 'telegram',
      chatId: '5',
      kind: 'proactive',
      scheduledFor: stage.clock.now() + afterMs,
      correlation: 'test',
      ...(livesMs !== undefined && { expiresAt: stage.clock.now() + afterMs + livesMs }),
      ...what,
    })
  const of = async ({ id }: { id: number }) => {
    const { status, reason, decisions } = (await stage.outbox.get(id))!
    return { status, reason, last: decisions.at(-1)?.why }
  }
  await stage.talk('5', '/start')
  await deliver()
  sent.length = 0
  return { stage, sent, deliver, pass, intend, of }
}

onEachEngine(
  'OUT12 · whoever wrote within ten minutes is not interrupted by something else; what they asked for comes on time',
  async ({ db }) => {
    const { stage, sent, pass, intend, of } = await openCompany(db)
    await pass(HOUR)
    await stage.talk('5', 'otra cosa')
    sent.length = 0
    const idea = await intend({ text: '¿Y el libro?' }, 3 * MINUTE, 2 * HOUR)
    const brief = await intend({ text: 'Solo ahora' }, 3 * MINUTE, 5 * MINUTE)
    await intend({ text: '⏰ el horno', kind: 'reminder' }, 4 * MINUTE)
    await pass(9 * MINUTE, MINUTE)
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['vale', '⏰ el horno'],
    )
    assert.deepEqual(await of(idea), { status: 'pending', reason: 'person_spoke', last: 'in_talk' })
    assert.deepEqual(await of(brief), { status: 'expired', reason: 'expired', last: 'in_talk' })
    await pass(MINUTE, MINUTE)
    assert.equal(sent.at(-1)!.text, '¿Y el libro?')
  },
)

onEachEngine(
  'OUT13 · unanswered it steps back: longer and longer pauses, then it says that it stops, and stops; a word begins anew',
  async ({ db }) => {
    const { stage, sent, pass, intend, of } = await openCompany(db)
    const start = stage.clock.now()
    const ideas = []
    for (let n = 0; n < 30; n++) ideas.push(await intend({ text: `idea ${n}` }, n * DAY + HOUR, 60 * DAY).catch(() => undefined))
    await pass(60 * DAY)
    const farewell = /^No quiero molestarte/
    const days = sent.map(({ at }) => Math.floor((at - start) / DAY))
    assert.equal(sent.filter(({ text }) => farewell.test(text)).length, 1)
    assert.match(sent.at(-1)!.text, farewell)
    assert.equal(sent.length, 6, 'five that nobody answered, and the last word')
    assert.deepEqual(
      days.map((day, n) => (n === 0 ? 0 : day - days[n - 1]!)),
      [0, 1, 1, 2, 4, 8],
    )
    const over = (await Promise.all(ideas.flatMap((one) => (one ? [of(one)] : [])))).filter(
      ({ status }) => status === 'cancelled',
    )
    assert.ok(over.length > 0)
    for (const one of over) assert.deepEqual([one.reason, one.last], ['gave_up', 'unanswered'])

    await stage.talk('5', 'hola, aquí estoy')
    sent.length = 0
    await intend({ text: 'de nuevo' }, HOUR, DAY)
    await pass(2 * HOUR)
    assert.ok(sent.some(({ text }) => text === 'de nuevo'))
  },
)

onEachEngine('OUT13 · notices and reminders are not its own idea: they neither count nor wait', async ({ db }) => {
  const { sent, pass, intend } = await openCompany(db, { file: { restraint: { stepBackAfter: 1, stopAfter: 1 } } })
  for (let n = 0; n < 4; n++) await intend({ text: `⏰ ${n}`, kind: 'reminder' }, n * DAY + HOUR)
  await intend({ text: 'idea' }, 5 * DAY, DAY)
  await pass(6 * DAY)
  assert.deepEqual(
    sent.map(({ text }) => text),
    ['⏰ 0', '⏰ 1', '⏰ 2', '⏰ 3', 'idea'],
  )
})

const decide = (decisions: object[]): Step => ({ calls: [{ name: 'decide_pending', arguments: { decisions } }] })

onEachEngine(
  'TURN22 · with a model each thing it had meant to say is decided by it, with its reason; what it leaves open, by the rules',
  async ({ db }) => {
    const scripted = scriptedModel('vale')
    const { stage, intend, of } = await openCompany(db, { model: scripted.model })
    const [keep, later, no, now, left, past] = [
      await intend({ intent: 'preguntar por el libro' }, 3 * HOUR, DAY),
      await intend({ intent: 'preguntar por el examen' }, 4 * HOUR, 3 * DAY),
      await intend({ intent: 'preguntar por la lluvia' }, 5 * HOUR, DAY),
      await intend({ intent: 'preguntar por la cena' }, 6 * HOUR, DAY),
      await intend({ intent: 'preguntar por la siesta' }, 7 * HOUR, DAY),
      await intend({ intent: 'preguntar por el paseo' }, 8 * HOUR, DAY),
    ]
    const other = await stage.outbox.schedule({
      assistant: 'aegen',
      channel: 'telegram',
      chatId: '6',
      kind: 'proactive',
      intent: 'de otra persona',
      scheduledFor: stage.clock.now() + HOUR,
      correlation: 'test',
    })
    scripted.script.splice(
      0,
      1,
      decide([
        { id: keep.id, do: 'keep', why: 'no ha hablado de eso' },
        { id: String(later.id), do: 'postpone', until: '2026-11-25T19:00', why: 'hoy\nno puede' },
        { id: no.id, do: 'cancel', why: 'ha salido el sol' },
        { id: now.id, do: 'weave', why: 'habla de cocinar' },
        { id: past.id, do: 'postpone', until: '2026-11-24T03:00', why: 'de madrugada' },
        { id: other.id, do: 'cancel', why: 'no es suyo' },
      ]),
      'pues a cocinar',
    )
    await stage.talk('5', 'hace sol y voy a cocinar; hoy no puedo con el examen')
    const [prompt] = scripted.asked
    assert.match(prompt!.system, /decide_pending/)
    assert.match(prompt!.system, new RegExp(`#${keep.id} .*preguntar por el libro`))
    assert.doesNotMatch(prompt!.system, /de otra persona/)
    const refused = JSON.parse(scripted.asked[1]!.messages.at(-1)!.content) as { decided: string[]; refused: { id: string }[] }
    assert.deepEqual(
      refused.refused.map(({ id }) => Number(id)),
      [past.id, other.id],
    )

    const model = (why: string) => `Lo decidió el modelo: ${why}`
    assert.deepEqual(await of(keep), { status: 'pending', reason: null, last: model('no ha hablado de eso') })
    assert.deepEqual(await of(later), { status: 'pending', reason: 'person_spoke', last: model('hoy no puede') })
    assert.equal((await stage.outbox.get(later.id))!.due_at, Date.UTC(2026, 10, 25, 18, 0))
    assert.deepEqual(await of(no), { status: 'cancelled', reason: 'person_spoke', last: model('ha salido el sol') })
    assert.deepEqual(await of(now), { status: 'cancelled', reason: 'woven', last: model('habla de cocinar') })
    for (const one of [left, past]) assert.match((await of(one)).last!, /sigue como estaba/)
    assert.deepEqual(await of(other), { status: 'pending', reason: null, last: undefined })
  },
)

onEachEngine(
  'TURN22 · a turn that comes to nothing decides nothing by the model: the rules do, and nothing is lost',
  async ({ db }) => {
    const scripted = scriptedModel('vale')
    const { stage, intend, of } = await openCompany(db, { model: scripted.model })
    const one = await intend({ intent: 'preguntar por el libro' }, 5 * HOUR, DAY)
    scripted.script.splice(0, 1, decide([{ id: one.id, do: 'weave', why: 'ahora' }]), 'THROW')
    await stage.talk('5', 'hola')
    const { status, last } = await of(one)
    assert.deepEqual([status, /sigue como estaba/.test(last!)], ['pending', true])
  },
)

onEachEngine(
  'TURN23 · when its time has come the model may see that it no longer fits: nothing is sent, and why is kept',
  async ({ db }) => {
    const scripted = scriptedModel('vale')
    const { stage, sent, pass, intend, of } = await openCompany(db, { model: scripted.model })
    const stale = await intend({ intent: 'preguntar por el libro' }, 3 * HOUR, DAY)
    const fresh = await intend({ intent: 'preguntar por la cena' }, 5 * HOUR, DAY)
    scripted.script.splice(
      0,
      1,
      { calls: [{ name: 'skip_message', arguments: { why: 'ya contó que lo acabó' } }] },
      'no debe salir',
      '¿Qué tal la cena?',
    )
    await pass(6 * HOUR)
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['¿Qué tal la cena?'],
    )
    const { status, reason, last } = await of(stale)
    assert.deepEqual([status, reason], ['cancelled', 'superseded'])
    assert.match(last!, /ya no venía a cuento: ya contó que lo acabó/)
    assert.equal((await of(fresh)).status, 'sent')
    assert.equal(stage.parked.length, 0)
  },
)
