import assert from 'node:assert/strict'
import test from 'node:test'
import { stillClock } from '../../test/support/clock.ts'
import { onEachEngine } from '../../test/support/engines.ts'
import type { Database } from '../foundation/index.ts'
import { openAccess, SESSION_LIVES_MS, LINK_LIVES_MS } from './index.ts'
import { openKeys } from './keys.ts'

const keys = {
  admin: 'an-admin-key-of-some-length',
  internal: 'an-internal-key-of-some-length',
  telegramSecret: 'said-by-telegram',
}

function open(db: Database, sessionSecret = 'signs-the-cookies-of-browsers') {
  const clock = stillClock()
  return { clock, access: openAccess({ db, clock, keys, sessionSecret }) }
}

onEachEngine('GATE4 · a link opens once, for one of many who try at the same time', async ({ db }) => {
  const { access } = open(db)
  const { token } = await access.newLink()

  const looked = [await access.linkOpens(token), await access.linkOpens(token)]
  const used = await Promise.all(Array.from({ length: 8 }, () => access.useLink(token)))

  assert.deepEqual(looked, [true, true])
  assert.equal(used.filter(Boolean).length, 1)
  assert.equal(await access.linkOpens(token), false)
})

onEachEngine('GATE4 · a link nobody used stays shut after a quarter of an hour', async ({ db }) => {
  const { access, clock } = open(db)
  const { token } = await access.newLink()
  clock.advance(LINK_LIVES_MS)
  assert.equal(await access.linkOpens(token), false)
  assert.equal(await access.useLink(token), false)
})

onEachEngine('GATE5 · a session ends by itself after seven days, at once by leaving, and never comes back', async ({ db }) => {
  const { access, clock } = open(db)
  const one = await access.beginSession()
  const two = await access.beginSession()

  assert.notEqual(one.cookie, two.cookie)
  assert.notEqual(one.chat, two.chat)
  assert.equal((await access.sessionOf(one.cookie))?.chat, one.chat)
  await access.endSession(one.cookie)
  assert.equal(await access.sessionOf(one.cookie), undefined)
  clock.advance(SESSION_LIVES_MS - 1)
  assert.equal((await access.sessionOf(two.cookie))?.chat, two.chat)
  clock.advance(1)
  assert.equal(await access.sessionOf(two.cookie), undefined)
})

onEachEngine('GATE5 · a cookie signed with another secret, cut or changed opens nothing', async ({ db }) => {
  const { access } = open(db)
  const { access: other } = open(db, 'another-secret-altogether-here')
  const { cookie } = await access.beginSession()

  for (const bad of ['', '.', cookie.slice(0, -1), `x${cookie}`, cookie.split('.')[0]!, `${cookie}.`])
    assert.equal(await access.sessionOf(bad), undefined, bad)
  assert.equal(await other.sessionOf(cookie), undefined)
})

onEachEngine('GATE5 · the tables hold hashes: whoever copies them cannot come in', async ({ db }) => {
  const { access } = open(db)
  const { cookie } = await access.beginSession()
  const { token } = await access.newLink()

  const kept = JSON.stringify([
    await db.as<{ sessions: object }>().selectFrom('sessions').selectAll().execute(),
    await db.as<{ entry_links: object }>().selectFrom('entry_links').selectAll().execute(),
  ])

  assert.ok(!kept.includes(token) && !kept.includes(cookie.split('.')[0]!))
})

test('GATE2 · each key opens its own doors only, and an unset one opens none', () => {
  const known = openKeys(keys)
  assert.ok(known.isAdmin(['wrong', keys.admin]))
  assert.ok(!known.isAdmin([keys.internal, keys.telegramSecret, '', keys.admin.slice(1)]))
  assert.ok(known.isInternal([keys.internal]) && !known.isInternal([keys.admin]))
  assert.ok(known.isTelegram(keys.telegramSecret) && !known.isTelegram(`${keys.telegramSecret}, ${keys.telegramSecret}`))

  const unset = openKeys({ admin: keys.admin })
  assert.ok(!unset.isInternal(['', 'undefined']) && !unset.isTelegram('') && !unset.isTelegram(undefined))
})
