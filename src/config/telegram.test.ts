import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tokensFor } from '../config.ts'
import { faults, faultsOf, read, token, warns } from './reading-for-tests.ts'

describe('Telegram', () => {
  test('one token for each assistant, by its name', () => {
    const config = read({ TELEGRAM_BOT_TOKEN: token(1), CCM_TELEGRAM_BOT_TOKEN: token(2), MI_BOT_TELEGRAM_BOT_TOKEN: token(3) })
    assert.deepEqual(
      [...config.telegram.tokens],
      [
        ['aegen', token(1)],
        ['ccm', token(2)],
        ['mi-bot', token(3)],
      ],
    )
    assert.equal(read({ ASSISTANTS: 'ccm', TELEGRAM_BOT_TOKEN: token(1) }).telegram.tokens.get('ccm'), token(1))
  })

  test("the nameless token is AEGEN's, or the only assistant's; one that belongs to nobody is spare", () => {
    const nameless = read({ TELEGRAM_BOT_TOKEN: token(1) })
    assert.equal(tokensFor(nameless, ['recepcion']).tokens.get('recepcion'), token(1))
    assert.equal(tokensFor(nameless, ['aegen', 'ccm']).tokens.get('aegen'), token(1))
    assert.deepEqual([...tokensFor(nameless, ['ccm', 'andrea']).tokens], [])
    const named = read({ MI_BOT_TELEGRAM_BOT_TOKEN: token(3), OLD_TELEGRAM_BOT_TOKEN: token(4) })
    const found = tokensFor(named, ['mi_bot', 'aegen'])
    assert.deepEqual([...found.tokens], [['mi_bot', token(3)]])
    assert.deepEqual(found.spare, ['OLD_TELEGRAM_BOT_TOKEN'])
  })

  test('a token of another shape, or one bot under two assistants, is a fault that does not print it', () => {
    faults({ TELEGRAM_BOT_TOKEN: 'not-a-token' }, /^TELEGRAM_BOT_TOKEN: (?!.*not-a)/)
    assert.deepEqual(faultsOf({ TELEGRAM_BOT_TOKEN: '123:testtest' }), [])
    faults({ TELEGRAM_BOT_TOKEN: token(1), CCM_TELEGRAM_BOT_TOKEN: token(1) }, /es el mismo bot que TELEGRAM_BOT_TOKEN/)
    faults({ TELEGRAM_BOT_TOKEN: token(1), CCM_TELEGRAM_BOT_TOKEN: token(1, 'B') }, /es el mismo bot/)
    faults({ TELEGRAM_BOT_TOKEN: token(1), AEGEN_TELEGRAM_BOT_TOKEN: token(2) }, /mismo asistente/)
    assert.deepEqual(faultsOf({ TELEGRAM_BOT_TOKEN: token(1), AEGEN_TELEGRAM_BOT_TOKEN: token(1) }), [])
  })

  test('webhook mode needs the secret and an https address, unless the server is not Telegram', () => {
    const env = { TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 's3cret_-', PUBLIC_URL: 'https://example.org' }
    assert.deepEqual(faultsOf(env), [])
    faults({ ...env, TELEGRAM_WEBHOOK_SECRET: '' }, /^TELEGRAM_WEBHOOK_SECRET: falta/)
    faults({ ...env, TELEGRAM_WEBHOOK_SECRET: 'con espacio' }, /^TELEGRAM_WEBHOOK_SECRET: tiene/)
    faults({ ...env, TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(257) }, /^TELEGRAM_WEBHOOK_SECRET: tiene/)
    faults({ ...env, PUBLIC_URL: '' }, /^PUBLIC_URL: falta/)
    faults({ ...env, PUBLIC_URL: 'http://example.org' }, /^PUBLIC_URL: .*https/)
    assert.deepEqual(faultsOf({ ...env, PUBLIC_URL: 'http://127.0.0.1:8000', TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }), [])
    assert.equal(read({ TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' }).telegram.apiRoot, 'http://127.0.0.1:8081')
  })

  test('an allowlist needs its list, of ids or @names', () => {
    faults({ TELEGRAM_ACCESS: 'allowlist' }, /^TELEGRAM_ALLOWLIST: falta/)
    const config = read({ TELEGRAM_ACCESS: 'allowlist', TELEGRAM_ALLOWLIST: '123, @somebody,' })
    assert.deepEqual(config.telegram.allowlist, ['123', '@somebody'])
    faults({ TELEGRAM_ACCESS: 'allowlist', TELEGRAM_ALLOWLIST: 'Some Body' }, /TELEGRAM_ALLOWLIST/)
    warns({ TELEGRAM_ALLOWLIST: '1' }, /no tiene efecto/)
  })

  test('the address to forward to follows the port; one that names only a server gets the usual path', () => {
    assert.equal(read({ PORT: '9000' }).telegram.forwardTo, 'http://127.0.0.1:9000/api/v1/webhooks/telegram')
    assert.equal(read({ LOCAL_API_URL: 'http://app:8000' }).telegram.forwardTo, 'http://app:8000/api/v1/webhooks/telegram')
    assert.equal(read({ LOCAL_API_URL: 'http://app:8000/other/' }).telegram.forwardTo, 'http://app:8000/other')
    faults({ LOCAL_API_URL: 'app:8000' }, /LOCAL_API_URL/)
  })
})
