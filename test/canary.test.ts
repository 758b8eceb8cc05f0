import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog, systemClock } from '../src/foundation/index.ts'
import { logLines } from '../src/texts/index.ts'
import { ADMIN, openWholeHouse, TOKEN, until } from './support/whole-house.ts'

// Each secret is a marker that nothing else contains.
const CANARIES = {
  INTERNAL_API_KEY: 'canary-internal-3f9a1c7e5b2d8064',
  SESSION_SECRET_KEY: 'canary-session-77b0e4d1a9c35f28',
  LLM_API_KEY: 'canary-model-key-c41d92e07a6b85f3',
  OPERATOR_WEBHOOK: 'http://127.0.0.1:9/canary-webhook-5d2e8f',
  TELEGRAM_WEBHOOK_SECRET: 'canary-hook-secret-19e7c3',
}

test(
  'SEC1 · no secret shows in a log, an error, a number, a page or an answer, whatever goes wrong',
  { timeout: 120_000 },
  async () => {
    const written: string[] = []
    const lines = logLines('es')
    const secrets = [...Object.values(CANARIES), TOKEN, ADMIN]
    // The hiding of known secrets is switched off: none may get as far as the log in the first place.
    const log = openLog({
      lang: 'es',
      level: 'debug',
      format: 'json',
      zone: 'UTC',
      lines,
      secrets: [],
      clock: systemClock,
      stream: { write: (line: string) => written.push(line) },
    })
    const house = await openWholeHouse({ engine: 'sqlite', env: CANARIES, log })
    try {
      house.telegram.people.say('hola', { id: 5, first_name: 'Persona' })
      await until(() => house.telegram.people.heard(5).length > 0, 'an answer')
      for (const kind of ['error_500', 'html_502', 'cut_after', 'flood'] as const)
        house.telegram.faults.add({ kind, methods: ['sendMessage', 'getUpdates'], count: 2 })
      house.telegram.faults.add({ kind: 'unauthorized', methods: ['getMe'], count: 2 })
      for (const kind of ['unauthorized', 'error_500', 'cut_mid_stream', 'html_502'] as const)
        house.model.faults.add({ kind, count: 1 })
      for (let i = 0; i < 4; i++) house.telegram.people.say(`mensaje ${i}`, { id: 6 + i, first_name: 'Persona' })
      house.house.operator.tell({ cause: 'parked' })
      await house.telegram.outage(500)
      await house.house.introduceBots()
      await until(() => house.telegram.people.heard(9).length > 0, 'answers after the faults', 60_000)

      const answers = await Promise.all(
        [
          '/health',
          '/metrics',
          '/openapi.json',
          '/docs',
          '/',
          '/api/v1/outbox',
          '/api/v1/parked',
          '/api/v1/people',
          '/api/v1/trace/in-1',
          '/nope',
        ].map(async (path) => (await house.ask(path)).text()),
      )
      const wrong = await fetch(`${house.url}/api/v1/outbox`, { headers: { 'x-api-key': 'canary-wrong-key-from-outside' } })
      const everything = [...written, ...answers, await wrong.text()].join('\n')
      for (const secret of [...secrets, 'canary-wrong-key-from-outside'])
        assert.ok(!everything.includes(secret), `shows: ${secret.slice(0, 16)}…`)
      assert.ok(written.length > 20, 'the log was really caught')
    } finally {
      if (process.env['SHOW']) console.error(written.slice(-25).join(''))
      await house.close()
    }
  },
)
