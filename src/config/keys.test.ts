import assert from 'node:assert/strict'
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { faults, faultsOf, folder, KEYS, read, warns } from './reading-for-tests.ts'

describe('keys', () => {
  test('S01 · a weak one refuses the start, says why, and is not printed', () => {
    const weak: [string, RegExp][] = [
      ['changeme', /ejemplo/],
      ['short-key-12', /menos de 24/],
      ['abababababababababababababab', /distintos/],
      ['v4-secure-random-string', /ejemplo/],
      ['long-random-string', /ejemplo/],
      ['please-change-me-0123456789', /ejemplo/],
    ]
    for (const [key, why] of weak) {
      for (const name of Object.keys(KEYS)) faults({ ...KEYS, [name]: key }, why)
      assert.ok(!faultsOf({ ADMIN_API_KEY: key }).join().includes(key))
    }
  })

  test('S02 · two that are equal refuse the start, the webhook secret included', () => {
    faults({ ...KEYS, SESSION_SECRET_KEY: KEYS.ADMIN_API_KEY }, /^SESSION_SECRET_KEY: .*ADMIN_API_KEY/)
    faults({ ...KEYS, INTERNAL_API_KEY: KEYS.ADMIN_API_KEY }, /^INTERNAL_API_KEY: /)
    faults({ ...KEYS, TELEGRAM_WEBHOOK_SECRET: KEYS.INTERNAL_API_KEY }, /^INTERNAL_API_KEY: .*TELEGRAM_WEBHOOK_SECRET/)
  })

  test('S01 · are required in the image, empty ones too, all listed', () => {
    const found = faultsOf({ ADMIN_API_KEY: '' }, { image: true, keepKeys: true })
    assert.deepEqual(
      found.map((line) => line.split(':')[0]),
      Object.keys(KEYS),
    )
  })

  test('are made on the first local start, kept readable by their owner only, and found by the next', () => {
    const cwd = folder()
    const first = read({}, { cwd, keepKeys: true })
    const file = join(cwd, 'data', 'keys.json')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(new Set(Object.values(first.keys)).size, 3)
    assert.deepEqual(read({}, { cwd, keepKeys: true }).keys, first.keys)
    assert.deepEqual(read({}, { cwd }).keys, first.keys)
    chmodSync(file, 0o644)
    warns({}, /solo su dueño/, { cwd })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    writeFileSync(file, '{"ADMIN_API_KEY":"')
    faults({}, /no se entiende/, { cwd })
  })

  test('nothing is written by who only looks, nor by a start with a fault', () => {
    const cwd = folder()
    read({}, { cwd })
    faults({ PORT: 'x' }, /PORT/, { cwd, keepKeys: true })
    assert.ok(!existsSync(join(cwd, 'data')))
    assert.notEqual(read({}, { cwd }).keys.admin, read({}, { cwd }).keys.admin)
  })

  test('a folder that cannot be written is named', () => {
    const cwd = folder({ data: 'a file in its place' })
    faults({}, /keys\.json/, { cwd, keepKeys: true })
  })

  test('polling needs only the internal one', () => {
    const { INTERNAL_API_KEY } = KEYS
    const config = read({ INTERNAL_API_KEY }, { image: true, roles: ['polling'] })
    assert.equal(config.keys.internal, INTERNAL_API_KEY)
    assert.ok(config.keys.admin.length > 24, 'the ones it lacks open nothing')
    faults({}, /^INTERNAL_API_KEY/, { image: true, roles: ['polling'] })
    assert.equal(faultsOf({}, { image: true, roles: ['polling'] }).length, 1)
  })
})
