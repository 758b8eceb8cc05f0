import assert from 'node:assert/strict'
import test from 'node:test'
import { check, type Accepted, type Evidence, type What } from './check.ts'

const accepted = (n: number, chat: number, text: string, isLost = false): Accepted => ({ n, at: n * 1000, chat, text, isLost })
const reply = (id: number, chat: number, text: string, status = 'sent') => ({
  id,
  chat,
  kind: 'reply',
  status,
  text,
  isOpen: false,
})
const idea = (id: number, chat: number, text: string, status = 'sent') => ({
  ...reply(id, chat, text, status),
  kind: 'proactive',
})

/** A run in which all went well: two chats, joined messages, one copy after a lost answer, one after a kill. */
const clean = (): { -readonly [K in keyof Evidence]: Evidence[K] } => ({
  said: [1, 2, 3, 4, 5, 6].map((n) => ({ n, chat: n % 2 === 0 ? 20 : 10 })),
  planned: [1, 2, 3].map((p) => ({ p, chat: 10 })),
  accepted: [
    accepted(1, 10, 'Leído: n1'),
    accepted(2, 20, 'Leído: n2 n4 | n2', true),
    accepted(3, 10, 'Idea p1'),
    accepted(4, 20, 'Leído: n2 n4 | n2'),
    accepted(5, 10, 'Leído: n3 | n1'),
    accepted(6, 10, 'Idea p2', true),
    accepted(7, 10, 'Leído: n3 | n1'),
    accepted(8, 20, 'Leído: n6 | n2 n4'),
    accepted(9, 10, 'Leído: n5'),
  ],
  underWay: new Set([5]),
  rows: [
    reply(1, 10, 'Leído: n1'),
    reply(2, 20, 'Leído: n2 n4 | n2'),
    idea(3, 10, 'Idea p1'),
    reply(4, 10, 'Leído: n3 | n1'),
    idea(5, 10, 'Idea p2', 'in_doubt'),
    idea(6, 10, 'Idea p3', 'expired'),
    reply(7, 20, 'Leído: n6 | n2 n4'),
    reply(8, 10, 'Leído: n5'),
  ],
  ended: [1, 2, 3, 4, 5, 6].map((n) => ({ text: `n${n}`, outcome: 'answered' })),
  limit: 2,
  dayOf: () => 'today',
})

test('the checker finds nothing in a good run, and counts copies by their cause', () => {
  const { findings, counts } = check(clean())
  assert.deepEqual(findings, [])
  assert.deepEqual([counts.repeatedAfterFault, counts.repeatedAfterKill, counts.joined, counts.proactive], [1, 1, 2, 2])
})

type Spoil = (evidence: ReturnType<typeof clean>) => void
const DEFECTS: [name: string, what: What, spoil: Spoil][] = [
  ['a message without an answer', 'lost', (e) => (e.accepted = e.accepted.filter((one) => !one.text.startsWith('Leído: n5')))],
  [
    'an answer that covers only one of two joined messages',
    'lost',
    (e) => (e.accepted = e.accepted.map((one) => ({ ...one, text: one.text.replace('n2 n4 |', 'n2 |') }))),
  ],
  ['a copy of an answer that had arrived', 'doubled', (e) => (e.underWay = new Set())],
  ['a second copy for one lost answer', 'doubled', (e) => (e.accepted = [...e.accepted, accepted(10, 20, 'Leído: n2 n4 | n2')])],
  ['a turn that was taken twice', 'doubled', (e) => (e.accepted = [...e.accepted, accepted(10, 20, 'Leído: n4 n6')])],
  ['a later answer before an earlier one', 'out of order', (e) => (e.accepted = [e.accepted[8]!, ...e.accepted.slice(0, 8)])],
  [
    'an answer in another chat',
    'wrong chat',
    (e) => (e.accepted = e.accepted.map((one) => (one.n === 9 ? { ...one, chat: 20 } : one))),
  ],
  [
    'another chat’s words among those quoted',
    'wrong chat',
    (e) => (e.accepted = e.accepted.map((one) => ({ ...one, text: one.text.replace('| n1', '| n2') }))),
  ],
  [
    'a proactive message in another chat',
    'wrong chat',
    (e) => (e.accepted = e.accepted.map((one) => (one.n === 3 ? { ...one, chat: 20 } : one))),
  ],
  ['three proactive messages on one day', 'over the limit', (e) => (e.accepted = [...e.accepted, accepted(10, 10, 'Idea p3')])],
  [
    'a proactive message sent again after a lost answer',
    'proactive twice',
    (e) => (e.accepted = [...e.accepted, accepted(10, 10, 'Idea p2')]),
  ],
  ['a reply said to be sent that nobody got', 'never sent', (e) => (e.rows = [...e.rows, reply(9, 10, 'Leído: n9')])],
  [
    'an unclear proactive message that is not shown as such',
    'hidden doubt',
    (e) => (e.rows = e.rows.map((row) => (row.id === 5 ? { ...row, status: 'pending' } : row))),
  ],
  [
    'a reply that never leaves',
    'stuck',
    (e) => (e.rows = e.rows.map((row) => (row.id === 8 ? { ...row, status: 'pending', isOpen: true } : row))),
  ],
  ['a message whose turn never comes', 'stuck', (e) => (e.ended = [...e.ended, { text: 'n7', outcome: null }])],
]

for (const [name, what, spoil] of DEFECTS) {
  test(`the checker sees ${name}: ${what}`, () => {
    const evidence = clean()
    spoil(evidence)
    assert.ok(check(evidence).findings.some((finding) => finding.what === what))
  })
}

test('the checker lets a message rest visibly: parked, refused, or with an answer in doubt', () => {
  const evidence = clean()
  evidence.accepted = evidence.accepted.filter((one) => !/Leído: n[56]/.test(one.text))
  evidence.rows = evidence.rows.map((row) => (row.id === 7 ? { ...row, status: 'in_doubt' } : row)).filter((row) => row.id !== 8)
  evidence.ended = evidence.ended.map((one) => (one.text === 'n5' ? { ...one, outcome: 'parked' } : one))
  assert.deepEqual(check(evidence).findings, [])
})
