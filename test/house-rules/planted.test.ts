import assert from 'node:assert/strict'
import test from 'node:test'
import { chance, environment, time } from './ambient.ts'
import { downwards, faces } from './floors.ts'
import { lex } from './lexer.ts'
import { numbersOf, promises, promisesIn, unlikeNames, wholeTests } from './sentences.ts'
import { noLongFile, shortFiles } from './size.ts'
import { source, type Rule } from './source.ts'
import { dialects, ownTables } from './sql.ts'
import { accents, names } from './wording.ts'

type Planted = Record<string, string>

const found = (rule: Rule, files: Planted): string[] =>
  rule.broken(Object.entries(files).map(([path, text]) => source(path, text))).map(({ path, line }) => `${path}:${line}`)

/** Each rule, what breaks it and where, and what looks alike and does not. */
const cases: { rule: Rule; bad: Planted; where: string[]; good: Planted }[] = [
  {
    rule: downwards,
    bad: {
      'src/outbox/put.ts': `\nimport { a } from '../gateway/index.ts'\nimport type { B } from '../people/index.ts'`,
      'src/config.ts': `export * from './house.ts'`,
      'src/foundation/log.ts': `const x = await import('../config.ts')`,
      'src/attic/index.ts': '',
      'src/voice/call.ts': `import '../../test/run.ts'`,
    },
    where: [
      'src/outbox/put.ts:2',
      'src/outbox/put.ts:3',
      'src/config.ts:1',
      'src/foundation/log.ts:1',
      'src/attic/index.ts:1',
      'src/voice/call.ts:1',
    ],
    good: {
      'src/main.ts': `import { house } from './house.ts'`,
      'src/gateway/index.ts': `import { say } from '../texts/index.ts'\nimport { Hono } from 'hono'\n// import { x } from '../main.ts'`,
      'src/config.ts': `import { Misconfigured } from './foundation/index.ts'\nimport { wordsIn } from './texts/index.ts'`,
      'src/channels/telegram.test.ts': `import { fake } from '../rehearsal/index.ts'`,
      'src/texts/es.ts': "export const lines = `import x from '../house.ts'`",
    },
  },
  {
    rule: faces,
    bad: {
      'src/gateway/http.ts': `import { put } from '../outbox/put.ts'`,
      'assistants/aegen.ts': `import { x } from '../src/assistants/turn.ts'`,
    },
    where: ['src/gateway/http.ts:1', 'assistants/aegen.ts:1'],
    good: {
      'src/outbox/index.ts': `export { put } from './put.ts'`,
      'src/rehearsal/telegram/queue.ts': `import { random } from '../random.ts'`,
      'assistants/aegen.ts': `import { defineAssistant } from '../src/assistants/index.ts'`,
      'bin/generated.ts': `import { exampleEnv } from '../src/config.ts'`,
      'src/config.test.ts': `import { x } from './config/schema.ts'`,
    },
  },
  {
    rule: noLongFile,
    bad: { 'src/outbox/put.ts': 'a\n'.repeat(401) },
    where: ['src/outbox/put.ts:401'],
    good: { 'src/outbox/put.ts': 'a\n'.repeat(400) },
  },
  {
    rule: shortFiles,
    bad: { 'src/a/a.ts': 'a\n'.repeat(130), 'src/a/b.ts': 'a\n'.repeat(130), 'src/a/c.ts': 'a\n' },
    where: ['src:0'],
    good: { 'src/a/a.ts': 'a\n'.repeat(130), 'src/a/b.ts': 'a\n', 'src/a/c.ts': 'a\n' },
  },
  {
    rule: environment,
    bad: { 'src/outbox/put.ts': 'const a = process.env.HOME', 'src/house.ts': `\nconst b = process['env']` },
    where: ['src/outbox/put.ts:1', 'src/house.ts:2'],
    good: {
      'src/config.ts': 'process.env',
      'src/outbox/put.ts': '// process.env',
      'src/a.test.ts': 'process.env',
      'bin/generated.ts': 'process.env',
    },
  },
  {
    rule: time,
    bad: { 'src/outbox/put.ts': 'Date.now()\nnew Date()\nnew Date\nperformance.now()\nprocess.hrtime.bigint()' },
    where: [1, 2, 3, 4, 5].map((line) => `src/outbox/put.ts:${line}`),
    good: { 'src/foundation/clock.ts': 'Date.now()', 'src/outbox/put.ts': `new Date(at)\n'Date.now()'\nclock.now()` },
  },
  {
    rule: chance,
    bad: { 'src/foundation/ids.ts': 'Math.random()', 'src/a.test.ts': 'Math.random()' },
    where: ['src/foundation/ids.ts:1', 'src/a.test.ts:1'],
    good: { 'src/rehearsal/random.ts': 'random()' },
  },
  {
    rule: dialects,
    bad: {
      'src/outbox/claim.ts': 'sql`select 1\nfor  update skip locked`',
      'src/people/x.ts': `if (engine === 'sqlite') {}`,
      'src/people/y.ts': 'sql`PRAGMA foreign_keys`',
    },
    where: ['src/outbox/claim.ts:2', 'src/outbox/claim.ts:2', 'src/people/x.ts:1', 'src/people/y.ts:1'],
    good: {
      'src/foundation/sqlite.ts': 'sql`pragma x`',
      'src/outbox/tables.ts': 'const up = `@sqlite create index x`',
      'src/outbox/claim.ts': 'sql`${lockRows(engine)}` // SQLite needs none',
    },
  },
  {
    rule: ownTables,
    bad: {
      'src/outbox/tables.ts': 'export const up = `create table outbox_messages(id text)`',
      'src/people/forget.ts': `q.deleteFrom('outbox_messages')`,
      'src/gateway/http.ts': '\nsql`select * from people_x, outbox_messages where 1 = 1`',
      'src/monitoring/trace.ts': `q.selectFrom(['a', 'outbox_messages as m'])`,
    },
    where: ['src/people/forget.ts:1', 'src/gateway/http.ts:2', 'src/monitoring/trace.ts:1'],
    good: {
      'src/outbox/tables.ts': 'export const up = `create table outbox_messages(id text)`',
      'src/outbox/put.ts': `q.insertInto('outbox_messages')`,
      'src/gateway/http.ts': `const route = 'outbox_messages'\nthrow new Error('no word from outbox_messages')`,
      'src/people/forget.test.ts': 'sql`delete from outbox_messages`',
    },
  },
  {
    rule: accents,
    bad: { 'src/people/x.ts': `\nconst reply = 'Mañana'`, 'src/people/y.ts': '// ¿Qué?' },
    where: ['src/people/x.ts:2', 'src/people/y.ts:1'],
    good: {
      'src/texts/es/people.ts': `'Mañana'`,
      'src/people/x.test.ts': `'Mañana'`,
      'assistants/aegen.ts': `'Mañana'`,
      'src/people/z.ts': `'a · b … —'`,
    },
  },
  {
    rule: names,
    bad: {
      'src/people/x.ts': '\nclass PersonManager {}\ntype MailService = 1',
      'src/people/utils.ts': '',
      'src/helpers/index.ts': '',
      'test/types.ts': '',
    },
    where: ['src/people/x.ts:2', 'src/people/x.ts:3', 'src/people/utils.ts:1', 'src/helpers/index.ts:1', 'test/types.ts:1'],
    good: { 'src/people/x.ts': `const services = Serviceless\nconst isService = 1\nimport { ThingManager } from 'elsewhere'` },
  },
  {
    rule: unlikeNames,
    bad: { 'src/a.test.ts': `test('OUT1 · one', f)\ntest('two', f)`, 'src/b.test.ts': `\nit('two', f)` },
    where: ['src/b.test.ts:2'],
    good: { 'src/a.test.ts': `test('one', f)\n// test('one', f)\n/one/.test('one')` },
  },
  {
    rule: wholeTests,
    bad: { 'src/a.test.ts': `test.only('one', f)\ntest('two', { todo: true }, f)\ndescribe.skip('three', f)` },
    where: ['src/a.test.ts:1', 'src/a.test.ts:2', 'src/a.test.ts:3'],
    good: { 'src/a.test.ts': `test('one', { skip: pg.skip }, f)` },
  },
  {
    rule: promises('# Promises\n**IN1** stored\n- **OUT2 — kept** …\n\n**IN9** nobody tests this'),
    bad: { 'src/a.test.ts': `test('IN1 · stored', f)\ntest('sqlite · OUT2 OUT7 · kept', f)` },
    where: ['PROMISES.md:5', 'src/a.test.ts:2'],
    good: { 'src/a.test.ts': "test(`IN1 · ${x}`, f); onBoth('OUT2, IN9 · kept', f); test('SHA256 of a thing', f)" },
  },
]

for (const { rule, bad, where, good } of cases) {
  test(`the checker sees that it is broken: ${rule.sentence}`, () => {
    assert.deepEqual(found(rule, bad).sort(), where.sort())
    assert.deepEqual(found(rule, good), [])
  })
}

test('the checker tells code, comments and strings apart', () => {
  const lexed = lex("a('x // y') /* b */ // c\nconst r = /['\"/*]/; t`p ${f(`q`)} s`; d / e / 'z'")

  assert.deepEqual(
    lexed.strings.map(({ text }) => text),
    ['x // y', 'q', 'p ? s', 'z'],
  )
  assert.doesNotMatch(lexed.bare, /\bb\b|\bc\b(?!onst)/)
  assert.match(lexed.bare, /x \/\/ y/)
  assert.match(lexed.code, /f\(` `\)/)
  assert.equal(lexed.code.split('\n').length, 2)
})

test('the checker reads the numbers of promises in names and in the list', () => {
  assert.deepEqual(numbersOf('IN1, OUT11 · postgres · it holds'), ['IN1', 'OUT11'])
  assert.deepEqual(numbersOf('UTF8 is read'), [])
  assert.deepEqual(promisesIn('| **A1** no |\n- **OUT3.** yes\nsee **IN4**'), [{ number: 'OUT3', line: 2 }])
})
