import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, parseEnv } from 'node:util'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { describeVariables, exampleEnv, loadConfig } from './config.ts'
import { base, faults, faultsOf, folder, KEYS, read, token, warns } from './config/reading-for-tests.ts'
import { Misconfigured } from './foundation/index.ts'
import { wordsIn } from './texts/index.ts'

describe('the configuration', () => {
  test('needs nothing: without a variable it is SQLite, offline, one process, Spanish, on this machine only', () => {
    const config = read({})
    assert.deepEqual(config.database, { engine: 'sqlite', file: join(base, 'data', 'centralita.db') })
    assert.equal(config.llm.provider, 'offline')
    assert.deepEqual([config.http.host, config.http.port, config.http.healthPort], ['127.0.0.1', 8000, 8080])
    assert.deepEqual([config.log.lang, config.log.level, config.log.format], ['es', 'info', 'json'])
    assert.equal(config.telegram.forwardTo, 'http://127.0.0.1:8000/api/v1/webhooks/telegram')
    assert.deepEqual([config.telegram.mode, config.telegram.access, config.telegram.tokens.size], ['polling', 'pairing', 0])
    assert.deepEqual([config.proactiveDailyLimit, config.debounceMs], [2, 700])
    assert.deepEqual(config.retention, { rawDays: 7, transcriptDays: 365, sentDays: 365, traceDays: 30, updateKeyDays: 8 })
    assert.deepEqual(config.warnings, [])
  })

  test('tells every fault at once', () => {
    const found = faultsOf({ PORT: '80a', LOG_LEVEL: 'loud', TZ: 'Mars/Base', TELEGRAM_MODE: 'pull', DATABASE_URL: 'oracle://x' })
    for (const name of ['PORT', 'LOG_LEVEL', 'TZ', 'TELEGRAM_MODE', 'DATABASE_URL'])
      assert.equal(found.filter((line) => line.startsWith(`${name}:`)).length, 1, name)
    assert.equal(found.length, 5)
  })

  test('is frozen, and printing it shows no secret', () => {
    const config = read({ ...KEYS, TELEGRAM_BOT_TOKEN: token(1) })
    assert.throws(() => Object.assign(config, { debounceMs: 1 }), TypeError)
    assert.throws(() => Object.assign(config.keys, { admin: 'x' }), TypeError)
    for (const shown of [JSON.stringify(config), JSON.stringify({ config }), inspect(config)])
      for (const secret of config.secrets()) assert.ok(!shown.includes(secret))
  })

  test('speaks Spanish, or English by LOG_LANG', () => {
    faults({ PORT: 'x' }, /número entero/)
    faults({ PORT: 'x', LOG_LANG: 'en' }, /whole number/)
    faults({ PORT: 'x', LOG_LANG: 'fr' }, /número entero/)
  })

  test('takes an empty or blank variable for unset, and takes off blanks and quotes', () => {
    assert.equal(read({ PORT: '', TZ: '  ', TELEGRAM_BOT_TOKEN: '' }).http.port, 8000)
    assert.equal(read({ PORT: ' "9000" ' }).http.port, 9000)
    assert.equal(read({ LOG_LANG: "'en'" }).log.lang, 'en')
  })

  test('reads numbers strictly', () => {
    for (const PORT of ['80.5', '1e3', '0x50', '65536', '-1', '8000 # door', '٨٠'])
      assert.equal(faultsOf({ PORT }).length, 1, PORT)
    assert.equal(read({ PORT: '0' }).http.port, 0)
    faults({ PROACTIVE_DAILY_LIMIT: '3' }, /0 a 2/)
    assert.equal(read({ PROACTIVE_DAILY_LIMIT: '0' }).proactiveDailyLimit, 0)
    faults({ DEBOUNCE_MS: '3001' }, /DEBOUNCE_MS/)
    faults({ BUDGET_MONEY_DAY: '1,5' }, /punto decimal/)
    assert.equal(read({ BUDGET_MONEY_DAY: '2.50' }).budget.moneyDay, 2.5)
  })

  test('refuses control characters and endless values', () => {
    faults({ GROQ_API_KEY: 'gsk_abc\r\nX-Evil: 1' }, /^GROQ_API_KEY: .*control/)
    faults({ LLM_MODEL: 'm'.repeat(9000) }, /^LLM_MODEL: pasa de/)
  })

  test('keeps the update keys at least eight days, and as long as the raw updates', () => {
    assert.equal(read({ RETENTION_RAW_DAYS: '1' }).retention.updateKeyDays, 8)
    assert.equal(read({ RETENTION_RAW_DAYS: '30' }).retention.updateKeyDays, 30)
    faults({ RETENTION_TRACE_DAYS: '0' }, /RETENTION_TRACE_DAYS/)
  })

  test('accepts the names that are reserved for later', () => {
    const env = { AZURE_SPEECH_KEY: 'k', AZURE_SPEECH_REGION: 'eastus', TELNYX_API_KEY: 'k', TELNYX_PUBLIC_KEY: 'p' }
    assert.deepEqual(read({ ...env, TWILIO_AUTH_TOKEN: 't', KNOWLEDGE_URL: 'http://rag:5002' }).warnings, [])
    assert.equal(read({ TOOLS_URL: 'http://tools:5001/' }).services.tools, 'http://tools:5001')
  })

  test('checks origins, zones, chats and addresses', () => {
    assert.deepEqual(read({ CORS_ORIGINS: 'https://a.example, http://localhost:5173/' }).http.corsOrigins, [
      'https://a.example',
      'http://localhost:5173',
    ])
    faults({ CORS_ORIGINS: '*' }, /CORS_ORIGINS/)
    faults({ CORS_ORIGINS: 'https://a.example/path' }, /CORS_ORIGINS/)
    assert.equal(read({ TZ: ':America/Bogota' }).zone, 'America/Bogota')
    faults({ OPERATOR_CHAT: 'my chat' }, /OPERATOR_CHAT/)
    assert.equal(read({ OPERATOR_CHAT: '-1001234567890' }).operator.chat, '-1001234567890')
    faults({ PUBLIC_URL: 'https://user:hunter22@host' }, /PUBLIC_URL: .*contraseña/)
    assert.equal(read({ PUBLIC_URL: 'https://host/base/' }).http.publicUrl, 'https://host/base')
  })

  test('says that a container without TZ lives in UTC, and that a public address is unencrypted', () => {
    const image = read({ ...KEYS }, { image: true })
    assert.deepEqual([image.zone, image.zoneGiven, image.http.host], ['UTC', false, '0.0.0.0'])
    assert.ok(image.warnings.some((line) => line.includes('UTC')))
    assert.equal(read({ ...KEYS, CENTRALITA_IMAGE: '1' }).image, true)
    warns({ HOST: '0.0.0.0' }, /^HOST: /)
  })
})

describe('what is told', () => {
  test('every variable is described in both languages, in its own words', () => {
    const spanish = describeVariables('es')
    const english = describeVariables('en')
    assert.deepEqual(Object.keys(wordsIn('es').config.say.about), Object.keys(wordsIn('en').config.say.about))
    for (const [i, one] of spanish.entries()) assert.ok(one.about.length > 5 && one.about !== english[i]!.about, one.name)
  })

  test('.env.example is what the schema says', () => {
    assert.equal(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'), exampleEnv())
  })

  test('.env.example untouched changes nothing, and each of its defaults is one', () => {
    assert.deepEqual(Object.values(parseEnv(exampleEnv())).filter(Boolean), [])
    const cwd = folder({ '.env': exampleEnv() })
    const plain = read({ ...KEYS }, { cwd })
    const shown = parseEnv(exampleEnv().replaceAll(/^#([A-Z])/gm, '$1'))
    const config = read({ ...shown, ...KEYS }, { cwd })
    assert.deepEqual({ ...config, secrets: 0, isSet: 0 }, { ...plain, secrets: 0, isSet: 0 })
    assert.deepEqual(
      { ...loadConfig({ env: KEYS, cwd, terminal: false }), secrets: 0, isSet: 0 },
      { ...plain, secrets: 0, isSet: 0 },
    )
  })

  test('no secret is ever in a fault or a warning, wherever the operator put it', () => {
    const names = [...describeVariables('es').map((one) => one.name), 'CCM_TELEGRAM_BOT_TOKEN', 'TELEGRAM_TOKEN', 'LLM_KEY']
    const secret = fc.stringMatching(/^[\w:/@#?.-]{12,40}$/).map((text) => `Zq7${text}`)
    const value = fc.oneof(
      secret,
      ...['postgres://u:', 'mysql://u:', 'https://u:', 'redis://:'].map((head) => secret.map((text) => `${head}${text}@h/d`)),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 }), (env) => {
        let told: string
        try {
          told = read(env).warnings.join('\n')
        } catch (error) {
          assert.ok(error instanceof Misconfigured)
          told = error.faults.join('\n') + error.stack
        }
        for (const text of Object.values(env)) {
          const hidden = /Zq7[\w:/@#?.-]{9}/.exec(text)![0]
          assert.ok(!told.includes(hidden), told)
        }
      }),
      { numRuns: 300 },
    )
  })
})
