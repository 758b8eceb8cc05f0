import assert from 'node:assert/strict'
import test from 'node:test'
import { sql } from 'kysely'
import { stillClock } from '../../test/support/clock.ts'
import { onEachEngine } from '../../test/support/engines.ts'
import type { Database } from '../foundation/index.ts'
import { ALWAYS, ASK_LIVES_MS, EPHEMERAL_REST_MS, isUnconfirmed, openPeople, placeIn, type ToRemember } from './index.ts'

const open = async (db: Database) => {
  const clock = stillClock()
  const people = openPeople({ db, clock, defaultZone: 'UTC', zoneGiven: false, proactiveLimit: 2 })
  const meet = (chatId: string) => db.transaction((tx) => people.ownerOf(tx, 'telegram', chatId))
  const told = (more: Partial<ToRemember> = {}): ToRemember => ({
    assistant: 'aegen',
    topic: 'nombre',
    slot: 'name',
    says: 'Se llama Ana',
    provenance: 'said',
    confidence: 95,
    ...more,
  })
  const remember = (id: string, what: ToRemember) => db.transaction((tx) => people.remember(tx, id, what))
  return { clock, people, ana: await meet('5'), luis: await meet('6'), told, remember }
}

onEachEngine(
  'MEM1 · a memory says where it comes from; the later takes the place of the earlier, which stays behind it',
  async ({ db }) => {
    const { people, ana, told, remember, clock } = await open(db)
    await remember(ana, told({ evidence: 7 }))
    clock.advance(1000)
    await remember(ana, told({ says: 'Se llama Anabel', evidence: 9 }))
    const [only, ...more] = await people.memoriesOf(ana, 'aegen')
    assert.equal(more.length, 0)
    assert.deepEqual(
      [only!.says, only!.provenance, only!.confidence, only!.evidence, only!.ref],
      ['Se llama Anabel', 'said', 95, 9, 1],
    )
    const { rows } = await sql<{ says: string; superseded_by: string | null }>`
    select says, superseded_by from memories order by learned_at`.execute(db.as())
    assert.deepEqual(
      rows.map((r) => [r.says, r.superseded_by]),
      [
        ['Se llama Ana', only!.id],
        ['Se llama Anabel', null],
      ],
    )
    await db.transaction((tx) => people.eraseOwned(tx, ana, [only!.id]))
    const left = await sql`select * from memories`.execute(db.as())
    assert.equal(left.rows.length, 0, 'what it had replaced goes with it')
  },
)

onEachEngine('MEM1 · an inference never replaces what was said, and is a fact only once confirmed', async ({ db }) => {
  const { people, ana, told, remember } = await open(db)
  await remember(ana, told())
  await remember(ana, told({ says: 'Se llama Paco', provenance: 'inferred', confidence: 60 }))
  assert.deepEqual(
    (await people.memoriesOf(ana, 'aegen')).map((m) => m.says),
    ['Se llama Ana'],
  )
  await remember(ana, told({ slot: 'city', topic: 'ciudad', says: 'Vive en Lima', provenance: 'inferred', confidence: 60 }))
  const city = (await people.memoriesOf(ana, 'aegen')).at(-1)!
  assert.equal(isUnconfirmed(city), true)
  await db.transaction((tx) => people.confirm(tx, ana, 'aegen', city.ref, true))
  assert.equal(isUnconfirmed((await people.memoriesOf(ana, 'aegen')).at(-1)!), false)
  await db.transaction((tx) => people.correct(tx, ana, 'aegen', city.ref, 'Vive en Cusco'))
  const corrected = (await people.memoriesOf(ana, 'aegen')).at(-1)!
  assert.deepEqual([corrected.says, corrected.provenance, corrected.ref], ['Vive en Cusco', 'said', city.ref])
  await remember(ana, told({ slot: 'pet', topic: 'perro', says: 'Tiene un perro', provenance: 'inferred', confidence: 50 }))
  const pet = (await people.memoriesOf(ana, 'aegen')).at(-1)!
  await db.transaction((tx) => people.confirm(tx, ana, 'aegen', pet.ref, false))
  assert.equal((await people.memoriesOf(ana, 'aegen')).length, 2)
})

onEachEngine('MEM1 · what held for a while is not told afterwards, and a file has its limit', async ({ db }) => {
  const { people, ana, told, remember, clock } = await open(db)
  await remember(ana, told({ slot: 'today', says: 'Hoy no tiene ganas', validUntil: clock.now() + 1000 }))
  assert.equal((await people.memoriesOf(ana, 'aegen')).length, 1)
  clock.advance(1001)
  assert.equal((await people.memoriesOf(ana, 'aegen')).length, 0)
  for (let n = 0; n < 405; n++) await remember(ana, told({ slot: `s${n}`, says: `Cosa ${n}`, confidence: n % 90 }))
  assert.equal((await people.memoriesOf(ana, 'aegen')).length, 400)
})

onEachEngine('MEM2 · every row has an owner, and nothing of one hangs on another, also by hand-typed SQL', async ({ db }) => {
  const { people, ana, luis, told, remember } = await open(db)
  const mine = (await remember(ana, told()))!
  const goal = await db.transaction((tx) => people.setGoal(tx, luis, told({ topic: 'correr', says: 'Quiere correr' }) as never))
  const q = db.as()
  const now = 1
  const refused = (text: string) => assert.rejects(sql.raw(text).execute(q))
  const memory = (person: string, over: string) =>
    `insert into memories(id, person_id, assistant, ref, slot, subject, topic, says, provenance, confidence, sensitivity, learned_at, ended_at, superseded_by)
     values ('x', ${person}, 'aegen', 9, 's', '', 't', 'x', ${over})`
  await refused(memory('null', `'said', 50, 'open', ${now}, null, null`))
  await refused(memory(`'nobody'`, `'said', 50, 'open', ${now}, null, null`))
  await refused(memory(`'${luis}'`, `'guessed', 50, 'open', ${now}, null, null`))
  await refused(memory(`'${luis}'`, `'said', 101, 'open', ${now}, null, null`))
  await refused(memory(`'${luis}'`, `'said', 50, 'open', ${now}, ${now}, '${mine}'`))
  await refused(
    `insert into milestones(id, person_id, assistant, slot, goal_id, topic, says, provenance, confidence, sensitivity, made_at)
     values ('m', '${ana}', 'aegen', 's', '${goal}', 't', 'x', 'said', 50, 'open', ${now})`,
  )
  // Nor by a verb that is handed another's number.
  assert.equal(await db.transaction((tx) => people.correct(tx, luis, 'aegen', 1, 'Otra cosa')), false)
  await db.transaction((tx) => people.eraseOwned(tx, luis, [mine]))
  assert.equal((await people.memoriesOf(ana, 'aegen'))[0]!.says, 'Se llama Ana')
  assert.deepEqual(await people.memoriesOf(ana, 'ccm'), [], 'nor another assistant')
  assert.equal(await people.countElsewhere(ana, 'ccm'), 1)
})

onEachEngine('MEM4 · hours, limit and silence are the person’s; a wish for more than the ceiling is refused', async ({ db }) => {
  const { people, ana, clock } = await open(db)
  const find = async () => (await people.find('telegram', '5'))!
  assert.equal((await find()).mustAskZone, true)
  const set = (given: Parameters<typeof people.set>[2]) => db.transaction((tx) => people.set(tx, ana, given))
  await set({ zone: 'America/Bogota', country: 'co', quietFrom: 20, quietTo: 9, proactiveLimit: 1, silentUntil: clock.now() + 5 })
  const after = await find()
  assert.deepEqual(
    [after.zone, after.mustAskZone, after.country, after.quietFrom, after.quietTo, after.proactiveLimit, after.silentUntil],
    ['America/Bogota', false, 'CO', 20, 9, 1, clock.now() + 5],
  )
  await set({ silentUntil: ALWAYS })
  assert.equal((await find()).silentUntil, ALWAYS)
  await set({ silentUntil: clock.now() })
  assert.equal((await find()).silentUntil, null)
  await assert.rejects(set({ zone: 'Marte/Olympus' }))
  await assert.rejects(set({ proactiveLimit: 3 as never }))
})

for (const [said, zone, country] of [
  ['en Bogotá', 'America/Bogota', 'CO'],
  ['Vivo en Ciudad de México', 'America/Mexico_City', 'MX'],
  ['Madrid, gracias', 'Europe/Madrid', 'ES'],
  ['estoy en Tenerife', 'Atlantic/Canary', 'ES'],
  ['I live in London', 'Europe/London', 'GB'],
  ['America/Lima', 'America/Lima', 'PE'],
  ['Tokyo', 'Asia/Tokyo', null],
  ['soy de Argentina', 'America/Argentina/Buenos_Aires', 'AR'],
] as const)
  test(`MEM5 · a place is understood as people say it: «${said}»`, () => {
    assert.deepEqual(placeIn(said), { zone, country })
  })
test('MEM5 · what is no place, or could be several, is nobody’s zone', () => {
  for (const said of ['no sé', 'Córdoba', 'mañana a las ocho', '', 'en mi casa', 'madrid es una ciudad que no me gusta nada'])
    assert.equal(placeIn(said), undefined, said)
})

onEachEngine('MEM6 · a question waits ten minutes for its yes, in the database, and is settled once', async ({ db, again }) => {
  const { people, ana, luis, clock } = await open(db)
  const lane = 'aegen|telegram|5|'
  const put = (id: string) => db.transaction((tx) => people.ask(tx, ana, lane, { id, what: 'forget', payload: '{}' }))
  await put('a1')
  await put('a2')
  assert.equal((await people.openAsk(ana, lane))?.id, 'a2')
  assert.equal(await people.openAsk(luis, lane), undefined)
  const other = again()
  const two = openPeople({ db: other, clock, defaultZone: 'UTC', proactiveLimit: 2 })
  assert.equal(await db.transaction((tx) => people.settleAsk(tx, luis, 'a2')), false)
  const settled = await Promise.all([
    db.transaction((tx) => people.settleAsk(tx, ana, 'a2')),
    other.transaction((tx) => two.settleAsk(tx, ana, 'a2')),
  ])
  assert.deepEqual(settled.filter(Boolean).length, 1)
  await put('a3')
  clock.advance(ASK_LIVES_MS + 1)
  assert.equal(await people.openAsk(ana, lane), undefined)
  assert.equal(await people.forgetAsks(), 1)
})

onEachEngine('MEM8 · a talk that leaves nothing behind lasts while one talks, and ends by itself', async ({ db }) => {
  const { people, ana, clock } = await open(db)
  const lane = 'aegen|telegram|5|'
  const began = clock.now()
  await db.transaction((tx) => people.beginEphemeral(tx, ana, lane, began))
  clock.advance(EPHEMERAL_REST_MS - 1)
  assert.equal(await people.isEphemeral(lane, clock.now()), true)
  await db.transaction((tx) => people.goOnEphemeral(tx, [lane]))
  clock.advance(EPHEMERAL_REST_MS - 1)
  assert.equal(await people.isEphemeral(lane, clock.now()), true)
  assert.deepEqual(await people.overEphemeral(), [])
  clock.advance(2)
  assert.equal(await people.isEphemeral(lane, clock.now()), false)
  const [over] = await people.overEphemeral()
  assert.equal(over!.from, began)
  await db.transaction((tx) => people.closeEphemeral(tx, over!))
  assert.deepEqual(await people.overEphemeral(), [])
})
