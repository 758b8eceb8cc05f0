import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import test from 'node:test'
import { openVisits, preferred } from './visit.ts'

const visitsOf = openVisits({ trustedProxies: ['172.20.0.0/16', 'fd00::/8'], publicUrl: 'https://centralita.example' })
const visit = (remoteAddress: string, headers: Record<string, string> = {}) =>
  visitsOf({ socket: { remoteAddress }, headers, method: 'GET' } as unknown as IncomingMessage, {} as ServerResponse)

test('GATE3 · an address is believed only from a proxy of ours, and only its last stranger', () => {
  const from = (peer: string, forwarded: string) => visit(peer, { 'x-forwarded-for': forwarded }).address
  assert.equal(from('203.0.113.5', '1.1.1.1'), '203.0.113.5')
  assert.equal(from('127.0.0.1', '1.1.1.1, 203.0.113.7'), '203.0.113.7')
  assert.equal(from('::ffff:127.0.0.1', '203.0.113.7, 172.20.0.3'), '203.0.113.7')
  assert.equal(from('172.20.0.9', '6.6.6.6, nonsense'), '172.20.0.9')
  assert.equal(from('fd00::5', '2001:db8::1'), '2001:db8::1')
  assert.equal(from('127.0.0.1', ''), '127.0.0.1')
})

test('GATE3 · of an IPv6 address the whole household counts as one', () => {
  const counted = (peer: string) => visit(peer).counted
  assert.equal(counted('2001:db8:1:2:aaaa::1'), counted('2001:db8:1:2:ffff:1:2:3'))
  assert.equal(counted('2001:db8:1:2::1'), '2001:db8:1:2::/64')
  assert.notEqual(counted('2001:db8:1:3::1'), counted('2001:db8:1:2::1'))
  assert.equal(counted('203.0.113.5'), '203.0.113.5')
})

test('GATE5 · whether it came over TLS is said by our proxy, or by the public address', () => {
  assert.equal(visit('127.0.0.1', { host: 'x', 'x-forwarded-proto': 'https' }).secure, true)
  assert.equal(visit('203.0.113.5', { host: 'x', 'x-forwarded-proto': 'https' }).secure, false)
  assert.equal(visit('203.0.113.5', { host: 'centralita.example' }).origin, 'https://centralita.example')
  assert.equal(visit('127.0.0.1', { host: '127.0.0.1:8000' }).origin, 'http://127.0.0.1:8000')
})

test('GATE7 · the language is the one that the caller likes best, Spanish when in doubt', () => {
  const cases = { 'en-GB': 'en', 'es-MX,en;q=0.9': 'es', 'de, en;q=0.5, es;q=0.6': 'es', de: 'es', '*': 'es', 'en;q=0, de': 'es' }
  for (const [accept, expected] of Object.entries(cases)) assert.equal(preferred(accept), expected, accept)
  assert.equal(preferred(undefined), 'es')
})
