import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { LEASE_MS } from '../conversations/index.ts'
import { openStage, scriptedModel, until } from './stage.ts'

const SORRY = /no he podido contestarte/

onEachEngine(
  'TURN1 · what belongs together becomes one turn and one answer, and each message says where it went',
  async ({ db }) => {
    const { model, asked } = scriptedModel('te leo')
    const stage = openStage(db, { model })
    const first = await stage.hear('5', 'hoy fui', { settleMs: 700 })
    const album = await stage.hear('5', 'al mar', {
      settleMs: 700,
      albumId: 'a1',
      kind: 'file',
      attachments: [{ type: 'photo' }],
    })
    const last = await stage.hear('5', 'con Luis', { settleMs: 700 })
    assert.equal(await stage.once(), 0)

    await stage.clock.advance(800)
    await stage.crank()

    assert.equal(asked.length, 1)
    const said = asked[0]!.messages.at(-1)!.content
    assert.match(said, /hoy fui\n.*photo.*\nal mar\ncon Luis/s)
    assert.deepEqual(await stage.replies('5'), ['te leo'])
    const seq = (await stage.conversations.find({ sourceKey: last.key }))!.seq
    assert.deepEqual(await stage.outcomeOf(first.key), ['answered', `joined in-${seq}`])
    assert.deepEqual(await stage.outcomeOf(album.key), ['answered', `joined in-${seq}`])
    assert.deepEqual(await stage.outcomeOf(last.key), ['answered', null])
    assert.equal((await stage.turns.repliesTo(first.key))[0]?.text, 'te leo')
    assert.deepEqual(
      (await stage.turns.turnsOf(last.key)).map((t) => [t.outcome, t.model, t.tokensIn, t.rounds]),
      [['answered', 'scripted', 10, 1]],
    )
  },
)

onEachEngine(
  'TURN2 · what arrives during a turn makes the next one, and the answer then says what it answers',
  async ({ db }) => {
    const { model, asked } = scriptedModel('primera', 'segunda')
    let late: Promise<unknown> | undefined
    const slow = {
      ...model,
      async *answer(request: Parameters<typeof model.answer>[0]) {
        late ??= stage.hear('5', 'y otra cosa')
        await late
        yield* model.answer(request)
      },
    }
    const stage = openStage(db, { model: slow })
    const { messageId } = await stage.hear('5', 'una cosa')
    await stage.crank()

    assert.deepEqual(await stage.replies('5'), ['primera', 'segunda'])
    assert.equal(asked[1]!.messages.at(-1)!.content, 'y otra cosa')
    assert.deepEqual(
      asked[1]!.messages.map((m) => m.content),
      ['una cosa', 'primera', 'y otra cosa'],
    )
    const rows = await stage.rowsOf('5')
    assert.deepEqual(
      rows.map((r) => r.reply_to),
      [messageId, null],
    )
  },
)

onEachEngine('TURN3 · a turn that dies is taken again, and what it had promised is done once', async ({ db }) => {
  const call = {
    calls: [{ name: 'schedule_message', arguments: { kind: 'reminder', at: '2026-11-23T20:00', text: 'el gimnasio' } }],
  }
  const { model, asked } = scriptedModel(call, 'HANG', call, 'Hecho, a las 20:00.')
  const stage = openStage(db, { model })
  const { key } = await stage.hear('5', 'recuérdame a las 8 el gimnasio')
  const [dying] = await stage.conversations.claim(1)
  void stage.turns.take(dying!, stage.never)
  await until(() => asked.length === 2)
  assert.deepEqual(await stage.rowsOf('5'), [])

  await stage.clock.advance(LEASE_MS + 1)
  await stage.crank()

  assert.deepEqual(await stage.replies('5'), ['Hecho, a las 20:00.'])
  const planned = await stage.scheduled('5')
  assert.deepEqual(
    planned.map((p) => [p.kind, p.text, p.status]),
    [['reminder', 'el gimnasio', 'pending']],
  )
  assert.equal(planned[0]!.scheduled_for, Date.UTC(2026, 10, 23, 19, 0))
  assert.deepEqual(
    (await stage.turns.turnsOf(key)).map((t) => t.attempt),
    [2],
  )
})

onEachEngine(
  'TURN4 · a message that cannot be dealt with is parked with an apology, and the conversation goes on',
  async ({ db }) => {
    const stage = openStage(db, {
      model: scriptedModel('bien').model,
      channel: {
        split: (text) => {
          if (stage.turns && text === 'bien' && poison) throw new Error('poison')
          return [text]
        },
      },
    })
    let poison = true
    const bad = await stage.hear('5', 'veneno')
    await stage.crank()
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await stage.outcomeOf(bad.key), [null, null])
      await stage.clock.advance(30_000)
      await stage.crank()
    }
    poison = false
    const good = await stage.hear('5', 'hola')
    await stage.crank()

    assert.deepEqual(await stage.outcomeOf(bad.key), ['parked', 'gave_up'])
    assert.deepEqual(await stage.outcomeOf(good.key), ['answered', null])
    const said = await stage.replies('5')
    assert.match(said[0]!, /lo he dejado apartado/)
    assert.equal(said[1], 'bien')
    assert.deepEqual(
      stage.parked.map((p) => p.sourceKey),
      [bad.key],
    )
    assert.deepEqual(
      (await stage.turns.turnsOf(bad.key)).map((t) => t.outcome),
      ['failed', 'failed', 'failed', 'parked'],
    )
  },
)

onEachEngine(
  'TURN5 · a model that fails gives one polite sentence: never silence, never half an answer, and its plans fall with it',
  async ({ db }) => {
    const plan = {
      say: 'Lo apunto.',
      calls: [{ name: 'schedule_message', arguments: { kind: 'reminder', at: 'mañana a las 9', text: 'x' } }],
    }
    const garbage = {
      calls: [
        { name: 'schedule_message', arguments: '{"kind": "remin' },
        { name: 'rm_rf', arguments: {} },
      ],
    }
    const loop = { calls: [{ name: 'list_scheduled', arguments: {} }] }
    const cases: [string, Parameters<typeof scriptedModel>, RegExp][] = [
      ['throws', ['THROW'], /^apologised: failed$/],
      ['is empty', ['EMPTY'], /^apologised: empty$/],
      ['is blank', [{ say: ' \n ' }], /^apologised: empty$/],
      ['is cut', ['CUT'], /^apologised: cut$/],
      ['fails after a plan', [plan, 'THROW'], /^apologised: failed$/],
      ['is cut after a plan', [plan, 'CUT'], /^apologised: cut$/],
      ['calls garbage', [garbage], /^apologised: garbage$/],
      ['never stops calling', [loop], /^apologised: loop$/],
      ['is filtered', [{ reason: 'filtered' }], /^apologised: filtered$/],
    ]
    for (const [n, [what, script, reason]] of cases.entries()) {
      const { model, asked } = scriptedModel(...script)
      const stage = openStage(db, { model, owner: `o${n}` })
      const { key } = await stage.hear(`10${n}`, 'hola')
      await stage.crank()
      const said = await stage.replies(`10${n}`)
      assert.equal(said.length, 1, what)
      assert.match(said[0]!, SORRY, what)
      assert.deepEqual(await stage.scheduled(`10${n}`), [], what)
      assert.match(String((await stage.outcomeOf(key))[1]), reason, what)
      assert.ok(asked.length <= 8, what)
      assert.deepEqual(stage.working, [], what)
    }
  },
)

onEachEngine(
  'TURN5 · a model that hangs is given up at its deadline, in the middle of a word or before the first',
  async ({ db }) => {
    for (const [n, script] of [['HANG'], [{ calls: [{ name: 'list_scheduled', arguments: {} }] }, 'HANG']].entries()) {
      const { model, hung } = scriptedModel(...script)
      const stage = openStage(db, { model, owner: `h${n}` })
      const { key } = await stage.hear(`20${n}`, 'hola')
      const [turn] = await stage.conversations.claim(1)
      const taking = stage.turns.take(turn!, stage.never)
      await until(() => hung() === 1)
      assert.equal(stage.working.length, 1)
      for (let i = 0; i < 21; i++) {
        await stage.clock.advance(3_000)
        await stage.conversations.renew([turn!])
      }
      await taking
      assert.match((await stage.replies(`20${n}`)).join(), SORRY)
      assert.deepEqual(await stage.outcomeOf(key), ['answered', 'apologised: hung'])
      assert.deepEqual(stage.working, [])
    }
  },
)

onEachEngine('TURN6 · an answer that does not end is cut at a sentence and says so', async ({ db }) => {
  const { model } = scriptedModel({ endless: 'Esto es una frase. ' })
  const stage = openStage(db, { model, file: { limits: { maxAnswerChars: 500 } } })
  const said = await stage.talk('5', 'cuéntame todo')
  assert.ok(said.length < 700)
  assert.match(said, /Esto es una frase\.\n\n\(Me detengo aquí/)

  const short = openStage(db, {
    model: scriptedModel({ say: 'Una frase entera. Y otra que se queda a me', reason: 'length' }).model,
    owner: 'two',
  })
  assert.match(await short.talk('6', 'sigue'), /^Una frase entera\.[^]*Me detengo aquí/)
})

onEachEngine('TURN7 · two hundred chats at once, and nothing of one surfaces in another', async ({ db }) => {
  const model = scriptedModel((request) => [request.system, ...request.messages.map((m) => m.content)].join('\n')).model
  const stage = openStage(db, { model, file: { limits: { maxAnswerChars: 20_000 } } })
  const chats = Array.from({ length: 200 }, (_none, n) => String(1000 + n))
  await Promise.all(chats.map((chat) => stage.hear(chat, `canario-${chat}-uno`, { from: { id: chat, name: `Nombre${chat}x` } })))
  await stage.crank()
  await Promise.all(chats.map((chat) => stage.hear(chat, `canario-${chat}-dos`)))
  await stage.crank()
  for (const chat of chats) {
    const said = (await stage.replies(chat)).join('\n')
    assert.match(said, new RegExp(`canario-${chat}-uno[^]*canario-${chat}-dos`))
    const canaries = new Set([...said.matchAll(/canario-(\d+)|Nombre(\d+)x/g)].map((m) => m[1] ?? m[2]))
    assert.deepEqual([...canaries], [chat])
  }
})

onEachEngine('TURN8 · a worker that comes back late writes nothing', async ({ db, again }) => {
  const { model } = scriptedModel('tarde')
  let letGo: (() => void) | undefined
  const stalled = {
    ...model,
    async *answer(request: Parameters<typeof model.answer>[0]) {
      await new Promise<void>((resolve) => (letGo = resolve))
      yield* model.answer(request)
    },
  }
  const slow = openStage(db, { model: stalled })
  const { key } = await slow.hear('5', 'hola')
  const [turn] = await slow.conversations.claim(1)
  const taking = slow.turns.take(turn!, slow.never)
  await until(() => letGo !== undefined)
  await slow.clock.advance(LEASE_MS + 1)

  const other = openStage(again(), { clock: slow.clock, owner: 'two', model: scriptedModel('a tiempo').model })
  await other.crank()
  letGo!()
  await taking

  assert.deepEqual(await other.replies('5'), ['a tiempo'])
  assert.deepEqual(
    (await other.turns.turnsOf(key)).map((t) => t.attempt),
    [2],
  )
})

onEachEngine('TURN9 · a process that stops gives its turn back unharmed: the attempt does not count', async ({ db }) => {
  const { model, hung } = scriptedModel('HANG', 'ya')
  const stage = openStage(db, { model })
  await stage.hear('5', 'hola')
  const [turn] = await stage.conversations.claim(1)
  const stop = new AbortController()
  const taking = stage.turns.take(turn!, stop.signal)
  await until(() => hung() === 1)
  stop.abort()
  await stage.clock.advance(1)
  await taking
  const [back] = await stage.conversations.claim(1)
  assert.equal(back!.attempt, 1)
  await stage.turns.take(back!, stage.never)
  assert.deepEqual(await stage.replies('5'), ['ya'])
})
