import assert from 'node:assert/strict'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { faketime } from '../support/servers.ts'
import { drive, type Driven } from './drive.ts'
import type { Orders } from './driver.ts'
import { assertKept, readStored } from './stored.ts'

const HOUR_S = 3600
const library = globSync('/usr/lib/{*/,}faketime/libfaketime.so.1')[0]
const skip = faketime().skip || (library === undefined ? 'there is no libfaketime on this machine' : false)

/** A driver whose wall clock the test steps; its monotonic clock goes on as it is. */
function withOwnTime(t: TestContext, orders: Omit<Orders, 'store' | 'name'>) {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-time-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const time = join(folder, 'time')
  const stepTo = (seconds: number) => writeFileSync(time, `${seconds < 0 ? '' : '+'}${seconds}s\n`)
  stepTo(0)
  const file = join(folder, 'centralita.db')
  const driven = drive(
    { ...orders, store: { engine: 'sqlite', file }, name: 'time', answers: true, delivers: true, leaseMs: 3000 },
    { env: { LD_PRELOAD: library!, FAKETIME_TIMESTAMP_FILE: time, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' } },
  )
  return { driven, file, stepTo }
}

const SLOW = { atOnce: 1, chats: 5 }
const said = (driven: Driven, text: RegExp) => driven.sendings.filter((s) => text.test(s.text))

async function goesOn(driven: Driven, what: string) {
  const before = driven.sendings.length
  await driven.until((d) => d.sendings.length > before + 20, `answers ${what}`)
}

test(
  'DB5 · the clock goes back an hour: answers go on within a lease, and what was planned leaves once [sqlite]',
  { skip },
  async (t) => {
    const orders = { ...SLOW, schedule: [{ chat: '900', kind: 'proactive' as const, inMinutes: 30, text: 'plan' }] }
    const { driven: process, file, stepTo } = withOwnTime(t, orders)
    await using driven = process
    await goesOn(driven, 'before the step')

    stepTo(-HOUR_S)
    await driven.until((d) => d.steps.some((step) => step < 0), 'the step to be noticed')
    await goesOn(driven, 'after the step back')
    assert.deepEqual(said(driven, /plan/), [])
    stepTo(HOUR_S)
    await driven.until((d) => said(d, /plan/).length > 0, 'the planned message')
    await goesOn(driven, 'after the step forward')
    await driven.kill()

    assert.equal(said(driven, /plan/).length, 1)
    assertKept(driven.acknowledged, await readStored({ engine: 'sqlite', file }), 'after both steps')
  },
)

test(
  'OUT5 · the clock jumps three days: no burst, at most two to a person, what is too old expires [sqlite]',
  { skip },
  async (t) => {
    const chats = ['901', '902', '903']
    const schedule = chats.flatMap((chat) =>
      Array.from({ length: 12 }, (_, n) => ({
        chat,
        kind: 'proactive' as const,
        inMinutes: 60 * 6 * (n + 1),
        text: `plan-${chat}`,
      })),
    )
    const { driven: process, file, stepTo } = withOwnTime(t, { ...SLOW, schedule })
    await using driven = process
    await goesOn(driven, 'before the jump')

    // 72 hours and a minute: the twelfth is due just now, the eleven before it are past their two hours.
    stepTo(72 * HOUR_S + 60)
    await driven.until((d) => chats.every((chat) => said(d, new RegExp(`^plan-${chat}$`)).length > 0), 'what is due now')
    await goesOn(driven, 'after the jump')
    stepTo(0)
    await goesOn(driven, 'back in the present')
    await driven.kill()

    for (const chat of chats) assert.equal(said(driven, new RegExp(`^plan-${chat}$`)).length, 1, `person ${chat}`)
    assertKept(driven.acknowledged, await readStored({ engine: 'sqlite', file }), 'after the jump')
  },
)
