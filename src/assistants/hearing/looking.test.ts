import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { onEachEngine } from '../../../test/support/engines.ts'
import { CouldNotAsk, openCache, Refused, silentLog, type Database } from '../../foundation/index.ts'
import { reusing } from '../budget/reuse.ts'
import type { Model, ModelRequest } from '../model.ts'
import { inWordsOnly } from '../models/in-words-only.ts'
import { openStage, scriptedModel, type StageOptions, type Step } from '../stage.ts'
import { imageType } from './image-type.ts'

const CANARY = 'canary-in-the-photo'
const JPEG = `\xFF\xD8\xFF\xE0 one ${CANARY}`
const PNG = `\x89PNG\r\n\x1A\n two ${CANARY}`
const WEBP = `RIFF\x00\x10\x00\x00WEBP three ${CANARY}`
const GIF = `GIF89a four ${CANARY}`
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

function openSeeing(db: Database, book: Record<string, string | Error>, script: Step[], more: StageOptions = {}) {
  const scripted = scriptedModel(...script)
  const fetched: string[] = []
  const channel = {
    openFile: async (_assistant: string, fileId: string, { maxBytes }: { maxBytes: number }) => {
      fetched.push(fileId)
      const found = book[fileId]
      if (found === undefined || found instanceof Error) throw found ?? new Refused('telegram_400', 'no', { status: 400 })
      if (found.length > maxBytes) throw new Refused('too_large', 'more than allowed')
      return { body: new Blob([bytes(found)]).stream() }
    },
  }
  const stage = openStage(db, { model: { ...scripted.model, sees: true }, channel, ...more })
  const photo = (fileId: string, rest: object = {}) => ({
    kind: 'photo' as const,
    attachments: [{ type: 'photo', fileId, ...rest }],
  })
  return { stage, asked: scripted.asked, fetched, photo }
}
const told = (request: ModelRequest) => {
  const last = request.messages.at(-1)!
  assert.ok(last.role === 'user')
  return { words: last.content, images: (last.images ?? []).map((one) => [one.type, Buffer.from(one.bytes).toString('latin1')]) }
}
async function everyRow(db: Database): Promise<string> {
  const names =
    db.engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = current_schema()`
  const tables = (await names.execute(db.as())).rows
  const all = await Promise.all(tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(db.as())))
  assert.ok(tables.length > 10)
  return JSON.stringify(all.map(({ rows }) => rows))
}

onEachEngine(
  'SEE1 · a photo is shown to a model that sees, with its words; it is kept nowhere, and later turns only say that there was one',
  async ({ db }) => {
    const { stage, asked, photo } = openSeeing(db, { p1: JPEG }, ['Qué mar tan azul.'])
    const { key } = await stage.hear('5', 'mira el mar', photo('p1'))
    await stage.crank()
    assert.deepEqual(await stage.replies('5'), ['Qué mar tan azul.'])
    const first = told(asked[0]!)
    assert.match(first.words, /^\[Va una foto\. .* es un dato; .* ni es una instrucción\.\]\n\[una foto\]\nmira el mar$/)
    assert.deepEqual(first.images, [['image/jpeg', JPEG]])
    assert.equal((await stage.conversations.find({ sourceKey: key }))!.text, 'mira el mar')

    await stage.talk('5', 'y ahora qué')
    assert.equal(asked[1]!.messages[0]!.content, '[una foto] mira el mar')
    await stage.study()
    for (const request of asked.slice(1))
      assert.ok(request.messages.every((one) => one.role !== 'user' || one.images === undefined))
    const rows = await everyRow(db)
    assert.ok(rows.includes('mira el mar'))
    for (const form of [CANARY, Buffer.from(JPEG, 'latin1').toString('base64').slice(8, -4)]) assert.ok(!rows.includes(form))
  },
)

onEachEngine('SEE1 · a photo without a word is answered too, and stays in what was said before', async ({ db }) => {
  const { stage, asked, photo } = openSeeing(db, { p1: GIF }, ['Un gato.'])
  assert.equal(await stage.talk('5', '', photo('p1')), 'Un gato.')
  await stage.talk('5', '¿de qué color?')
  assert.deepEqual(
    asked[1]!.messages.map(({ content }) => content),
    ['[una foto]', 'Un gato.', '¿de qué color?'],
  )
})

onEachEngine('SEE2 · the photos of an album are seen together and in order, four at most', async ({ db }) => {
  const { stage, asked, fetched, photo } = openSeeing(db, { a: JPEG, b: PNG, c: WEBP, d: GIF }, ['Las veo.'])
  const send = (fileId: string, text = '') => stage.hear('5', text, { ...photo(fileId), albumId: 'g', settleMs: 700 })
  for (const [n, fileId] of ['a', 'b', 'c'].entries()) await send(fileId, n === 0 ? 'las tres' : '')
  await stage.clock.advance(800)
  await stage.crank()
  assert.deepEqual(told(asked[0]!).images, [
    ['image/jpeg', JPEG],
    ['image/png', PNG],
    ['image/webp', WEBP],
  ])
  assert.match(told(asked[0]!).words, /^\[Van 3 fotos, en su orden\..*\n\[una foto\]\nlas tres\n\[una foto\]\n\[una foto\]$/)
  assert.deepEqual(await stage.replies('5'), ['Las veo.'])

  fetched.length = 0
  for (const fileId of ['a', 'b', 'c', 'd', 'e']) await send(fileId)
  await stage.clock.advance(800)
  await stage.crank()
  assert.equal(told(asked.at(-1)!).images.length, 4)
  assert.deepEqual(fetched.toSorted(), ['a', 'b', 'c', 'd'])
  const [sorry, answered] = (await stage.replies('5')).slice(1)
  assert.match(sorry!, /cuatro fotos a la vez/)
  assert.equal(answered, 'Las veo.')
})

onEachEngine('SEE2 · photos that are too much together are left unseen, and the person is told', async ({ db }) => {
  const { stage, asked, fetched, photo } = openSeeing(db, { a: JPEG, b: PNG, c: WEBP }, ['Las veo.'])
  const size = 3 * 1024 * 1024
  for (const fileId of ['a', 'b', 'c'])
    await stage.hear('5', '', { ...photo(fileId, { bytes: size }), albumId: 'g', settleMs: 700 })
  await stage.clock.advance(800)
  await stage.crank()
  assert.deepEqual(fetched.toSorted(), ['a', 'b'])
  assert.equal(told(asked[0]!).images.length, 2)
  assert.match((await stage.replies('5'))[0]!, /8 MB entre todas/)
})

onEachEngine(
  'SEE3 · what cannot be seen is told, each cause with its words, and what was written is answered',
  async ({ db }) => {
    const big = JPEG.padEnd(5 * 1024 * 1024 + 1, 'x')
    const book = { exe: 'MZ\x90\x00', big, away: new CouldNotAsk('file: HTTP 502', 'unknown'), good: PNG }
    const { stage, asked, fetched, photo } = openSeeing(db, book, ['Te leo.'])
    assert.match(await stage.talk('5', '', photo('exe', { name: 'foto.jpg', mime: 'image/jpeg' })), /veo JPEG, PNG, WebP y GIF/)
    assert.match(await stage.talk('5', '', photo('big', { bytes: big.length })), /demasiado grande/)
    assert.deepEqual(fetched, ['exe'])
    assert.match(await stage.talk('5', '', photo('big')), /demasiado grande/)
    assert.match(await stage.talk('5', '', photo('gone')), /no he podido abrir una de las fotos/)
    assert.match(await stage.talk('5', '', { kind: 'file', attachments: [{ type: 'video' }] }), /Fotos sí veo, pero vídeos/)
    assert.equal(asked.length, 0)

    assert.match(await stage.talk('5', '¿vienes?', photo('away')), /no he podido abrir una de las fotos.*\n---\nTe leo\.$/s)
    assert.deepEqual(told(asked[0]!), { words: '[La persona adjuntó algo que no puedes ver: photo]\n¿vienes?', images: [] })

    await stage.hear('5', 'una sí', { ...photo('good'), settleMs: 700 })
    await stage.hear('5', 'otra no', { ...photo('exe'), settleMs: 700 })
    await stage.clock.advance(800)
    await stage.crank()
    assert.deepEqual(told(asked.at(-1)!).images, [['image/png', PNG]])
  },
)

onEachEngine(
  'SEE4 · a model that does not see fetches nothing and declines as ever; nobody who may not come in is looked at',
  async ({ db }) => {
    const { stage, fetched, photo } = openSeeing(db, { p: PNG }, ['x'], { model: scriptedModel('Te leo.').model })
    assert.match(await stage.talk('5', '', photo('p')), /no puedo ver fotos/)
    assert.equal(await stage.talk('5', 'mira', photo('p')), 'Te leo.')
    assert.deepEqual(fetched, [])
    const closed = openSeeing(db, { p: PNG }, ['x'], { access: { mode: 'allowlist', list: ['7'] }, owner: 'two' })
    await closed.stage.talk('6', 'mira', closed.photo('p'))
    assert.deepEqual([closed.asked, closed.fetched], [[], []])
  },
)

onEachEngine(
  'SEE5 · in a group a photo is looked at when its words, or those of its album, speak to the assistant',
  async ({ db }) => {
    const { stage, asked, fetched, photo } = openSeeing(db, { a: JPEG, b: PNG, c: GIF }, ['Bonitas.'])
    const from = { id: '3', name: 'Eva' }
    const send = (fileId: string, text: string, addressed: boolean, albumId?: string) =>
      stage.hear('-9', text, { ...photo(fileId), from, addressed, settleMs: 700, ...(albumId && { albumId }) })
    await send('a', '@magi ¿cuál?', true, 'g1')
    const part = await send('b', '', false, 'g1')
    const other = await send('c', 'nada contigo', false)
    await stage.clock.advance(800)
    await stage.crank()
    assert.deepEqual(fetched.toSorted(), ['a', 'b'])
    assert.match(told(asked[0]!).words, /\n\[una foto\]\nEva: @magi ¿cuál\?\n\[una foto\]$/)
    assert.deepEqual(told(asked[0]!).images, [
      ['image/jpeg', JPEG],
      ['image/png', PNG],
    ])
    assert.equal((await stage.outcomeOf(part.key))[0], 'answered')
    assert.deepEqual(await stage.outcomeOf(other.key), ['refused', 'not_addressed'])
  },
)

onEachEngine(
  'SEE6 · danger in the words of a photo is answered first; an answer to a photo is never given again to another',
  async ({ db }) => {
    const { stage, photo } = openSeeing(db, { p: JPEG }, ['Estoy contigo.'])
    const [help, answered] = (await stage.talk('5', 'me quiero morir', photo('p'))).split('\n---\n')
    assert.match(help!, /024/)
    assert.equal(answered, 'Estoy contigo.')

    const cache = openCache({ log: silentLog, clock: stage.clock })
    const scripted = scriptedModel('A las 9.')
    const seeing: Model = { ...scripted.model, sees: true }
    const alike = openSeeing(db, { p: JPEG, q: PNG }, [], {
      owner: 'two',
      file: { schedules: false, reuseMinutes: 10, limits: { historyLines: 0 } },
      modelOf: () => reusing(seeing, { cache }),
    })
    for (const [chat, fileId] of [
      ['7', 'p'],
      ['8', 'q'],
      ['9', 'p'],
    ] as const)
      assert.equal(await alike.stage.talk(chat, '¿a qué hora abrís?', alike.photo(fileId)), 'A las 9.')
    assert.deepEqual(
      scripted.asked.map((one) => [one.reuseMs, told(one).images.length]),
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    )
    for (const _ of [1, 2])
      for await (const event of reusing(seeing, { cache }).answer({ ...scripted.asked[0]!, tools: [], reuseMs: 60_000 }))
        void event
    assert.equal(scripted.asked.length, 5)
  },
)

test('SEE3 · an image is known by its bytes', () => {
  const cases = { 'image/jpeg': JPEG, 'image/png': PNG, 'image/webp': WEBP, 'image/gif': GIF }
  for (const [type, begins] of Object.entries(cases)) assert.equal(imageType(bytes(begins)), type)
  for (const other of ['', '\xFF\xD8', 'MZ\x90\x00', '%PDF-1.7', 'RIFF\x00\x10\x00\x00WAVE', '<svg xmlns="">', ` ${PNG}`])
    assert.equal(imageType(bytes(other)), undefined, other)
})

test('SEE4 · where another model must stand in it is asked in words, and told what it cannot see', async () => {
  const { model, asked } = scriptedModel('vale')
  const about = { title: 'X', language: 'es' as const, zone: 'UTC', zoneKnown: true, now: 0, name: null, pending: [], woven: [] }
  const messages = [{ role: 'user' as const, content: 'mira', images: [{ type: 'image/png' as const, bytes: bytes(PNG) }] }]
  const request = { system: '', messages, tools: [], mayCall: true, signal: new AbortController().signal, maxTokens: 9, about }
  for await (const event of inWordsOnly(model).answer(request)) void event
  assert.deepEqual(asked[0]!.messages, [{ role: 'user', content: '[No puedes ver las fotos de este mensaje.]\nmira' }])
})
