import assert from 'node:assert/strict'
import test from 'node:test'
import { wordsIn } from '../texts/index.ts'
import { helpFor as help } from './help.ts'
import { countryOf, readHelpLines } from './help-lines.ts'

const lines = readHelpLines()
const helpFor = (where: Parameters<typeof help>[0], of: typeof lines, signs: Parameters<typeof help>[2], language: 'es' | 'en') =>
  help(where, of, signs, language, wordsIn(language).care.say)

test('CARE3 · each line names its source and the day it was checked; the asked-for countries are there', () => {
  for (const code of ['ES', 'MX', 'AR', 'CO', 'CL', 'PE', 'UY', 'US', 'GB', 'IE']) assert.ok(lines[code], code)
  for (const [code, { lines: own }] of Object.entries(lines)) {
    assert.ok(
      own.some((line) => line.for === 'distress'),
      code,
    )
    for (const line of own) assert.match(line.checked, /^20\d\d-\d\d-\d\d$/, `${code} ${line.name}`)
  }
})

test('CARE3 · the country is the named one, or that of the zone, under any of its names', () => {
  assert.equal(countryOf({ country: 'MX', zone: 'Europe/Madrid' }, lines), 'MX')
  assert.equal(countryOf({ zone: 'Atlantic/Canary' }, lines), 'ES')
  assert.equal(countryOf({ zone: 'America/Argentina/Buenos_Aires' }, lines), 'AR')
  assert.equal(countryOf({ zone: 'America/Buenos_Aires' }, lines), 'AR')
  assert.equal(countryOf({ zone: 'UTC' }, lines), undefined)
  assert.equal(countryOf({ country: 'FR', zone: 'Europe/Madrid' }, lines), 'FR', 'what they said goes before the zone')
})

test('CARE3 · where no line is known there is a general sentence and no number but the two that it explains', () => {
  for (const where of [{ zone: 'UTC' }, { country: 'FR', zone: 'Europe/Madrid' }, { country: 'ZZ', zone: 'Mars/Olympus' }])
    for (const language of ['es', 'en'] as const) {
      const help = helpFor(where, lines, ['ideation'], language)
      const text = [...help.lines, help.emergency, help.elsewhere, help.short].join('\n')
      assert.deepEqual([...new Set(text.match(/\d+/g))].sort(), ['112', '911'], `${where.zone} ${language}`)
    }
})

test('CARE3 · the lines for the very trouble come first, and say where they are valid', () => {
  const violence = helpFor({ zone: 'Europe/Madrid' }, lines, ['violence'], 'es')
  assert.equal(violence.lines[0], 'En España:')
  assert.match(violence.lines[1]!, /016/)
  assert.match(violence.lines[2]!, /024/)
  const ideation = helpFor({ zone: 'Europe/Madrid' }, lines, ['ideation'], 'es')
  assert.equal(
    ideation.lines.some((line) => line.includes('016')),
    false,
  )
  assert.match(helpFor({ country: 'US', zone: 'UTC' }, lines, ['ideation'], 'es').lines.join(), /Estados Unidos.*988/)
})
