import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsIn } from '../texts/index.ts'
import { helpLines } from './help.ts'
import { momentIn } from './moment.ts'
import { nearest } from './nearest.ts'
import { parse } from './parse.ts'
import { aligned, asJson, brief, plain, table } from './shown.ts'
import { COMMANDS } from './table.ts'

const typed = (line: string) => {
  const parsed = parse(line.split(' ').filter(Boolean), COMMANDS, 'es')
  return parsed.what === 'run' ? { ...parsed, command: parsed.command.name } : parsed
}

test('a command is found by one word or two; its options stand anywhere behind it', () => {
  assert.deepEqual(typed('trace in-12 --json'), { what: 'run', command: 'trace', words: ['in-12'], options: { json: 'json' } })
  assert.deepEqual(typed('outbox add --chat -100123 --text=a=b --assistant aegen'), {
    what: 'run',
    command: 'outbox add',
    words: [],
    options: { chat: '-100123', text: 'a=b', assistant: 'aegen' },
  })
  assert.deepEqual(typed('outbox add -'), { what: 'run', command: 'outbox add', words: ['-'], options: {} })
  assert.deepEqual(typed('trace -- --json'), { what: 'run', command: 'trace', words: ['--json'], options: {} })
  assert.deepEqual(typed('people --help'), { what: 'help', words: ['people'] })
  assert.deepEqual(typed('-v'), { what: 'version' })
  assert.equal(typed('outbox list --status sent --status failed').what, 'wrong')
  assert.equal(typed('constructor').what, 'wrong')
})

test('the nearest word is one that was meant, and none is better than any', () => {
  const names = ['start', 'migrate', 'check', 'doctor', 'talk', 'trace']
  for (const [word, meant] of [
    ['strat', 'start'],
    ['docter', 'doctor'],
    ['mig', 'migrate'],
    ['TALK', 'talk'],
    ['xyz', undefined],
    ['', undefined],
  ] as const)
    assert.equal(nearest(word, names), meant, word)
})

test('every command and option has its words in both languages, and help shows them', () => {
  for (const language of ['es', 'en'] as const) {
    const { commands, options } = wordsIn(language).cli.say
    assert.deepEqual(COMMANDS.map(({ name }) => name).toSorted(), Object.keys(commands).toSorted())
    const used = new Set(COMMANDS.flatMap((one) => one.options))
    assert.deepEqual([...used].toSorted(), Object.keys(options).toSorted())
    for (const { name } of COMMANDS)
      assert.ok(helpLines(name.split(' '), language, '1')!.join('\n').includes(commands[name].about))
  }
})

test("a time without a zone is the operator's, and one that says its zone is left alone", () => {
  const at = (text: string) => momentIn(text, 'Europe/Madrid', 'es')
  assert.deepEqual(at('2026-12-01 09:00'), { text: '2026-12-01T09:00:00+01:00', zoneTaken: true })
  assert.deepEqual(at('2026-07-01T09:00'), { text: '2026-07-01T09:00:00+02:00', zoneTaken: true })
  assert.deepEqual(at('2026-12-01T09:00:00Z'), { text: '2026-12-01T09:00:00Z', zoneTaken: false })
  assert.deepEqual(at('2026-12-01T09:00[America/Bogota]'), { text: '2026-12-01T09:00[America/Bogota]', zoneTaken: false })
  // The clocks go forward: that hour does not exist, and the next one that does is taken.
  assert.equal(at('2027-03-28 02:30').text, '2027-03-28T03:30:00+02:00')
  for (const wrong of ['tomorrow', '2026-12-01', '09:00', '2026-13-01 09:00', ''])
    assert.throws(() => at(wrong), /No se entiende/)
})

test('what strangers wrote is laid out without a character that a terminal obeys', () => {
  assert.equal(plain('a\u001b[2Jb\r\nc\u202ed'), 'a\uFFFD[2Jb\nc\uFFFDd')
  assert.equal(brief('  uno\n dos\ttres ', 20), 'uno dos tres')
  assert.equal(brief('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2), '👩‍👩‍👧‍👦…')
  assert.equal(asJson({ a: '\u009b\u2028' }), '{\n  "a": "\\u009b\\u2028"\n}')
  assert.deepEqual(table(['id', 'x'], [['long', '']]), ['id    x', 'long'])
  assert.deepEqual(aligned([['too long for it', 'b']], 6), ['too long for it', '      b'])
})
