import assert from 'node:assert/strict'
import { z } from 'zod'
import { onEachEngine } from '../../test/support/engines.ts'
import { KEYS, openDoorBench, type DoorBench } from '../../test/support/door.ts'
import type { Database, Log } from '../foundation/index.ts'

type Line = { event: string; fields: unknown }

async function withDoor(
  db: Database,
  work: (door: DoorBench, lines: Line[]) => Promise<void>,
  over: Parameters<typeof openDoorBench>[1] = {},
) {
  const lines: Line[] = []
  const note = (event: string, fields?: unknown) => void lines.push({ event, fields })
  const log: Log = { debug: note, info: note, warn: note, error: note, with: () => log }
  const door = await openDoorBench(db, { log, ...over })
  try {
    await work(door, lines)
  } finally {
    await door.close()
  }
}

const concrete = (path: string) => path.replace(/:assistant/, 'aegen').replace(/:\w+/g, 'out-1')
const code = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code

onEachEngine('GATE1 · every route of the table refuses a stranger before it reads the body, however broken', async ({ db }) => {
  await withDoor(db, async ({ gateway, ask }) => {
    const guarded = gateway.routes.filter((one) => one.who !== 'open')
    assert.ok(guarded.length >= 19)
    for (const { method, path } of guarded) {
      for (const body of ['{', '\xff', '[[[[', `{"a":"${'x'.repeat(20_000)}"}`]) {
        const init = method === 'GET' ? {} : { body, headers: { 'content-type': 'text/plain' } }
        const answer = await ask(concrete(path), { method, key: '', ...init })
        assert.equal(answer.status, 401, `${method} ${path}`)
        assert.equal(await code(answer), 'unauthorized')
      }
    }
  })
})

onEachEngine('GATE2 · each key opens its own doors, only by header', async ({ db }) => {
  await withDoor(db, async ({ ask }, lines) => {
    const statuses = async (path: string, init: Parameters<typeof ask>[1][]) =>
      Promise.all(init.map(async (one) => (await ask(path, one)).status))
    assert.deepEqual(
      await statuses('/api/v1/parked', [
        {},
        { key: '', headers: { 'x-api-key': KEYS.admin } },
        { key: KEYS.internal },
        { key: KEYS.telegramSecret },
        { key: KEYS.admin.slice(0, -1) },
      ]),
      [200, 200, 401, 401, 401],
    )
    const inAddress = await ask(`/api/v1/parked?key=${KEYS.admin}&api_key=${KEYS.admin}`, { key: '' })
    assert.equal(inAddress.status, 401)
    assert.deepEqual(
      await statuses('/api/v1/webhooks/telegram', [
        { json: { update_id: 1 }, key: KEYS.admin },
        { json: { update_id: 1 }, key: KEYS.internal },
        { json: { update_id: 1 }, key: '', headers: { 'x-telegram-bot-api-secret-token': KEYS.telegramSecret } },
        { json: { update_id: 1 }, key: '', headers: { 'x-telegram-bot-api-secret-token': KEYS.telegramSecret.slice(1) } },
      ]),
      [401, 200, 200, 401],
    )
    const said = JSON.stringify(lines)
    for (const key of Object.values(KEYS)) assert.ok(!said.includes(key))
  })
})

onEachEngine(
  'GATE3 · the eleventh wrong key of a minute waits, a forged address buys no more, and the owner still comes in',
  async ({ db }) => {
    await withDoor(db, async ({ ask }) => {
      const seen: number[] = []
      for (let i = 0; i < 12; i++) {
        const forged = { 'x-forwarded-for': `10.0.0.${i}, 203.0.113.9` }
        const answer = await ask('/api/v1/parked', { key: `wrong-${i}`, headers: forged })
        seen.push(answer.status)
        if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
        await answer.body?.cancel()
      }
      assert.deepEqual(seen, [...Array<number>(10).fill(401), 429, 429])
      assert.equal((await ask('/api/v1/parked', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status, 200)
    })
  },
)

onEachEngine('GATE3 · above its pace a caller gets 429 with the time to wait, and the others go on', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const say = (chat: string, from: string) =>
      ask('/api/v1/access/link', { method: 'POST', key: '', headers: { 'x-api-key': chat, 'x-forwarded-for': from } })
    const answers = []
    for (let i = 0; i < 31; i++) answers.push(await say(KEYS.admin, '203.0.113.1'))
    assert.equal(answers.filter(({ status }) => status === 201).length, 30)
    assert.equal(answers.at(-1)!.status, 429)
    assert.ok(Number(answers.at(-1)!.headers.get('retry-after')) > 0)
    assert.equal((await ask('/health', { headers: { 'x-forwarded-for': '203.0.113.2' } })).status, 200)
  })
})

onEachEngine('GATE6 · every answer, errors too, is closed to other pages and names no program', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    for (const path of ['/', '/health', '/docs', '/nothing/here', '/api/v1/outbox', '/entrar/never-made']) {
      const { headers } = await ask(path, { key: '' })
      const csp = headers.get('content-security-policy')!
      assert.match(csp, /default-src 'none'/)
      assert.match(csp, /frame-ancestors 'none'/)
      assert.doesNotMatch(csp, /unsafe|\*|http/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.ok(headers.get('referrer-policy'))
      assert.equal(headers.get('server') ?? headers.get('x-powered-by'), null)
      assert.equal(headers.get('access-control-allow-origin'), null)
    }
  })
})

onEachEngine('GATE6 · only pages of the named origins may call, and never with a cookie', async ({ db }) => {
  await withDoor(
    db,
    async ({ ask }) => {
      const preflight = (origin: string) =>
        ask('/api/v1/outbox', { method: 'OPTIONS', key: '', headers: { origin, 'access-control-request-method': 'POST' } })
      const good = await preflight('https://panel.example')
      assert.equal(good.status, 204)
      assert.equal(good.headers.get('access-control-allow-origin'), 'https://panel.example')
      assert.equal(good.headers.get('access-control-allow-credentials'), null)
      const bad = await preflight('https://panel.example.evil.example')
      assert.equal(bad.status, 405)
      assert.equal(bad.headers.get('access-control-allow-origin'), null)
    },
    { corsOrigins: ['https://panel.example'] },
  )
})

onEachEngine('GATE7 · errors have one shape, in the language of the caller', async ({ db }) => {
  await withDoor(db, async ({ ask }) => {
    const english = { 'accept-language': 'fr, en;q=0.9, es;q=0.4' }
    const [es, en, method, missing] = await Promise.all([
      ask('/api/v1/parked', { key: '' }),
      ask('/api/v1/parked', { key: '', headers: english }),
      ask('/health', { method: 'DELETE' }),
      ask('/api/v2/nothing'),
    ])
    const bodies = (await Promise.all([es, en, method, missing].map((one) => one.json()))) as {
      error: { code: string; message: string }
    }[]
    assert.match(bodies[0]!.error.message, /Falta una clave/)
    assert.match(bodies[1]!.error.message, /A valid key is missing/)
    assert.deepEqual(
      [method.status, method.headers.get('allow'), bodies[2]!.error.code],
      [405, 'HEAD, GET', 'method_not_allowed'],
    )
    assert.deepEqual([missing.status, bodies[3]!.error.code], [404, 'not_found'])
    assert.equal((await ask('/health', { method: 'HEAD' })).status, 200)
  })
})

onEachEngine('GATE7 · what breaks inside shows a number, and the log the rest', async ({ db }) => {
  const secret = 'postgres://someone:hunter2@db/secret'
  await withDoor(
    db,
    async ({ ask }, lines) => {
      const answer = await ask('/metrics')
      const text = await answer.text()
      assert.equal(answer.status, 500)
      const { error } = JSON.parse(text) as { error: { code: string; details: { id: string } } }
      assert.equal(error.code, 'internal')
      assert.doesNotMatch(text, /hunter2|\.ts|at /)
      const line = lines.find(({ event }) => event === 'http_broke')!.fields as { id: string; error: Error }
      assert.equal(line.id, error.details.id)
      assert.equal(line.error.message, secret)
    },
    { metrics: () => Promise.reject(new Error(secret)) },
  )
})

onEachEngine('GATE8 · health is 503 only when the house says that it fails, and the numbers need the key', async ({ db }) => {
  let status: 'ok' | 'degraded' | 'failing' = 'ok'
  await withDoor(
    db,
    async ({ ask }) => {
      for (const [now, expected] of [
        ['ok', 200],
        ['degraded', 200],
        ['failing', 503],
      ] as const) {
        status = now
        for (const path of ['/health', '/system/health']) {
          const answer = await ask(path, { key: '' })
          assert.equal(answer.status, expected)
          assert.deepEqual(await answer.json(), { status: now, parts: {} })
        }
      }
      assert.equal((await ask('/metrics', { key: '' })).status, 401)
      assert.match(await (await ask('/metrics')).text(), /centralita_up 1/)
    },
    { health: async () => ({ status, parts: {} }) },
  )
})

onEachEngine(
  'GATE9 · the description names every route that answers, with its shapes, and the page needs nothing from elsewhere',
  async ({ db }) => {
    await withDoor(db, async ({ ask, gateway }) => {
      const document = (await (await ask('/openapi.json', { key: '' })).json()) as {
        openapi: string
        paths: Record<string, Record<string, { responses: object; requestBody?: object; security: object[] }>>
      }
      assert.equal(document.openapi, '3.1.0')
      for (const one of gateway.routes.filter(({ name }) => name)) {
        const described = document.paths[one.path.replace(/:(\w+)/g, '{$1}')]![one.method.toLowerCase()]!
        assert.ok(Object.keys(one.answers).every((status) => status in described.responses))
        assert.equal(described.security.length > 0, one.who !== 'open')
        assert.equal('requestBody' in described, one.body !== undefined)
      }
      for (const [language, word] of [
        ['es', 'Probar'],
        ['en', 'Try it'],
      ] as const) {
        const page = await (await ask('/docs', { key: '', headers: { 'accept-language': language } })).text()
        assert.ok(page.includes(word))
        assert.doesNotMatch(page, /(?:src|href)="(?:https?:)?\/\//)
        assert.doesNotMatch(page, /<script(?![^>]+src=)|style=|onclick/)
        for (const asset of page.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)) assert.equal((await ask(asset[1]!)).status, 200)
      }
    })
  },
)

onEachEngine('GATE10 · no name from outside reaches the disk', async ({ db }) => {
  await withDoor(db, async ({ ask, address }) => {
    const version = /\/page\/([^/]+)\//.exec(await (await ask('/', { key: '' })).text())![1]!
    for (const name of [
      '..%2f..%2findex.ts',
      '%2e%2e%2findex.ts',
      '..%252findex.ts',
      'chat.js%00.css',
      '..\\index.ts',
      'chat.ts',
      '..;/index.ts',
      'constructor',
    ]) {
      const { status } = await ask(`/page/${version}/${name}`)
      assert.ok(status === 404 || status === 400, `${name} ${status}`)
    }
    assert.ok(address)
  })
})

onEachEngine(
  'GATE9 · a route that another room brings goes through the same door, and is described like the others',
  async ({ db }) => {
    const alert = {
      method: 'POST' as const,
      path: '/telegram/alerta',
      name: 'alert',
      who: 'key' as const,
      pace: 'api' as const,
      cap: 1_024,
      body: z.strictObject({ text: z.string().min(1) }),
      answers: { 200: { about: 'json' as const, schema: z.strictObject({ text: z.string() }) } },
      handle: async ({ body }: { body: { text: string } }) =>
        body.text === 'sin chat'
          ? { status: 400, fault: 'no_chat' }
          : { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    }
    await withDoor(
      db,
      async ({ ask }) => {
        const post = (json: object, key?: string) => ask('/telegram/alerta', { json, ...(key !== undefined && { key }) })
        assert.equal((await post({ text: 'x' }, '')).status, 401)
        assert.equal((await post({ text: '' })).status, 400)
        assert.equal((await post({ text: 'x'.repeat(2_000) })).status, 413)
        assert.deepEqual(await (await post({ text: 'fuego' })).json(), { text: 'fuego' })
        const missing = (await (await post({ text: 'sin chat' })).json()) as { error: { code: string; message: string } }
        assert.deepEqual([missing.error.code, missing.error.message.includes('CCM_CHAT_IDS')], ['no_chat', true])
        assert.match(await (await ask('/docs')).text(), /\/telegram\/alerta/)
      },
      { moreRoutes: [alert] },
    )
    await assert.rejects(openDoorBench(db, { moreRoutes: [{ ...alert, name: 'nameless' }] }), /no words/)
  },
)
