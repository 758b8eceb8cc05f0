import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import { stillClock } from '../../test/support/clock.ts'
import type { Database } from '../foundation/index.ts'
import { addressOf, openPeople, type Meeting } from './index.ts'

const open = (db: Database, clock = stillClock()) => ({
  clock,
  people: openPeople({ db, clock, defaultZone: 'Europe/Madrid', proactiveLimit: 2 }),
})
const meeting = (chatId: string, more: Partial<Meeting> = {}): Meeting => ({ channel: 'telegram', chatId, group: false, ...more })
const visitor = (chatId: string, username?: string) => ({
  assistant: 'aegen',
  address: addressOf('telegram', chatId),
  chatId,
  username,
})

onEachEngine('PER1 · the first word makes one person, however many processes hear it at once', async ({ db, again }) => {
  const { people } = open(db)
  const { people: others } = open(again())
  const other = again()
  const owners = await Promise.all([
    db.transaction((tx) => people.meet(tx, [meeting('5', { name: 'uno' }), meeting('6')])),
    other.transaction((tx) => others.meet(tx, [meeting('6'), meeting('5', { name: 'dos' })])),
  ])
  assert.equal(owners[0].get('telegram:5'), owners[1].get('telegram:5'))
  assert.equal(owners[0].get('telegram:6'), owners[1].get('telegram:6'))
  const { rows } = await sql<{ n: number }>`select count(*) as n from people`.execute(db.as())
  assert.equal(Number(rows[0]!.n), 2)
})

onEachEngine('PER2 · pairing: a stranger gets one code, an approved code lets in and counts as consent', async ({ db }) => {
  const { people, clock } = open(db)
  await db.transaction((tx) => people.meet(tx, [meeting('5')]))
  const first = await people.admit({ mode: 'pairing' }, visitor('5'))
  const second = await people.admit({ mode: 'pairing' }, visitor('5'))
  assert.ok(!first.may && first.why === 'not_approved' && first.fresh)
  assert.ok(!second.may && second.why === 'not_approved' && !second.fresh && second.code === first.code)
  assert.equal((await people.find('telegram', '5'))?.consent, false)

  assert.equal(await people.approve({ code: 'NOPE2345' }, 'test'), undefined)
  const approved = await people.approve({ code: ` ${first.code.toLowerCase()} ` }, 'test')
  assert.equal(approved?.chatId, '5')
  assert.deepEqual(await people.admit({ mode: 'pairing' }, visitor('5')), { may: true })
  assert.equal((await people.find('telegram', '5'))?.consent, true)
  assert.equal(await people.approve({ code: first.code }, 'test'), undefined)

  await people.deny('aegen', 'telegram:5', 'test')
  assert.deepEqual(await people.admit({ mode: 'pairing' }, visitor('5')), { may: false, why: 'denied' })
  assert.ok(clock)
})

onEachEngine('PER2 · a pairing code ends after an hour and a new one comes', async ({ db }) => {
  const { people, clock } = open(db)
  await db.transaction((tx) => people.meet(tx, [meeting('5')]))
  const first = await people.admit({ mode: 'pairing' }, visitor('5'))
  clock.advance(3_600_001)
  assert.ok(!first.may && first.why === 'not_approved')
  assert.equal(await people.approve({ code: first.code }, 'test'), undefined)
  const second = await people.admit({ mode: 'pairing' }, visitor('5'))
  assert.ok(!second.may && second.why === 'not_approved' && second.fresh && second.code !== first.code)
})

onEachEngine('PER2 · an allowlist takes ids and names; an assistant’s door is its own', async ({ db }) => {
  const { people } = open(db)
  await db.transaction((tx) => people.meet(tx, [meeting('5'), meeting('6')]))
  const mode = { mode: 'allowlist', list: ['5', '@Ana_1'] } as const
  assert.deepEqual(await people.admit(mode, visitor('5')), { may: true })
  assert.deepEqual(await people.admit(mode, visitor('6', 'ana_1')), { may: true })
  assert.deepEqual(await people.admit(mode, visitor('6', 'otra')), { may: false, why: 'not_listed' })
  await people.approve({ assistant: 'aegen', address: 'telegram:6' }, 'test')
  assert.deepEqual(await people.admit(mode, visitor('6', 'otra')), { may: true })
  const other = await people.admit({ mode: 'pairing' }, { ...visitor('6'), assistant: 'ccm' })
  assert.equal(other.may, false)
})

onEachEngine('PER3 · an invitation lets in one person, once, in its time', async ({ db }) => {
  const { people, clock } = open(db)
  await db.transaction((tx) => people.meet(tx, [meeting('5'), meeting('6')]))
  const code = await people.invite('aegen', { livesMs: 1000 })
  assert.equal(await people.redeem('ccm', code, 'telegram:5'), undefined)
  const results = await Promise.all([people.redeem('aegen', code, 'telegram:5'), people.redeem('aegen', code, 'telegram:6')])
  assert.equal(results.filter(Boolean).length, 1)
  const late = await people.invite('aegen', { livesMs: 1000 })
  clock.advance(1001)
  assert.equal(await people.redeem('aegen', late, 'telegram:6'), undefined)
  const { rows } = await sql<{ code_hash: string }>`select code_hash from invitations`.execute(db.as())
  assert.ok(rows.every((r) => !r.code_hash.includes(code)))
})

onEachEngine('PER4 · a group that moves keeps its owner', async ({ db }) => {
  const { people } = open(db)
  const before = await db.transaction((tx) => people.ownerOf(tx, 'telegram', '-5'))
  await people.approve({ assistant: 'aegen', address: 'telegram:-5' }, 'test')
  await db.transaction((tx) => people.moved(tx, 'telegram', '-5', '-1005'))
  assert.equal(await db.transaction((tx) => people.ownerOf(tx, 'telegram', '-1005')), before)
  assert.deepEqual(await people.admit({ mode: 'pairing' }, visitor('-1005')), { may: true })
})
