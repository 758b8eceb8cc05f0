import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { chance, environment, time } from './house-rules/ambient.ts'
import { downwards, faces } from './house-rules/floors.ts'
import { promises, unlikeNames, wholeTests } from './house-rules/sentences.ts'
import { noLongFile, shortFiles } from './house-rules/size.ts'
import { readSources, type Rule } from './house-rules/source.ts'
import { dialects, ownTables } from './house-rules/sql.ts'
import { accents, names } from './house-rules/wording.ts'

const sources = readSources()

function holds(rule: Rule): void {
  const broken = rule.broken(sources).map(({ path, line, what }) => `  ${path}:${line}  ${what}`)
  if (broken.length > 0) assert.fail(`${rule.sentence}\n${broken.join('\n')}`)
}

const rules = [
  downwards,
  faces,
  noLongFile,
  shortFiles,
  environment,
  time,
  chance,
  dialects,
  ownTables,
  accents,
  names,
  unlikeNames,
  wholeTests,
]
for (const rule of rules) test(`house rule: ${rule.sentence}`, () => holds(rule))

const written = existsSync('PROMISES.md')
const waits = !written && process.env['CI'] !== 'true' ? 'PROMISES.md is not written yet' : false
test('house rule: the promises and the tests name each other', { skip: waits }, () => {
  assert.ok(written, 'there is no PROMISES.md')
  holds(promises(readFileSync('PROMISES.md', 'utf8')))
})
