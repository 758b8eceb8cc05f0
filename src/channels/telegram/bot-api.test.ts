import { test } from 'node:test'
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { CouldNotAsk, Misconfigured, Refused, systemClock } from '../../foundation/index.ts'
import { openBotApi } from './bot-api.ts'
import { openServer, TOKEN } from './test-stage.ts'

const secret = TOKEN.split(':')[1]!
const bot = (apiRoot: string) => openBotApi({ clock: systemClock, apiRoot, token: TOKEN })
const failure = async (asking: Promise<unknown>): Promise<CouldNotAsk | Refused> => {
  try {
    await asking
  } catch (error) {
    assert.ok(error instanceof CouldNotAsk || error instanceof Refused, String(error))
    const shown = inspect(error, { depth: 20, showHidden: true }) + String((error as Error).stack)
    assert.ok(!shown.includes(secret), shown)
    return error
  }
  throw new Error('it did not fail')
}

test('TG · an answer is given with the server time', async (t) => {
  const { url } = await openServer(t, (req, res, body) => {
    assert.equal(req.url, `/bot${TOKEN}/getMe`)
    assert.deepEqual(JSON.parse(body), { a: 1 })
    res.setHeader('date', 'Sat, 21 Nov 2026 12:00:00 GMT')
    res.end('{"ok":true,"result":{"id":1001}}')
  })
  assert.deepEqual(await bot(`${url}/`).ask('getMe', { a: 1, b: undefined }), {
    result: { id: 1001 },
    date: Date.UTC(2026, 10, 21, 12),
  })
})

test('TG · a refusal carries code, words, pause and new chat, without the token', async (t) => {
  const { url } = await openServer(t, (_req, res) => {
    res.statusCode = 429
    res.end(
      JSON.stringify({
        ok: false,
        error_code: 429,
        description: `Too Many for ${TOKEN} ${'x'.repeat(5000)}`,
        parameters: { retry_after: 7, migrate_to_chat_id: -100123 },
      }),
    )
  })
  const error = (await failure(bot(url).ask('sendMessage'))) as Refused
  assert.deepEqual(
    [error.code, error.status, error.retryAfterMs, error.details['migrate_to_chat_id']],
    ['telegram_429', 429, 7000, -100123],
  )
  assert.ok(error.message.length <= 300)
})

test('TG · only what provably never left counts as not asked', async (t) => {
  const gone = await openServer(t, () => {})
  await gone.close()
  for (const root of [gone.url, 'http://does-not-exist.invalid', `http://127.0.0.1:1`]) {
    const error = (await failure(bot(root).ask('sendMessage'))) as CouldNotAsk
    assert.equal(error.reached, 'no', `${root}: ${error.message}`)
  }
  const page = await openServer(
    t,
    (_req, res) => void res.writeHead(403, { 'content-type': 'text/html' }).end('<h1>proxy says no</h1>'),
  )
  assert.equal(
    ((await failure(bot(page.url).ask('sendMessage'))) as CouldNotAsk).reached,
    'no',
    'a proxy’s 403 is not Telegram’s',
  )
  const elsewhere = await openServer(t, (_req, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
  assert.equal(((await failure(bot(elsewhere.url).ask('sendMessage'))) as CouldNotAsk).reached, 'no')
  const stopped = new AbortController()
  stopped.abort()
  assert.equal(((await failure(bot(page.url).ask('sendMessage', {}, { signal: stopped.signal }))) as CouldNotAsk).reached, 'no')
})

test('TG · whatever may have been carried out is unclear', async (t) => {
  const answers: Record<string, (res: import('node:http').ServerResponse) => void> = {
    'html 502': (res) => void res.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    'json 500': (res) => void res.writeHead(500).end('{"ok":false,"error_code":500,"description":"Internal"}'),
    'garbage 200': (res) => void res.end('<!doctype html>{"ok":'),
    'empty 200': (res) => void res.end(),
    'not ok, no code': (res) => void res.end('{"result":1}'),
    'list 200': (res) => void res.end('[]'),
    cut: (res) => void res.destroy(),
    truncated: (res) => {
      res.writeHead(200, { 'content-length': '500' })
      res.write('{"ok":true,"result":{"message_id"')
      setTimeout(() => res.destroy(), 20)
    },
    'endless 200': (res) => void res.end(`{"ok":true,"result":"${'x'.repeat(2_000_000)}"}`),
  }
  for (const [name, give] of Object.entries(answers)) {
    const { url } = await openServer(t, (_req, res) => give(res))
    const error = (await failure(bot(url).ask('sendMessage'))) as CouldNotAsk
    assert.equal(error instanceof CouldNotAsk && error.reached, 'unknown', `${name}: ${error.message}`)
  }
  const silent = await openServer(t, () => {})
  assert.equal(((await failure(bot(silent.url).ask('x', {}, { timeoutMs: 100 }))) as CouldNotAsk).reached, 'unknown')
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  assert.equal(((await failure(bot(silent.url).ask('x', {}, { signal: stop.signal }))) as CouldNotAsk).reached, 'unknown')
})

test('TG · no HTTP at all, or a certificate that does not fit, is told from a lost answer', async (t) => {
  const server = createServer((socket) => void socket.end('220 smtp.example ESMTP\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  assert.equal(((await failure(bot(`http://127.0.0.1:${port}`).ask('x'))) as CouldNotAsk).reached, 'unknown')
  assert.equal(((await failure(bot(`https://127.0.0.1:${port}`).ask('x'))) as CouldNotAsk).reached, 'no')
})

test('TG · a token or an address that cannot be one is said without showing it', () => {
  for (const [apiRoot, token] of [
    ['https://api.telegram.org', `${TOKEN}\n/../x`],
    ['https://api.telegram.org', secret],
    ['not an address', TOKEN],
    [`https://user:${secret}@host`, TOKEN],
    ['file:///etc', TOKEN],
  ] as const) {
    assert.throws(
      () => openBotApi({ clock: systemClock, apiRoot, token }),
      (error) => error instanceof Misconfigured && !inspect(error).includes(secret),
    )
  }
})

test('TG · a file streams, is cut off above its cap, and its address shows nowhere', async (t) => {
  const { url } = await openServer(t, (req, res) => {
    if (req.url === `/file/bot${TOKEN}/voice/file%201.oga`) return void res.end('x'.repeat(1000))
    res.writeHead(404).end('{"ok":false}')
  })
  const api = bot(url)
  const whole = await new Response(await api.download('voice/file 1.oga', { maxBytes: 1000 })).text()
  assert.equal(whole.length, 1000)
  const tooLarge = (await failure(new Response(await api.download('voice/file 1.oga', { maxBytes: 999 })).text())) as Refused
  assert.equal(tooLarge.code, 'too_large')
  for (const path of ['../getMe', '/etc/passwd', 'a//b', '.', '']) {
    assert.equal(((await failure(api.download(path, { maxBytes: 10 }))) as Refused).code, 'telegram_file', path)
  }
  assert.equal(((await failure(api.download('gone.oga', { maxBytes: 10 }))) as Refused).status, 404)
})

test('HEAR9 · a file comes from the address of the Bot API only: a way elsewhere is not followed, and the token shows nowhere', async (t) => {
  let strayed = 0
  const elsewhere = await openServer(t, (_req, res) => {
    strayed++
    res.end('bytes')
  })
  const { url } = await openServer(t, (_req, res) => {
    res.statusCode = 302
    res.setHeader('location', `${elsewhere.url}/file/bot${TOKEN}/voice.oga`)
    res.end()
  })
  const error = await failure(bot(url).download('voice.oga', { maxBytes: 1000 }))
  assert.deepEqual([(error as Refused).code, (error as Refused).status, strayed], ['telegram_file', 302, 0])
})
