import assert from 'node:assert/strict'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { apart, head, send, whole, type Target } from '../../test/support/bare-socket.ts'
import { KEYS } from '../../test/support/door.ts'

type Described = { paths: Record<string, Record<string, { requestBody?: unknown }>> }

const deep = `{"a":${'{"a":'.repeat(80)}1${'}'.repeat(81)}`
const json = 'Content-Type: application/json'
const hostile: [string, (to: Target) => (string | Buffer)[], number][] = [
  ['announces a gigabyte', (to) => [head(to, [json, 'Content-Length: 1073741824']), 'x'], 413],
  ['81 levels', (to) => whole(to, deep), 400],
  ['NaN', (to) => whole(to, '{"update_id":NaN}'), 400],
  ['a bare NUL', (to) => whole(to, '{"a":"\0"}'), 400],
  ['invalid UTF-8', (to) => whole(to, Buffer.from([0x7b, 0x22, 0xff, 0xc0, 0x22, 0x7d])), 400],
  ['an array', (to) => whole(to, '[]'), 400],
  ['__proto__', (to) => whole(to, '{"__proto__":{"x":1}}'), 400],
  ['a gzip bomb', (to) => whole(to, gzipSync(Buffer.alloc(1_000_000)), ['Content-Encoding: gzip']), 415],
  ['no content type', (to) => [head(to, ['Content-Length: 2']), '{}'], 415],
]

test('GATE18 · every route that takes a body refuses what is malformed, deep, huge or wrongly encoded', async () => {
  await apart(async ({ port, busyMs }) => {
    const about = (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as Described
    const targets = Object.entries(about.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs)
        .filter(([, { requestBody }]) => requestBody)
        .map(([method]) => ({
          path: path.replaceAll(/\{\w+\}/g, 'aegen'),
          method: method.toUpperCase(),
          key: path.includes('/webhooks/') ? KEYS.internal : KEYS.admin,
        })),
    )
    assert.ok(targets.length >= 8, JSON.stringify(targets))
    for (const target of targets)
      for (const [what, parts, wanted] of hostile) {
        const before = await busyMs()
        const { status, text } = await send(port, parts(target))
        assert.equal(status, wanted, `${target.method} ${target.path}, ${what}: ${text.slice(0, 400)}`)
        assert.match(text, /"error":\{"code":"\w+","message":"[^"]+/, `${target.path}, ${what}`)
        assert.ok((await busyMs()) - before < 1_000, `${target.path}, ${what}`)
      }
  })
})

test('GATE18 · every route without a body takes hostile addresses and parameters as text', async () => {
  await apart(async ({ port }) => {
    const about = (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as Described
    const paths = Object.entries(about.paths).flatMap(([path, verbs]) => ('get' in verbs ? [path] : []))
    assert.ok(paths.length >= 8, paths.join(' '))
    const nasty = ['%00', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', "'%20OR%201=1--", '%F0%9F%92%A9', 'a'.repeat(5000), '%E0%A4%A']
    for (const path of paths)
      for (const one of nasty) {
        const place = `${path.replaceAll(/\{\w+\}/g, one)}?limit=${one}&cursor=${one}&days=${one}`
        const to = { path: place, method: 'GET', key: KEYS.admin }
        const { status } = await send(port, [head(to, [])], { patienceMs: 10_000 })
        assert.ok(status !== undefined && status < 500 && status !== 201, `${place.slice(0, 120)}: ${status}`)
      }
  })
})
