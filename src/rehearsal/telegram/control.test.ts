import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { until } from '../until.ts'
import { ANA, openStage } from './test-stage.ts'

test('TG-CONTROL · another process can play the person, set faults, move the clock and read what happened', async (t) => {
  const { telegram, ok, call, clock } = await openStage(t)
  const post = async <T>(verb: string, body: object): Promise<T> => {
    const res = await fetch(`${telegram.url}/_rehearsal/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(res.status, 200, await res.clone().text())
    return (await res.json()) as T
  }
  const get = async <T>(what: string) => (await (await fetch(`${telegram.url}/_rehearsal/${what}`)).json()) as T

  await post('say', { text: 'hola', from: ANA })
  await post('sendVoice', { from: ANA.id, base64: Buffer.from('voz').toString('base64'), duration: 2 })
  const updates = await ok('getUpdates')
  assert.deepEqual([updates[0]!.message?.text, updates[1]!.message?.voice?.duration], ['hola', 2])

  const waiting = get<{ text: string }[]>(`sent?chat=${ANA.id}&wait=30000`)
  await until(() => clock.sleeping() === 1, 'the reader to wait')
  const reply_markup = { inline_keyboard: [[{ text: 'Sí', callback_data: 'yes' }]] }
  const { message_id } = await ok('sendMessage', { chat_id: ANA.id, text: '¿sí?', reply_markup })
  assert.deepEqual(
    (await waiting).map((s) => s.text),
    ['¿sí?'],
  )
  const { query } = await post<{ query: string }>('press', { from: ANA.id, chat: ANA.id, messageId: message_id, button: 'Sí' })
  await ok('answerCallbackQuery', { callback_query_id: query, text: 'bien' })
  assert.deepEqual(await get(`answer?query=${query}`), { text: 'bien', alert: false, url: '' })

  await post('faults', { kind: 'error_500', methods: ['getMe'], count: 1 })
  assert.equal((await call('getMe')).status, 500)
  await post('clearFaults', {})
  assert.deepEqual(await get('faults'), [])
  assert.deepEqual(await post('clock', { advance: 60_000 }), { now: clock.now() })
  await post('bots', { token: '1002:another-token', first_name: 'Otra' })
  assert.equal((await ok('getMe', {}, '1002:another-token')).first_name, 'Otra')
  await post('block', { from: ANA.id, bot: '1001:rehearsal-token' })
  assert.equal((await call('sendMessage', { chat_id: ANA.id, text: 'x' })).status, 403)
  const heard = await get<{ text: string }[]>(`heard?chat=${ANA.id}&bot=1001:rehearsal-token`)
  assert.equal(heard[0]?.text, '¿sí?')
})

test('TG-CONTROL · wrong wishes are told so; a web page, another name for the machine, or another machine without the key cannot drive it', async (t) => {
  const { telegram } = await openStage(t)
  const url = `${telegram.url}/_rehearsal`
  const post = (verb: string, body: string, type = 'application/json') =>
    fetch(`${url}/${verb}`, { method: 'POST', headers: { 'content-type': type }, body })
  assert.equal((await post('say', '{"text":""}')).status, 400)
  assert.equal((await post('say', '{')).status, 400)
  assert.equal((await post('constructor', '{}')).status, 404)
  assert.equal((await post('edit', JSON.stringify({ text: 'x', from: 1, chat: 1, messageId: 9 }))).status, 400)
  assert.equal((await post('say', '{}', 'text/plain')).status, 415, 'what a form on a web page can send')
  const rebound = await new Promise<number | undefined>((resolve) => {
    request(`${url}/sent`, { headers: { host: 'evil.example' } }, (res) => {
      res.resume()
      resolve(res.statusCode)
    }).end()
  })
  assert.equal(rebound, 403)

  const keyed = await openStage(t, { controlKey: 'una-clave' })
  const ask = (headers: Record<string, string>) => fetch(`${keyed.telegram.url}/_rehearsal/sent`, { headers })
  assert.equal((await ask({})).status, 403)
  assert.equal((await ask({ 'x-rehearsal-key': 'una-clave' })).status, 200)
})
