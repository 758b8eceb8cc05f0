import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { LEASE_MS } from '../conversations/index.ts'
import { openStage, scriptedModel, until } from './stage.ts'

const schedule = (args: object) => ({ name: 'schedule_message', arguments: args })

onEachEngine(
  'TURN19 · what the model is told of its plans is what will be true, and the same promise twice is one',
  async ({ db }) => {
    const same = { kind: 'reminder', at: '2026-11-23T20:00', text: 'tomar la pastilla' }
    const { model, asked } = scriptedModel(
      {
        calls: [
          schedule(same),
          schedule(same),
          schedule({ kind: 'reminder', at: '2026-11-24T08:00:00+01:00', intent: 'preguntar por la cena' }),
        ],
      },
      { calls: [{ name: 'list_scheduled', arguments: {} }] },
      { calls: [{ name: 'cancel_scheduled', arguments: { ids: ['new-2'] } }] },
      'listo',
      { calls: [schedule(same)] },
      'ya estaba',
    )
    const stage = openStage(db, { model })
    await stage.talk('5', 'recuérdame la pastilla')
    const listed = JSON.parse(asked[2]!.messages.at(-1)!.content) as { scheduled: { id: string; at: string; text: string }[] }
    assert.deepEqual(
      listed.scheduled.map((s) => [s.id, s.at, s.text]),
      [
        ['new-1', '2026-11-23T20:00+01:00', 'tomar la pastilla'],
        ['new-2', '2026-11-24T08:00+01:00', 'preguntar por la cena'],
      ],
    )
    assert.deepEqual(
      (await stage.scheduled('5')).map((r) => r.text),
      ['tomar la pastilla'],
    )

    await stage.talk('5', 'otra vez lo mismo')
    assert.equal((await stage.scheduled('5')).length, 1)
  },
)

onEachEngine(
  'TURN19 · it refuses what cannot be: the past, the quiet hours, both or neither of words and reason, another’s message',
  async ({ db }) => {
    const { model, asked } = scriptedModel(
      {
        calls: [
          schedule({ kind: 'reminder', at: '2026-11-22T20:00', text: 'ayer' }),
          schedule({ kind: 'proactive', at: '2026-11-23T23:30', intent: 'de noche' }),
          schedule({ kind: 'reminder', at: '2026-11-23T20:00', intent: 'a', text: 'b' }),
          schedule({ kind: 'reminder', at: '2026-11-23T20:00' }),
          schedule({ kind: 'reminder', at: 'cuando sea', text: 'x' }),
          schedule({ kind: 'reminder', at: '2099-01-01T00:00', text: 'x' }),
          { name: 'cancel_scheduled', arguments: { ids: ['77'] } },
          schedule({ kind: 'proactive', at: '2026-11-23T20:00', intent: 'preguntar por el gimnasio' }),
        ],
      },
      'bien',
    )
    const stage = openStage(db, { model })
    await stage.talk('5', 'hola')
    const results = asked[1]!.messages
      .filter((m) => m.role === 'tool')
      .map((m) => JSON.parse(m.content) as { error?: string; note?: string })
    assert.deepEqual(
      results.map((r) => r.error),
      [
        'past',
        'quiet_hours',
        'one_of_text_and_intent',
        'one_of_text_and_intent',
        'time_not_understood',
        'too_far',
        'unknown_id',
        undefined,
      ],
    )
    assert.match(results.at(-1)!.note!, /agreed/)
    assert.deepEqual(
      (await stage.scheduled('5')).map((r) => [r.kind, r.intent]),
      [['proactive', 'preguntar por el gimnasio']],
    )
  },
)

onEachEngine('TURN20 · the words of an intent are written when it is due, from what is known by then', async ({ db }) => {
  const { model, asked } = scriptedModel('vale', '¿Qué tal el gimnasio, Ana?', 'THROW')
  const stage = openStage(db, { model })
  await stage.talk('5', 'hoy voy al gimnasio')
  const message = {
    assistant: 'aegen',
    channel: 'telegram',
    chatId: '5',
    personId: null,
    intent: 'preguntar por el gimnasio',
    correlation: 'c',
  }
  assert.deepEqual(await stage.turns.compose(message, stage.never), { words: '¿Qué tal el gimnasio, Ana?' })
  assert.match(JSON.stringify(asked[1]!.messages), /hoy voy al gimnasio/)
  assert.match(String(asked[1]!.messages.at(-1)!.content), /preguntar por el gimnasio/)
  assert.deepEqual(await stage.turns.compose(message, stage.never), { later: 60_000 })
})

onEachEngine('TURN21 · the loop takes what comes, shows it while it grows, and stops without losing anything', async ({ db }) => {
  const stage = openStage(db, { model: scriptedModel('uno dos tres').model })
  const work = stage.turns.work()
  try {
    const seen: string[] = []
    const done = new Promise<void>((resolve) => {
      stage.turns.watch('clave-1', (preview) => {
        seen.push(preview.type === 'delta' ? preview.text : preview.type === 'closed' ? `[${preview.texts.join()}]` : '|')
        if (preview.type === 'closed') resolve()
      })
    })
    stage.turns.watch('clave-2', () => assert.fail('that is another message'))
    await stage.hear('5', 'hola', { key: 'clave-1' })
    await done
    assert.equal(seen.join(''), 'uno dos tres[uno dos tres]')
  } finally {
    await stage.halt(work)
  }
})

onEachEngine('TURN21 · what came while it was busy is taken at once, without waiting for the next look', async ({ db }) => {
  const { model } = scriptedModel('primera', 'segunda')
  let late: Promise<unknown> | undefined
  const slow = {
    ...model,
    async *answer(request: Parameters<typeof model.answer>[0]) {
      await (late ??= stage.hear('5', 'y otra cosa'))
      yield* model.answer(request)
    },
  }
  const stage = openStage(db, { model: slow })
  const work = stage.turns.work()
  try {
    await stage.hear('5', 'una cosa')
    await until(async () => (await stage.replies('5')).length === 2)
    assert.deepEqual(await stage.replies('5'), ['primera', 'segunda'])
  } finally {
    await stage.halt(work)
  }
})

onEachEngine(
  'TURN8 · a worker that was stalled learns that its turn went to another, and hangs up on the model',
  async ({ db, again }) => {
    const { model, asked, hung } = scriptedModel('HANG')
    const stage = openStage(db, { model })
    const work = stage.turns.work()
    try {
      await stage.hear('5', 'hola')
      await until(() => hung() === 1)
      stage.clock.step(LEASE_MS + 1)
      const other = openStage(again(), { clock: stage.clock, owner: 'two', model: scriptedModel('a tiempo').model })
      await other.crank()
      await until(async () => {
        await stage.clock.advance(LEASE_MS / 2)
        return asked[0]!.signal.aborted
      })
      assert.deepEqual(await stage.replies('5'), ['a tiempo'])
    } finally {
      await stage.halt(work)
    }
  },
)
