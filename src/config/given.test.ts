import assert from 'node:assert/strict'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { describeVariables, loadConfig } from '../config.ts'
import { base, faults, faultsOf, folder, read, token, warns } from './reading-for-tests.ts'

describe('names', () => {
  test('an unknown one with a prefix of ours is refused with the nearest known one', () => {
    faults({ TELEGRAM_BOT_TOKN: 'x' }, /^TELEGRAM_BOT_TOKN: .*TELEGRAM_BOT_TOKEN$/)
    faults({ LLM_PROVIDR: 'x' }, /LLM_PROVIDER$/)
    faults({ LLM_PROIVDER: 'x' }, /LLM_PROVIDER$/)
    faults({ EMBEDDINGS_URL: 'x' }, /EMBEDDINGS_/)
    faults({ PROACTIVE_LIMIT: '1' }, /PROACTIVE_DAILY_LIMIT$/)
    faults({ OPERATOR_CHATS: '1' }, /OPERATOR_CHAT$/)
    faults({ TELEGRAM_ALLOWLIST_FILE: '/x' }, /TELEGRAM_ALLOWLIST$/)
    assert.deepEqual(faultsOf({ LLM_PROVIDR: '' }), [])
  })

  test('one whose prefix other tools share is a warning, and what they need themselves is not even that', () => {
    warns({ POSTGRES_SSL: 'x' }, /^POSTGRES_SSL: /)
    warns({ TWILIO_NUMBER: 'x' }, /^TWILIO_NUMBER: /)
    warns({ ADMIN_APIKEY: 'x' }, /ADMIN_API_KEY/)
    const theirs = { POSTGRES_INITDB_ARGS: '-k', REDIS_IMAGE: 'r', HOME: '/root', PATH: '/bin', LANG: 'C' }
    assert.deepEqual(read(theirs).warnings, [])
  })

  test('the addresses that Kubernetes puts into a process are not ours', () => {
    const env = {
      POSTGRES_PORT: 'tcp://10.0.0.1:5432',
      REDIS_SERVICE_HOST: '10.0.0.2',
      REDIS_PORT_6379_TCP: 'tcp://10.0.0.2:6379',
    }
    assert.deepEqual(read(env).warnings, [])
    assert.equal(read(env).database.engine, 'sqlite')
  })

  test('those of the former systems are taken over or named as no longer needed, never refused', () => {
    warns({ PYTHONPATH: '/app/src' }, /^PYTHONPATH: ya no hace falta/)
    warns({ TELEGRAM_WEBHOOK_URL: 'https://x' }, /ya no hace falta/)
    assert.equal(read({ TELEGRAM_TOKEN: token(7) }).telegram.tokens.get('aegen'), token(7))
    assert.deepEqual(read({ TELEGRAM_CHAT_ID: '42' }).ccmChatIds, ['42'])
    assert.equal(read({ REDIS_HOST: 'redis', REDIS_PASSWORD: 'p@ss' }).cache.redisUrl, 'redis://:p%40ss@redis:6379/')
    const mysql = { MYSQL_HOST: 'rrhh', MYSQL_USER: 'ccm', MYSQL_PASSWORD: 'pw', MYSQL_DATABASE: 'personas' }
    assert.equal(read(mysql).hrDatabaseUrl, 'mysql://ccm:pw@rrhh:3306/personas')
    assert.equal(read({ GROQ_API_KEY: 'gsk_x', GROQ_MODEL: 'm' }).llm.model, 'm')
    warns({ OPENAI_API_KEY: 'sk-x' }, /openai-compatible/)
  })

  test('every name in the four documents is known', () => {
    const andrea =
      'ADMIN_API_KEY SESSION_SECRET_KEY LOG_LEVEL POSTGRES_SERVER POSTGRES_PORT POSTGRES_DB POSTGRES_USER POSTGRES_PASSWORD AZURE_SPEECH_KEY AZURE_SPEECH_REGION GROQ_API_KEY TELNYX_API_KEY TELNYX_PUBLIC_KEY TWILIO_AUTH_TOKEN'
    const known = new Set<string>(describeVariables('es').map((one) => one.name))
    for (const name of [
      ...andrea.split(' '),
      'LOCAL_API_URL',
      'CACHE_PROVIDER',
      'DATABASE_URL',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ])
      assert.ok(known.has(name), name)
  })
})

describe('secrets in files', () => {
  test('are read, without the line break at the end', () => {
    const cwd = folder({ token: token(5) + '\n' })
    assert.equal(read({ TELEGRAM_BOT_TOKEN_FILE: 'token' }, { cwd }).telegram.tokens.get('aegen'), token(5))
    assert.equal(read({ CCM_TELEGRAM_BOT_TOKEN_FILE: join(cwd, 'token') }, { cwd }).telegram.tokens.get('ccm'), token(5))
  })

  test('and given directly too are a fault; an unreadable or empty one is named', () => {
    const cwd = folder({ empty: '\n', key: 'gsk_0123456789' })
    faults({ GROQ_API_KEY: 'x', GROQ_API_KEY_FILE: 'key' }, /^GROQ_API_KEY: .*GROQ_API_KEY_FILE/, { cwd })
    faults({ GROQ_API_KEY_FILE: 'nowhere' }, /GROQ_API_KEY_FILE: .*nowhere.*no existe/, { cwd })
    faults({ GROQ_API_KEY_FILE: 'empty' }, /empty está vacío/, { cwd })
    faults({ GROQ_API_KEY_FILE: '.' }, /carpeta/, { cwd })
    assert.equal(read({ GROQ_API_KEY: '', GROQ_API_KEY_FILE: 'key' }, { cwd }).llm.provider, 'groq')
  })

  test('every secret may come from one', () => {
    const cwd = folder({ s: 'x' })
    for (const { name, secret } of describeVariables('es')) {
      const found = faultsOf({ [`${name}_FILE`]: 's', [name]: 'y' }, { cwd }).join('\n')
      if (secret) assert.match(found, new RegExp(`^${name}: .*${name}_FILE`, 'm'))
    }
  })
})

describe('.env', () => {
  test('fills what the environment does not say; an empty variable there says nothing', () => {
    const cwd = folder({ '.env': '\uFEFFPORT=9001\r\nexport LOG_LANG="en"\n# note\nTZ=Europe/Madrid\n' })
    const config = loadConfig({ env: { PORT: '', TZ: 'America/Bogota' }, cwd })
    assert.deepEqual([config.http.port, config.log.lang, config.zone], [9001, 'en', 'America/Bogota'])
  })

  test('that does not exist is none; one that is a folder, or a line that says nothing, is told by its number only', () => {
    assert.equal(loadConfig({ env: {}, cwd: folder() }).http.port, 8000)
    const cwd = folder()
    mkdirSync(join(cwd, '.env'))
    assert.throws(() => loadConfig({ env: {}, cwd }), /carpeta/)
    const lost = folder({ '.env': 'PORT=9001\n123456:AAsecretsecretsecret\n' })
    const { warnings } = loadConfig({ env: {}, cwd: lost })
    assert.equal(warnings.length, 1)
    assert.match(warnings[0]!, /línea 2/)
    assert.ok(!warnings[0]!.includes('secretsecret'))
  })

  test('that may not be read says which chmod', () => {
    const cwd = folder({ '.env': 'PORT=9001' })
    chmodSync(join(cwd, '.env'), 0o000)
    chmodSync(base, 0o755)
    const uid = process.geteuid!()
    if (uid === 0) process.seteuid!(65_534)
    try {
      assert.throws(() => loadConfig({ env: {}, cwd }), /chmod 600 .*\.env/)
    } finally {
      if (uid === 0) process.seteuid!(uid)
    }
  })
})
