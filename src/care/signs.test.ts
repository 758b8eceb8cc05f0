import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { readCorpus } from './corpus.ts'
import { measured, tableOf } from './measure.ts'
import { signs } from './signs.ts'

const corpus = readCorpus()
const seen = (...lines: string[]) => signs(lines).level

test('CARE1 · no plain word of danger that we know of goes unseen, in either language', () => {
  const plain = corpus.filter(
    (one) =>
      one.level === 'danger' &&
      ['plain', 'typo', 'split'].includes(one.kind) &&
      !['outside-2', 'outside-3', 'held-out-2'].includes(one.part),
  )
  assert.ok(plain.length >= 90, `${plain.length} cases`)
  const missed = measured(plain).wrong.map(({ one, seen: level }) => `${level}: ${one.lines.join(' // ')}`)
  assert.deepEqual(missed, [])
})

test('CARE1 · there are enough cases: of both languages, of irony and negation, and kept apart', () => {
  const of = (keep: (one: (typeof corpus)[number]) => boolean) => corpus.filter(keep).length
  assert.ok(corpus.length >= 160)
  assert.ok(of((one) => one.part === 'held-out') >= 60)
  assert.ok(of((one) => ['irony', 'idiom', 'negation'].includes(one.kind) && one.part === 'tuning') >= 40)
  for (const language of ['es', 'en'] as const) assert.ok(of((one) => one.language === language) >= 80)
  assert.equal(new Set(corpus.map((one) => one.lines.join('//'))).size, corpus.length, 'each case once')
})

test('CARE1 · the guide prints the measured figures, with every miss and every false alarm', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/cuidado.md'), 'utf8')
  for (const line of tableOf(corpus)) assert.ok(guide.includes(line), `the guide lacks: ${line}`)
  for (const { one } of measured(corpus).wrong)
    assert.ok(guide.includes(`«${one.lines.join(' // ')}»`), `the guide does not confess: ${one.lines.join(' // ')}`)
})

test('CARE1 · accents, capitals, odd spaces, invisible letters and common disguises change nothing', () => {
  for (const said of [
    'QUIERO MORIRME',
    'quiero\u00a0morirme',
    'Quiero mori\u200brme',
    'qu1ero m0rirme',
    '**quiero** _morirme_',
    'quierooo morirmeee',
  ])
    assert.equal(seen(said), 'danger', said)
})

test('CARE1 · what comes cut in pieces is read together, and with what came shortly before', () => {
  assert.equal(seen('me quiero', 'morir'), 'danger')
  assert.equal(signs(['morir'], ['me quiero']).level, 'danger')
  assert.equal(signs(['gracias, ya estoy mejor'], ['me quiero morir']).level, 'none', 'one alarm is not rung again')
  assert.equal(signs(['me quiero morir'], ['¿tienes frío?', 'no']).level, 'danger', 'a no to something else denies nothing')
})

test('CARE1 · what is said in a roundabout way is seen too, and its harmless neighbour is not', () => {
  const pairs = [
    ['Ojalá me atropelle un camión', 'Espero que el camión llegue a tiempo'],
    ['Mi familia sería más feliz si yo no existiera', 'Mi familia sería más feliz si yo cocinara'],
    ['Me he bebido la lejía', 'Se me cayó la lejía'],
    ['He grabado un vídeo para cuando ya no esté', 'He grabado un vídeo de la fiesta'],
    ['Busco la mejor forma de morir', 'Busco la mejor forma de dormir'],
    ['I hope a bus hits me', 'I hope the bus comes soon'],
    ['Everyone would be happier without me', 'Everyone would be happier with tea'],
    ['I put the rope around my neck', 'I put the scarf around my neck'],
  ] as const
  for (const [danger, nothing] of pairs) {
    assert.equal(seen(danger), 'danger', danger)
    assert.equal(seen(nothing), 'none', nothing)
  }
})

test('CARE2 · a no undoes it, two undo each other, and some only look like one', () => {
  for (const said of ['No quiero morir', "I'm not going to kill myself", 'Mi marido nunca me pega']) {
    assert.equal(seen(said), 'none', said)
    assert.equal(signs(said).negated, true, said)
  }
  for (const said of [
    'No es que no quiera morirme',
    'No paso un día sin pensar en matarme',
    'No estoy bromeando, me quiero matar',
    'Nunca he tenido tantas ganas de morirme',
    "I can't stop thinking about killing myself",
  ])
    assert.equal(seen(said), 'danger', said)
})

test('CARE2 · of somebody else or of long ago it is a concern, not a danger of one’s own; still today it is one', () => {
  assert.deepEqual(signs('Mi amiga dice que se quiere matar'), { level: 'concern', found: ['somebody-else'] })
  assert.equal(seen('Hace diez años intenté suicidarme'), 'concern')
  assert.equal(seen('Hace años intenté suicidarme y ahora otra vez quiero morirme'), 'danger')
})

test('CARE2 · figures of speech and titles are nothing; laughter lowers a phrase of jest, never a plan or a blow', () => {
  for (const said of ['Me muero de risa', 'Este examen me mata', 'I could kill for a coffee', 'Hoy veo Escuadrón Suicida'])
    assert.deepEqual(signs(said), { level: 'none', found: [] }, said)
  assert.deepEqual(signs('me quiero morir jajaja'), { level: 'concern', found: ['ideation'], joking: true })
  assert.equal(seen('jaja me he tomado treinta pastillas'), 'danger')
  assert.equal(seen('mi marido me pega jaja'), 'danger')
})

test('CARE2 · whatever is written is read to its end and says one of three things', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.constantFrom('no ', 'me quiero ', 'morir ', 'jaja ', '"', 'pastillas ', 'I want to ', 'die ', 'not ', '\n', '.'),
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        { maxLength: 12 },
      ),
      (lines) => ['none', 'concern', 'danger'].includes(signs(lines, lines).level),
    ),
    { numRuns: 300 },
  )
  for (const said of [
    'no '.repeat(50_000),
    'pastillas '.repeat(20_000),
    'mi padre '.repeat(20_000),
    `${'a, '.repeat(40_000)}quiero morirme`,
    '"'.repeat(99_999),
  ])
    assert.ok(signs(said).level)
  assert.equal(seen(`${'bla bla. '.repeat(5_000)} quiero morirme`), 'danger', 'the end of a long message counts')
})
