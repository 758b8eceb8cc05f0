import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { systemClock, type Log, type LogFields } from '../foundation/index.ts'
import { openRehearsalClock } from '../rehearsal/index.ts'
import { stillClock } from '../../test/support/clock.ts'
import { loopPart, openHealth, openMetrics, openOperator, openUpkeep, type Part } from './index.ts'

function notingLog() {
  const lines: { event: string; fields: LogFields | undefined }[] = []
  const note = (event: string, fields?: LogFields) => void lines.push({ event, fields })
  const log: Log = { debug: note, info: note, warn: note, error: note, with: () => log }
  return { log, lines }
}

const part = (name: string, essential: boolean, state: 'ok' | 'failing'): Part => ({ name, essential, check: () => ({ state }) })

test('MON1 · the house fails only for what it cannot work without; anything else away makes it degraded', async () => {
  const clock = systemClock
  const status = async (...parts: Part[]) => (await openHealth({ clock, parts })()).status
  assert.equal(await status(part('database', true, 'ok'), part('redis', false, 'ok')), 'ok')
  assert.equal(await status(part('database', true, 'ok'), part('redis', false, 'failing')), 'degraded')
  assert.equal(await status(part('database', true, 'failing'), part('redis', false, 'ok')), 'failing')
})

test('MON1 · a part that throws or does not answer is failing, and says nothing of where it lives', async () => {
  const clock = openRehearsalClock(0)
  const health = openHealth({
    clock,
    parts: [
      {
        name: 'a',
        essential: false,
        check: () => Promise.reject(Object.assign(new Error('connect postgres://user:secret@host'), { code: 'ECONNREFUSED' })),
      },
      { name: 'b', essential: false, check: () => new Promise(() => {}) },
    ],
  })
  const asked = health()
  await clock.advance(2_001)
  const report = await asked
  assert.deepEqual(report.parts['a'], { state: 'failing', why: 'ECONNREFUSED' })
  assert.deepEqual(report.parts['b'], { state: 'failing', why: 'no_answer' })
  assert.ok(!JSON.stringify(report).includes('secret'))
})

test('MON1 · a loop that does not come round is noticed', async () => {
  const clock = stillClock()
  const watched = loopPart('outbox', () => 0, { ...clock, monotonic: () => 61_000 })
  assert.equal((await watched.check()).state, 'failing')
})

test('MON2 · the operator hears of a cause once an hour, by chat and webhook; the log has every one', async () => {
  const clock = stillClock()
  const { log, lines } = notingLog()
  const posted: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      posted.push(body)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const chat: string[] = []
  const operator = openOperator({
    clock,
    log,
    language: 'es',
    webhook: `http://127.0.0.1:${port}/aviso`,
    toChat: async (text, key) => {
      chat.push(`${key} ${text}`)
      return true
    },
  })
  await operator.told({ cause: 'parked', subject: 'aegen', details: { id: 'in-7' } })
  await operator.told({ cause: 'parked', subject: 'aegen' })
  await operator.told({ cause: 'in_doubt' })
  clock.advance(3_600_000)
  await operator.told({ cause: 'parked' })
  server.close()

  assert.equal(chat.length, 3)
  assert.match(chat[0]!, /^operator:parked:\d+ ⚠️ Centralita \(aegen\)[\s\S]*in-7/)
  assert.deepEqual(
    posted.map((body) => (JSON.parse(body) as { cause: string }).cause),
    ['parked', 'in_doubt', 'parked'],
  )
  assert.equal(lines.filter((line) => line.event === 'operator_notice').length, 4)
})

test('MON2 · an operator who cannot be reached breaks nothing, and the address stays out of the log', async () => {
  const { log, lines } = notingLog()
  const operator = openOperator({
    clock: stillClock(),
    log,
    language: 'en',
    webhook: 'http://127.0.0.1:9/secret-path',
    toChat: () => Promise.reject(new Error('database away')),
  })
  await operator.told({ cause: 'disk_low', details: { free_mb: 12 } })
  assert.equal(lines.filter((line) => line.event === 'operator_unreached').length, 2)
  assert.ok(!JSON.stringify(lines).includes('secret-path'))
})

test('CARE5 · each person who may be in danger is a message of its own, tried again until somebody was reached', async () => {
  let reachable = false
  const chat: string[] = []
  const operator = openOperator({
    clock: stillClock(),
    log: notingLog().log,
    language: 'es',
    toChat: async (text, key) => {
      if (!reachable) throw new Error('database away')
      chat.push(`${key} ${text}`)
      return true
    },
  })
  const told = (id: string) => operator.told({ cause: 'care', subject: 'aegen', details: { id } })
  assert.equal(await told('care-1'), false)
  reachable = true
  assert.equal(await told('care-1'), true)
  assert.equal(await told('care-2'), true)
  assert.equal(await told('care-2'), true)
  assert.equal(chat.length, 2)
  assert.match(chat[0]!, /care-1[^]*centralita care list/)
})

test('MON3 · numbers carry no person, no chat and no text', async () => {
  const metrics = openMetrics(async () => ({
    conversations: 3,
    oldestWaitMs: 1500,
    parked: 1,
    outbox: [{ kind: 'reply', status: 'pending', n: 2 }],
  }))
  metrics.turn('aegen', 'answered', 0.2)
  metrics.send('reply', 'sent')
  const text = await metrics.text()
  assert.match(text, /centralita_conversations_waiting 3/)
  assert.match(text, /centralita_conversations_oldest_wait_seconds 1.5/)
  assert.match(text, /centralita_outbox_messages\{kind="reply",status="pending"\} 2/)
  assert.match(text, /centralita_turns_total\{assistant="aegen",outcome="answered"\} 1/)
})

test('MON4 · at night what is over is forgotten, once; strays are adopted every minute; a clock that went back is made good', async () => {
  const clock = openRehearsalClock(Date.UTC(2026, 10, 21, 1, 59))
  const { log, lines } = notingLog()
  const operator = openOperator({ clock, log, language: 'es' })
  const did = { forgot: 0, adopted: [] as number[], back: [] as number[] }
  const work = openUpkeep({
    clock,
    log,
    operator,
    zone: 'Europe/Madrid',
    forget: async () => ++did.forgot,
    adopt: async (since) => {
      did.adopted.push(since)
      return 5_000
    },
    clockWentBack: async (step) => void did.back.push(step),
  })
  await clock.advance(30_000)
  assert.equal(did.forgot, 0)
  await clock.advance(120_000)
  assert.equal(did.forgot, 1)
  assert.deepEqual(did.adopted.slice(0, 2), [0, 4_000])
  await clock.advance(3_600_000)
  assert.equal(did.forgot, 1)
  clock.step(-3_600_000)
  await clock.advance(10_000)
  assert.deepEqual(did.back, [3_600_000])
  const stopping = work.stop()
  await clock.advance(10_000)
  await stopping
  assert.equal(lines.filter((line) => line.event === 'forgotten').length, 1)
})
