import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faults, faultsOf, KEYS, read } from './reading-for-tests.ts'

describe('databases', () => {
  const url = 'postgres://admin:s3cr%40t@db:5432/voice_db'
  const parts = { POSTGRES_SERVER: 'db', POSTGRES_DB: 'voice_db', POSTGRES_USER: 'admin', POSTGRES_PASSWORD: 's3cr@t' }

  test('PostgreSQL by address, in any of its spellings, or by parts', () => {
    const byUrl = { engine: 'postgres', url, named: 'url' }
    assert.deepEqual(read({ DATABASE_URL: url }).database, byUrl)
    for (const scheme of ['postgresql', 'postgresql+asyncpg', 'postgres+psycopg2'])
      assert.deepEqual(read({ DATABASE_URL: url.replace('postgres', scheme) }).database, byUrl)
    assert.deepEqual(read(parts).database, { ...byUrl, named: 'parts' })
    assert.deepEqual(read({ ...parts, DATABASE_URL: url }).database, byUrl)
  })

  test('two ways that differ are a fault, and so is half of one', () => {
    for (const [name, other] of [
      ['POSTGRES_SERVER', 'db2'],
      ['POSTGRES_PORT', '5433'],
      ['POSTGRES_DB', 'x'],
      ['POSTGRES_USER', 'x'],
      ['POSTGRES_PASSWORD', 'x'],
    ] as const)
      faults({ ...parts, DATABASE_URL: url, [name]: other }, new RegExp(`^${name}: .*DATABASE_URL`))
    faults({ POSTGRES_SERVER: 'db', POSTGRES_USER: 'a' }, /^POSTGRES_PASSWORD: falta/)
    faults({ POSTGRES_PASSWORD: 'x' }, /sin POSTGRES_SERVER/)
    assert.deepEqual(faultsOf({ POSTGRES_PASSWORD: 'x' }, { roles: ['polling'] }), [])
    assert.deepEqual(faultsOf({ POSTGRES_PASSWORD: 's3cr@t', DATABASE_URL: url }), [])
  })

  test('an address that is neither is refused and its password not printed', () => {
    for (const wrong of ['oracle://u:hunter22@h/d', 'postgres://u:hunter#22@h/d', 'sqlite:///./aegen.db', 'postgres://'])
      faults({ DATABASE_URL: wrong }, /^DATABASE_URL: (?!.*hunter)/)
  })

  test("CCM's mysql is taken as HR_DATABASE_URL; two that differ are a fault", () => {
    const mysql = 'mysql://ccm:pw@rrhh:3306/personas'
    const config = read({ DATABASE_URL: mysql.replace('mysql:', 'mysql+pymysql:') })
    assert.deepEqual([config.database.engine, config.hrDatabaseUrl], ['sqlite', mysql])
    assert.equal(read({ ...parts, DATABASE_URL: mysql }).database.engine, 'postgres')
    faults({ DATABASE_URL: mysql, HR_DATABASE_URL: 'mysql://other/db' }, /HR_DATABASE_URL/)
    assert.deepEqual(faultsOf({ DATABASE_URL: mysql, HR_DATABASE_URL: mysql }), [])
    assert.equal(read({ HR_DATABASE_URL: 'postgresql://u:p@rrhh/d' }).hrDatabaseUrl, 'postgres://u:p@rrhh/d')
    faults({ HR_DATABASE_URL: 'http://u:p@h/d' }, /^HR_DATABASE_URL: /)
  })

  test('SQLite under several processes is refused, with the reason', () => {
    for (const roles of [['assistant'], ['app', 'polling'], ['app', 'outbox']])
      faults({}, /SQLite es de un solo proceso/, { roles })
    for (const roles of [[], ['polling'], ['app', 'assistant', 'outbox']]) assert.deepEqual(faultsOf({}, { roles }), [])
    assert.deepEqual(faultsOf({ DATABASE_URL: url }, { roles: ['assistant'] }), [])
    assert.equal(faultsOf({ DATABASE_URL: 'postgres://' }, { roles: ['app'] }).length, 1, 'one mistake is told once')
  })

  test('Redis: the address implies it; the word alone means this machine, or the one called redis in the image', () => {
    assert.equal(read({}).cache.redisUrl, undefined)
    assert.equal(read({ REDIS_URL: 'redis://r:6379' }).cache.redisUrl, 'redis://r:6379')
    assert.equal(read({ CACHE_PROVIDER: 'redis' }).cache.redisUrl, 'redis://127.0.0.1:6379')
    assert.equal(read({ ...KEYS, CACHE_PROVIDER: 'redis' }, { image: true }).cache.redisUrl, 'redis://redis:6379')
    faults({ CACHE_PROVIDER: 'memory', REDIS_URL: 'redis://r' }, /CACHE_PROVIDER/)
    faults({ REDIS_URL: 'http://r' }, /REDIS_URL/)
    faults({ CACHE_PROVIDER: 'memcached' }, /memory, redis/)
  })
})
