import assert from 'node:assert/strict'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { apart, head, send, whole } from '../../test/support/bare-socket.ts'
import { KEYS, until } from '../../test/support/door.ts'

const ROUTES = {
  chat: { path: '/api/v1/chat/aegen', key: KEYS.admin, cap: 64 * 1024 },
  webhook: { path: '/api/v1/webhooks/telegram', key: KEYS.internal, cap: 8 * 1024 * 1024 },
}
type Target = (typeof ROUTES)[keyof typeof ROUTES]

const chunked = (target: Target, chunk: Buffer, times: number) => [
  head(target, ['Content-Type: application/json', 'Transfer-Encoding: chunked']),
  ...Array.from({ length: times }, () =>
    Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
  ),
]
const megabyte = Buffer.alloc(1024 * 1024, 32)
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

// `false`: no matter which of the refusals, as long as it is one.
const cases: [string, (target: Target) => (string | Buffer)[], (isWebhook: boolean) => number | number[]][] = [
  [
    'announces a gigabyte',
    (t) => [head(t, ['Content-Type: application/json', 'Content-Length: 1073741824']), megabyte, megabyte],
    () => 413,
  ],
  ['chunks without end', (t) => chunked(t, megabyte, 40), () => 413],
  [
    'ten thousand headers',
    (t) => [
      head(
        t,
        Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`),
      ),
    ],
    () => 431,
  ],
  ['an address of 64 KiB', () => [`GET /${'a'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n`], () => 431],
  ['100 000 levels', (t) => whole(t, deep(100_000).slice(0, t.cap)), () => [400, 413]],
  ['65 levels', (t) => whole(t, `{"update_id":1,"text":"x","a":${deep(64)}}`), () => 400],
  ['the same key twice', (t) => whole(t, '{"text":"a","text":"b","update_id":1}'), (isWebhook) => (isWebhook ? 200 : 400)],
  ['NaN', (t) => whole(t, '{"update_id":NaN,"text":NaN}'), () => 400],
  ['half a surrogate pair', (t) => whole(t, '{"text":"\\ud800","update_id":2}'), (isWebhook) => (isWebhook ? 200 : 400)],
  ['an escaped NUL', (t) => whole(t, '{"text":"a\\u0000","update_id":3}'), (isWebhook) => (isWebhook ? 200 : 400)],
  ['a bare NUL', (t) => whole(t, '{"text":"a\0","update_id":4}'), () => 400],
  ['invalid UTF-8', (t) => whole(t, Buffer.from([...Buffer.from('{"update_id":5,"text":"'), 0xff, 0xc0, 0x22, 0x7d])), () => 400],
  ['UTF-16', (t) => whole(t, Buffer.from('{"update_id":6,"text":"x"}', 'utf16le')), () => 400],
  ['a byte order mark', (t) => whole(t, '\ufeff{"update_id":7,"text":"x"}'), () => 400],
  ['a gzip bomb', (t) => whole(t, gzipSync(Buffer.alloc(20_000_000)), ['Content-Encoding: gzip']), () => 415],
  ['another charset', (t) => [head(t, ['Content-Type: application/json; charset=latin1', 'Content-Length: 2']), '{}'], () => 415],
  ['a form', (t) => [head(t, ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 3']), 'a=b'], () => 415],
  ['no content type', (t) => [head(t, ['Content-Length: 2']), '{}'], () => 415],
  ['__proto__', (t) => whole(t, '{"__proto__":{"x":1},"constructor":{"prototype":1}}'), () => 400],
  ['nothing at all', (t) => whole(t, ''), () => 400],
  [
    'two lengths',
    (t) => [head(t, ['Content-Type: application/json', 'Content-Length: 2', 'Content-Length: 30']), '{}'],
    () => 400,
  ],
  ['a length and chunks', (t) => [head(t, ['Content-Length: 2', 'Transfer-Encoding: chunked']), '0\r\n\r\n'], () => 400],
  [
    'a chunk that is none',
    (t) => [head(t, ['Content-Type: application/json', 'Transfer-Encoding: chunked']), 'zz\r\n'],
    () => 400,
  ],
  ['no host', ({ path }) => [`GET ${path} HTTP/1.1\r\n\r\n`], () => 400],
  ['a host that is none', ({ path }) => [`GET ${path} HTTP/1.1\r\nHost: a b/c\r\n\r\n`], () => [400, 405]],
  ['no HTTP', () => ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'], () => 400],
  ['dots in the address', () => ['GET /page/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'], () => 404],
  [
    'an encoded NUL in an id',
    ({ key }) => [`GET /api/v1/trace/in-1%00 HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n\r\n`],
    () => [400, 401],
  ],
  [
    'a broken escape',
    ({ key }) => [`GET /api/v1/trace/%E0%A4%A HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n\r\n`],
    () => [400, 401, 404],
  ],
]

test('GATE18 · malformed, huge, deep and wrongly encoded requests get their answer within a second, and leave no memory behind', async () => {
  await apart(async ({ port, memory, busyMs }) => {
    // Compared with a process that has been at work: what the engine takes once for compiled code is no leak.
    for (let i = 0; i < 40; i++) for (const target of Object.values(ROUTES)) await send(port, whole(target, '{'))
    const before = await memory()
    for (const [name, target] of Object.entries(ROUTES)) {
      for (const [what, parts, expected] of cases) {
        const busyBefore = await busyMs()
        const { status, text, ms } = await send(port, parts(target))
        const busy = (await busyMs()) - busyBefore
        const wanted = [expected(name === 'webhook')].flat()
        assert.ok(status !== undefined && wanted.includes(status), `${name}, ${what}: ${status} for ${wanted.join('/')}`)
        // The second is counted in the door's own working time, which a crowded machine does not stretch; a wait of its own
        // would show in the other.
        assert.ok(busy < 1_000, `${name}, ${what}: ${Math.round(busy)} ms of work`)
        assert.ok(ms < 8_000, `${name}, ${what}: ${Math.round(ms)} ms`)
        if (status !== 200) assert.match(text, /"error":\{"code":"\w+","message":"[^"]+/, `${name}, ${what}`)
        assert.match(text, /content-security-policy/i, `${name}, ${what}`)
      }
    }
    for (let round = 0; round < 4; round++)
      await Promise.all(Array.from({ length: 8 }, () => send(port, chunked(ROUTES.webhook, megabyte, 12))))
    const back = await until(async () => (await memory()) < before + 32 && (await memory()), 30_000)
    assert.ok(back < before + 32, `${before} → ${back} MiB`)
    assert.equal((await send(port, whole(ROUTES.webhook, '{"update_id":100}'))).status, 200)
  })
})

test('GATE18 · a slow caller is cut off, and keeps nobody waiting', async () => {
  await apart(async ({ port }) => {
    const drip = (text: string) => text.split('').map((one) => one)
    const slowHeads = Array.from({ length: 100 }, () =>
      send(port, drip(`POST ${ROUTES.chat.path} HTTP/1.1\r\nX-A: ${'b'.repeat(400)}`), { pauseMs: 200 }),
    )
    const slowBodies = Array.from({ length: 100 }, () =>
      send(port, [head(ROUTES.webhook, ['Content-Type: application/json', 'Content-Length: 400']), ...drip(' '.repeat(200))], {
        pauseMs: 200,
      }),
    )
    const quick = await send(port, whole(ROUTES.webhook, '{"update_id":1}'))
    assert.equal(quick.status, 200)
    for (const { status } of await Promise.all([...slowHeads, ...slowBodies])) assert.equal(status, 408)
  })
})

test('GATE18 · whoever waits to be asked for the body is refused without being asked', async () => {
  await apart(async ({ port }) => {
    const asked = ['Content-Type: application/json', 'Content-Length: 15', 'Expect: 100-continue']
    const stranger = await send(port, [head({ ...ROUTES.webhook, key: 'nobody' }, asked)])
    assert.equal(stranger.status, 401)
    const known = await send(port, [head(ROUTES.webhook, asked), '{"update_id":1}'], { pauseMs: 50 })
    assert.equal(known.status, 200)
    const big = await send(port, [
      head(ROUTES.chat, ['Content-Type: application/json', 'Content-Length: 900000', 'Expect: 100-continue']),
    ])
    assert.equal(big.status, 413)
  })
})
