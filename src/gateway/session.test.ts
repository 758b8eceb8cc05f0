import assert from 'node:assert/strict'
import { onEachEngine } from '../../test/support/engines.ts'
import { KEYS, openDoorBench, type DoorBench } from '../../test/support/door.ts'
import { silentLog, type Database } from '../foundation/index.ts'

const HERE = { 'sec-fetch-site': 'same-origin' }

async function withDoor(db: Database, work: (door: DoorBench) => Promise<void>, over: Parameters<typeof openDoorBench>[1] = {}) {
  const door = await openDoorBench(db, over)
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

const cookieOf = (answer: Response) => answer.headers.get('set-cookie')!.split(';')[0]!

async function enter({ ask }: DoorBench, headers: Record<string, string> = {}) {
  const { link } = (await (await ask('/api/v1/access/link', { method: 'POST' })).json()) as { link: string }
  const path = new URL(link).pathname
  const entered = await ask(path, { method: 'POST', key: '', headers: { ...HERE, ...headers } })
  return { path, entered, cookie: cookieOf(entered) }
}

onEachEngine(
  'GATE4 · looking at the link burns nothing, the button lets in once, and the link is in no log line',
  async ({ db }) => {
    const lines: string[] = []
    const note = (event: string, fields?: unknown) => void lines.push(event + JSON.stringify(fields ?? {}))
    const log = { ...silentLog, debug: note, info: note, warn: note, error: note }
    await withDoor(
      db,
      async (door) => {
        const { ask } = door
        const { link } = (await (await ask('/api/v1/access/link', { method: 'POST' })).json()) as { link: string }
        const path = new URL(link).pathname
        for (let i = 0; i < 3; i++) assert.equal((await ask(path, { key: '' })).status, 200)
        const press = () => ask(path, { method: 'POST', key: '', headers: HERE })
        const entered = await press()
        assert.deepEqual([entered.status, entered.headers.get('location')], [303, '/'])
        assert.equal((await press()).status, 410)
        assert.equal((await ask(path, { key: '' })).status, 410)
        assert.ok(lines.length > 5)
        assert.ok(!lines.join('').includes(path.split('/').at(-1)!))
      },
      { log },
    )
  },
)

onEachEngine('GATE5 · the cookie is closed to scripts and other sites, and over TLS bound to this very host', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { entered } = await enter(door)
    const plain = entered.headers.get('set-cookie')!
    assert.match(plain, /^centralita=[\w-]+\.[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
    const { entered: overTls } = await enter(door, { 'x-forwarded-proto': 'https' })
    assert.match(overTls.headers.get('set-cookie')!, /^__Host-centralita=.*; Path=\/; HttpOnly; SameSite=Lax; Secure;/)
    assert.match(overTls.headers.get('strict-transport-security') ?? '', /max-age/)
  })
})

onEachEngine('GATE5 · coming in gives a new session and ends the one before; leaving ends it at once', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { ask } = door
    const status = async (cookie: string) => (await ask('/api/v1/assistants', { key: '', headers: { cookie } })).status
    const first = await enter(door)
    const second = await enter(door, { cookie: first.cookie })

    assert.notEqual(first.cookie, second.cookie)
    assert.deepEqual([await status(first.cookie), await status(second.cookie)], [401, 200])
    assert.match(await (await ask('/', { key: '', headers: { cookie: second.cookie } })).text(), /id="log"/)
    const left = await ask('/salir', { method: 'POST', key: '', headers: { cookie: second.cookie, ...HERE } })
    assert.equal(left.status, 303)
    assert.equal(await status(second.cookie), 401)
    const out = await ask('/', { key: '', headers: { cookie: second.cookie } })
    assert.equal(out.status, 401)
    assert.match(await out.text(), /enlace de un solo uso/)
  })
})

onEachEngine(
  'GATE11 · with the cookie only this page changes anything: a foreign origin, none, or another site is refused',
  async ({ db }) => {
    await withDoor(db, async (door) => {
      const { ask, address, conversations } = door
      const { cookie } = await enter(door)
      const post = (headers: Record<string, string>, path = '/api/v1/chat/aegen', body = '{"text":"hola"}') =>
        ask(path, { method: 'POST', key: '', body, headers: { cookie, 'content-type': 'application/json', ...headers } })
      const refused = [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: address, 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { origin: 'https://evil.example', 'content-type': 'text/plain' },
      ]
      for (const headers of refused)
        assert.equal((await post(headers as Record<string, string>)).status, 403, JSON.stringify(headers))
      assert.equal((await post({ origin: 'https://evil.example' }, '/salir', '')).status, 403)
      assert.deepEqual(await conversations.claim(5), [])
      assert.equal((await ask('/api/v1/assistants', { key: '', headers: { cookie } })).status, 200)

      for (const headers of [{ origin: address }, HERE]) {
        const answer = await post(headers as Record<string, string>)
        assert.equal(answer.status, 200)
        await answer.body?.cancel()
      }
      assert.equal((await post({ ...HERE, 'content-type': 'text/plain' })).status, 415)
    })
  },
)

onEachEngine('GATE5 · a session opens the chat only, never what needs the key', async ({ db }) => {
  await withDoor(db, async (door) => {
    const { cookie } = await enter(door)
    for (const { method, path } of door.gateway.routes.filter(({ who }) => who === 'key')) {
      const answer = await door.ask(path.replace(/:\w+/g, 'out-1'), { method, key: '', headers: { cookie, ...HERE } })
      assert.equal(answer.status, 401, path)
    }
    assert.equal((await door.ask('/api/v1/parked', { key: KEYS.admin, headers: { cookie } })).status, 200)
  })
})
