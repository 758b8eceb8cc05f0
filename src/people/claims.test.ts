import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { stillClock } from '../../test/support/clock.ts'
import { onEachEngine } from '../../test/support/engines.ts'
import { HOUR, message } from '../../test/support/outbox-stage.ts'
import { silentLog, type Database } from '../foundation/index.ts'
import { openOutbox } from '../outbox/index.ts'
import { openPeople } from './index.ts'

async function open(db: Database) {
  const clock = stillClock()
  const people = openPeople({
    db,
    clock,
    defaultZone: 'Europe/Madrid',
    proactiveLimit: 2,
    onJoined: (tx, from, to) => outbox.joinPersons(tx, from, to).then(() => {}),
  })
  const outbox = openOutbox({ db, clock, owner: 'one', ownerOf: people.ownerOf, mannersOf: people.mannersOf })
  const sent: string[] = []
  const delivery = outbox.delivery({
    log: silentLog,
    send: async ({ chatId, text }) => ({ sent: true, messageId: String(sent.push(`${chatId}: ${text}`)) }),
    compose: async ({ intent }) => ({ words: intent }),
    pace: () => undefined,
  })
  const turn = async () => {
    for (let lines = await delivery.claim(50); lines.length > 0; lines = await delivery.claim(50))
      await Promise.all(lines.map((line) => delivery.deliver(line, new AbortController().signal)))
  }
  const meet = async (chatId: string) => {
    const id = await db.transaction((tx) => people.ownerOf(tx, 'telegram', chatId))
    await db.transaction((tx) => people.consent(tx, id, true))
    return id
  }
  const speakFirst = async (chatId: string, ...texts: string[]) => {
    for (const text of texts) await outbox.schedule(message(chatId, text, { kind: 'proactive' }))
    await turn()
  }
  const join = async (maker: string, typer: string) => {
    const code = people.newClaimCode()
    await db.transaction((tx) => people.keepClaim(tx, maker, code))
    return db.transaction((tx) => people.joinByClaim(tx, ` ${code.toLowerCase()} `, typer))
  }
  const slots = async () =>
    (
      await sql<{ person_id: string; quota_slot: number }>`
        select person_id, quota_slot from outbox_messages where quota_slot is not null order by quota_slot, id`.execute(db.as())
    ).rows
  return { clock, people, outbox, sent, turn, meet, speakFirst, join, slots }
}

onEachEngine(
  'MEM3 · a code made on one channel and typed on another makes one person, with all that is theirs',
  async ({ db }) => {
    const { people, meet, join, outbox, turn, sent, clock } = await open(db)
    const [ana, other] = [await meet('5'), await meet('6')]
    const told = { assistant: 'aegen', topic: 'nombre', provenance: 'said' as const, confidence: 90 }
    await db.transaction(async (tx) => {
      await people.remember(tx, ana, { ...told, slot: 'name', says: 'Se llama Ana' })
      await people.remember(tx, other, { ...told, slot: 'name', says: 'Se llama Anita' })
      await people.remember(tx, other, { ...told, slot: 'city', says: 'Vive en Lima' })
      for (const id of [ana, other]) {
        const goalId = await people.setGoal(tx, id, { ...told, slot: 'run', says: 'Quiere correr' })
        await people.mark(tx, id, { ...told, slot: `race-${id}`, says: 'Carrera', goalId: goalId! })
      }
      await people.set(tx, other, { proactiveLimit: 1, zone: 'Atlantic/Canary' })
    })
    await outbox.schedule(message('6', 'sigue en pie', { kind: 'proactive', scheduledFor: clock.now() + HOUR }))

    assert.deepEqual(await join(ana, other), { from: other, to: ana })
    assert.equal((await people.find('telegram', '6'))!.id, ana)
    assert.deepEqual(
      (await people.memoriesOf(ana, 'aegen')).map((m) => m.says),
      ['Se llama Ana', 'Vive en Lima'],
    )
    assert.equal((await people.goalsOf(ana, 'aegen')).length, 1)
    assert.equal((await people.milestonesOf(ana, 'aegen')).length, 2)
    const joined = (await people.find('telegram', '5'))!
    assert.deepEqual([joined.proactiveLimit, joined.zone], [1, 'Atlantic/Canary'])
    for (const table of ['memories', 'goals', 'milestones', 'contacts', 'outbox_messages']) {
      const { rows } = await sql`select 1 from ${sql.table(table)} where person_id = ${other}`.execute(db.as())
      assert.equal(rows.length, 0, table)
    }
    clock.advance(HOUR)
    await turn()
    assert.deepEqual(sent, ['6: sigue en pie'])
  },
)

onEachEngine('MEM3 OUT5 · joining adds the used slots up: it never earns anyone a message more', async ({ db }) => {
  const { people, meet, join, speakFirst, slots, sent, clock, turn } = await open(db)
  const [ana, other] = [await meet('5'), await meet('6')]
  await speakFirst('5', 'uno', 'dos')
  await speakFirst('6', 'tres')
  assert.equal(sent.length, 3)
  await join(ana, other)
  assert.deepEqual(
    (await slots()).map((s) => [s.person_id === ana ? 'ana' : 'before', s.quota_slot]),
    [
      ['ana', 1],
      ['before', 1],
      ['ana', 2],
    ],
  )
  await speakFirst('6', 'cuatro')
  await speakFirst('5', 'cinco')
  assert.equal(sent.length, 3, 'the day is used up')
  clock.advance(24 * HOUR)
  await turn()
  assert.equal((await people.find('telegram', '6'))!.id, ana)
})

onEachEngine('MEM3 OUT5 · a slot used by each makes two; the same number is no conflict', async ({ db }) => {
  const { meet, join, speakFirst, slots, sent } = await open(db)
  const [ana, other] = [await meet('5'), await meet('6')]
  await speakFirst('5', 'uno')
  await speakFirst('6', 'dos')
  await join(ana, other)
  assert.deepEqual(
    (await slots()).map((s) => [s.person_id === ana, s.quota_slot]),
    [
      [true, 1],
      [true, 2],
    ],
  )
  await speakFirst('5', 'tres')
  assert.equal(sent.length, 2)
})

onEachEngine('MEM3 · a code works once, for ten minutes, for another person, never for a group', async ({ db, again }) => {
  const { people, meet, join, clock } = await open(db)
  const [ana, luis, eva] = [await meet('5'), await meet('6'), await meet('7')]
  const group = await meet('-9')
  assert.equal(await db.transaction((tx) => people.joinByClaim(tx, 'NOPE2345', luis)), 'unknown_code')
  assert.equal(await join(ana, ana), 'same_person')
  assert.equal(await join(ana, group), 'group')
  assert.equal(await join(group, ana), 'group')
  const code = people.newClaimCode()
  await db.transaction((tx) => people.keepClaim(tx, ana, code))
  const kept = await sql<{ code_hash: string }>`select code_hash from claims`.execute(db.as())
  assert.ok(kept.rows.every((r) => !r.code_hash.includes(code)))
  const other = again()
  const two = openPeople({ db: other, clock, defaultZone: 'UTC', proactiveLimit: 2, onJoined: async () => {} })
  const both = await Promise.all([
    db.transaction((tx) => people.joinByClaim(tx, code, luis)),
    other.transaction((tx) => two.joinByClaim(tx, code, eva)),
  ])
  assert.equal(both.filter((one) => typeof one === 'object').length, 1)
  const late = people.newClaimCode()
  const left = (await people.find('telegram', '7'))!.id === ana ? luis : eva
  await db.transaction((tx) => people.keepClaim(tx, ana, late))
  clock.advance(600_001)
  assert.equal(await people.lookAtClaim(late, left), 'unknown_code')
})
