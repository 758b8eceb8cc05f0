import assert from 'node:assert/strict'
import { validation } from '../../src/directory/index.ts'
import { wordsIn } from '../../src/texts/index.ts'
import { until } from '../support/door.ts'
import { onEachEngine } from '../support/engines.ts'
import { mysqlUrl } from '../support/servers.ts'
import { openCcm } from './ccm.ts'
import { companyDatabase, withDirectory } from './stage.ts'

const my = mysqlUrl()

const ROUTES = ['/telegram/proximos-ingresos', '/telegram/proximos-cumpleanos', '/telegram/alerta'] as const

if (!my.skip)
  onEachEngine(
    'CCM10 · the three routes, over HTTP, from a real MariaDB to Telegram, once',
    async ({ db }) => {
      const company = await companyDatabase(my.url, 2_000)
      const ccm = await openCcm(db, company.url)
      try {
        ccm.telegram.people.say('/start', { id: 501, first_name: 'Ana' })
        for (const path of ROUTES) {
          const body = path.endsWith('alerta') ? { text: 'Simulacro a las 12', level: 'aviso' } : { days: 30 }
          const first = await ccm.post(path, body)
          assert.equal(first.status, 200, JSON.stringify(first.body))
          assert.ok(first.body.queued.length > 0)
          for (const { id } of first.body.queued) await until(async () => (await ccm.statusOf(id)) === 'sent')
          const again = await ccm.post(path, body)
          assert.ok(again.body.queued.every(({ unchanged }) => unchanged === true))
        }
        const sent = ccm.telegram.people.heard(501).map(({ text }) => text ?? '')
        assert.ok(sent.some((text) => text.includes('Simulacro a las 12')))
        assert.ok(sent.some((text) => text.includes('Cumpleaños')))
        assert.equal(new Set(sent).size, sent.length, 'nothing twice')
        const preview = await ccm.door.ask('/telegram/proximos-cumpleanos?days=5')
        assert.equal(preview.status, 200)
        assert.equal(((await preview.json()) as { dry_run: boolean }).dry_run, true)
      } finally {
        await ccm.close()
        await company.drop()
      }
    },
    withDirectory,
  )

onEachEngine(
  'CCM12 · what is wrong in a call has its status, its code and what to check',
  async ({ db }) => {
    const ccm = await openCcm(db, 'mysql://lee:x@127.0.0.1:1/rrhh', { chats: [] })
    try {
      const [hires, birthdays, alert] = ROUTES
      const outcome = async (path: string, body: unknown) => {
        const { status, body: said } = await ccm.post(path, body)
        return `${status} ${said.error?.code ?? 'ok'}`
      }
      assert.equal(await outcome(birthdays, {}), '400 no_chat')
      assert.equal(await outcome(alert, { text: 'x' }), '400 no_chat')
      const away = await ccm.post(hires, { chat_ids: ['501'] })
      assert.equal(away.status, 503)
      assert.equal(away.body.error.code, 'hr_unavailable')
      assert.deepEqual(Object.keys(away.body.error.details), ['variable', 'why', 'check'])
      assert.equal(away.body.error.details['variable'], 'HR_DATABASE_URL')
      assert.equal(away.body.error.details['why'], 'port')
      assert.deepEqual(await ccm.company.health(), { state: 'degraded', why: 'port' })
      assert.equal(await outcome(birthdays, { days: 0 }), '400 invalid')
      assert.equal(await outcome(birthdays, { days: 1.5 }), '400 invalid')
      assert.equal(await outcome(birthdays, { chat_ids: ['hola'] }), '400 invalid')
      assert.equal(await outcome(alert, { text: '   ', chat_ids: ['501'] }), '400 invalid')
      assert.equal(await outcome(alert, { text: 'x', level: 'grave', chat_ids: ['501'] }), '400 invalid')
      assert.equal(await outcome(alert, { text: 'x', chat_ids: [501], dry_run: true }), '200 ok')
      assert.equal((await ccm.door.ask(alert, { json: { text: 'x' }, key: '' })).status, 401)
      assert.equal((await ccm.door.ask(`${birthdays}?days=x`)).status, 400)
      assert.equal(ccm.telegram.journal.sent.length, 0)
    } finally {
      await ccm.close()
    }
  },
  withDirectory,
)

onEachEngine(
  'CCM18 · the validation tries the routes and what must go wrong, sends nothing unless it is real, and writes what it saw',
  async ({ db }) => {
    const ccm = await openCcm(db, undefined)
    const ask = async (
      method: string,
      path: string,
      { body, key = true, raw }: { body?: unknown; key?: boolean; raw?: string } = {},
    ) => {
      const answer = await ccm.door.ask(path, {
        method,
        ...(key ? {} : { key: '' }),
        ...(raw !== undefined && { body: raw, headers: { 'content-type': 'application/json' } }),
        ...(body !== undefined && { json: body }),
      })
      return { status: answer.status, body: (await answer.json()) as unknown, ms: 1 }
    }
    const say = wordsIn('es').directory.say.validation
    const run = (real: boolean) =>
      validation({ ask, say, real, now: '2026-11-21 10:00', wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) })
    try {
      const dry = await run(false)
      const marks = Object.fromEntries(dry.lines.map(({ check, mark }) => [check, mark]))
      assert.equal(marks['without_key'], '✅')
      assert.equal(marks['injection'], '✅')
      assert.equal(marks['birthdays'], '⚠️', 'there is no source here')
      assert.equal(marks['real_alert'], 'ℹ️')
      assert.match(dry.markdown, /sin base de personas \(unset\): Falta HR_DATABASE_URL/)
      assert.equal(ccm.telegram.journal.sent.length, 0)

      ccm.telegram.people.say('/start', { id: 501, first_name: 'Ana' })
      const real = await run(true)
      assert.equal(real.lines.find(({ check }) => check === 'real_alert')?.mark, '✅')
      assert.equal(ccm.telegram.journal.sent.length, 1)
    } finally {
      await ccm.close()
    }
  },
  withDirectory,
)
