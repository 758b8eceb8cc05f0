/**
 * What is said on the web is lent as it is stored, in the process that stores it: killed there, again and again. Telegram's
 * messages settle first and do not go that way; see one-process.test.ts for them.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../src/rehearsal/index.ts'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { readLedger } from './ledger.ts'
import { openOutside } from './outside.ts'
import { startCrew } from './processes.ts'
import { healthy } from './run.ts'
import { onOneProcess, type Outside, type Shape } from './shapes.ts'

// A chat may say twenty things a minute.
const CHATS = 12
const KILLS = 6
const LEAST_SAID = 60
const SEED = Number(process.env['SEED'] ?? Math.floor(performance.timeOrigin) % 1_000_000)

test('IN1, IN3, IN4 · what is said on the web survives the death of whoever took it up, once, in order [sqlite]', () =>
  survives((folder, outside) => onOneProcess(folder, outside)))

const { url, skip } = postgresUrl()
test(
  'IN1, IN3, IN4 · what is said on the web survives the death of whoever took it up, once, in order [postgres]',
  { skip },
  async (t) => {
    const fresh = await freshPostgres(url)
    t.after(() => fresh.drop())
    await survives((folder, outside) => onOneProcess(folder, outside, fresh.url))
  },
)

async function survives(build: (folder: string, outside: Outside) => Promise<Shape>) {
  const random = seededRandom(SEED)
  const folder = mkdtempSync(join(tmpdir(), 'centralita-kill-'))
  mkdirSync(join(folder, 'home'))
  await using outside = await openOutside(SEED)
  const shape = await build(folder, { telegramUrl: outside.telegram.url, modelUrl: outside.model.url })
  await using crew = startCrew(shape.processes, { folder })
  try {
    await healthy(shape, crew.story)
    let over = false
    const killing = (async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await healthy(shape, crew.story)
        await pause(random.whole(300, 2500))
        await crew.kill('all')
      }
      await healthy(shape, crew.story)
    })().finally(() => (over = true))
    const said = new Map<string, number[]>()
    let n = 0
    const talking = Array.from({ length: CHATS }, async (_, i) => {
      const chat = `w${i}`
      const mine: number[] = []
      said.set(chat, mine)
      while (!over || n < LEAST_SAID) {
        mine.push(++n)
        await say(shape, chat, mine.at(-1)!)
        await pause(random.whole(1_500, 4_500))
      }
    })
    await Promise.all([killing, ...talking])
    const ledger = await rested(shape, crew.story)
    await crew.stop()

    assert.deepEqual(crew.accidents, [], crew.story())
    assert.equal(ledger.lanesOutOfStep, 0)
    assert.equal(ledger.ended.length, n, `SEED=${SEED}: each is kept once`)
    assert.ok(ledger.ended.every(({ outcome }) => outcome === 'answered'))
    const answered = ledger.rows
      .filter(({ kind, text }) => kind === 'reply' && text.startsWith('Leído'))
      .map(({ text }) => [...text.split('|')[0]!.matchAll(/\bn(\d+)\b/g)].map((found) => Number(found[1])))
    for (const [chat, mine] of said) {
      const told = answered.filter((numbers) => numbers.some((one) => mine.includes(one))).flat()
      assert.deepEqual(told, mine, `SEED=${SEED}: ${chat} was answered all it said, once, in order, and nothing else`)
    }
    console.log(`SEED=${SEED}: ${n} said, ${KILLS} kills`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** Said again under the same id until the door has it; the answer is looked at for a moment only. */
async function say({ api, adminKey }: Shape, chat: string, n: number): Promise<void> {
  for (;;) {
    const status = await fetch(`${api}/api/v1/chat/eco`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: `Apunta n${n}`, id: `id-${n}`, chat }),
      signal: AbortSignal.timeout(5_000),
    }).then(
      async (answer) => {
        await answer.body?.cancel()
        return answer.status
      },
      () => 0,
    )
    if (status === 200) return
    assert.ok(status === 0 || status === 429 || status >= 500, `the door answered ${status}`)
    await pause(status === 429 ? 1_000 : 100)
  }
}

async function rested({ store }: Shape, story: () => string) {
  const deadline = performance.now() + 120_000
  for (;;) {
    await pause(500)
    const ledger = await readLedger(store).catch(() => undefined)
    if (ledger && ledger.lanesWaiting === 0 && ledger.rows.every((row) => !row.isOpen)) return ledger
    if (performance.now() > deadline) {
      const open = ledger?.rows.filter((row) => row.isOpen).map(({ id, status }) => `${id} ${status}`)
      assert.fail(`it did not come to rest: ${ledger?.lanesWaiting} conversations wait, open: ${open?.join(', ')}\n${story()}`)
    }
  }
}
