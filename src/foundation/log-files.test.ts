import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { stillClock } from '../../test/support/clock.ts'
import { openLogFile } from './log-files.ts'
import { openLog, type LogOptions } from './logging.ts'

const base = mkdtempSync(join(tmpdir(), 'centralita-log-'))
after(() => rmSync(base, { recursive: true, force: true }))

type Line = Record<string, unknown>
function writing(options: Partial<LogOptions>) {
  const written: string[] = []
  const log = openLog({
    lang: 'es',
    level: 'info',
    format: 'json',
    zone: 'UTC',
    lines: new Map(),
    secrets: [],
    clock: stillClock(),
    stream: { write: (line) => written.push(line) },
    ...options,
  })
  return { log, written }
}

describe('files', () => {
  const folderOf = (name: string) => join(base, name)

  test('are kept besides, as JSON, for their owner and group', () => {
    const dir = folderOf('kept')
    const { log, written } = writing({ dir, format: 'pretty', name: 'app' })
    log.info('greeted', { who: 'Ana' })
    log.close()
    assert.equal((JSON.parse(readFileSync(join(dir, 'app.log'), 'utf8')) as Line)['who'], 'Ana')
    assert.equal(statSync(join(dir, 'app.log')).mode & 0o007, 0)
    assert.equal(written.length, 1)
  })

  test('rotate by size, and the oldest goes', () => {
    const folder = folderOf('size')
    const file = openLogFile({ folder, name: 'x', clock: stillClock(), dayOf: () => 'd', maxBytes: 30, keep: 2 })
    for (let i = 0; i < 10; i++) file.write(`line number ${i}\n`)
    file.close()
    assert.deepEqual(readdirSync(folder).sort(), ['x.1.log', 'x.2.log', 'x.log'])
    assert.equal(readFileSync(join(folder, 'x.log'), 'utf8'), 'line number 8\nline number 9\n')
    assert.equal(readFileSync(join(folder, 'x.2.log'), 'utf8'), 'line number 4\nline number 5\n')
  })

  test('rotate at the day, and go on where a former process left off', () => {
    const folder = folderOf('day')
    let today = 'monday'
    const options = { folder, name: 'x', clock: stillClock(), dayOf: () => today }
    const file = openLogFile(options)
    file.write('one\n')
    file.close()
    const next = openLogFile(options)
    next.write('two\n')
    today = 'tuesday'
    next.write('three\n')
    next.close()
    assert.equal(readFileSync(join(folder, 'x.1.log'), 'utf8'), 'one\ntwo\n')
    assert.equal(readFileSync(join(folder, 'x.log'), 'utf8'), 'three\n')
  })

  test('that cannot be written stop nothing: the output goes on, it is said once, and once more when it works again', () => {
    const dir = folderOf('blocked')
    writeFileSync(dir, 'a file in its place')
    const clock = stillClock()
    const { log, written } = writing({ dir, clock, lines: new Map() })
    for (let i = 0; i < 5; i++) log.info('greeted')
    const events = () => written.map((line) => (JSON.parse(line) as Line)['evento'])
    assert.equal(events().filter((event) => event === 'log_file_failed').length, 1)
    assert.equal(events().filter((event) => event === 'greeted').length, 5)
    rmSync(dir)
    log.info('greeted')
    assert.equal(events().filter((event) => event === 'log_file_back').length, 0)
    clock.advance(31_000)
    log.info('greeted')
    log.info('greeted')
    assert.equal(events().filter((event) => event === 'log_file_back').length, 1)
    assert.ok(log.lost() >= 6)
    assert.match(readFileSync(join(dir, 'centralita.log'), 'utf8'), /log_file_back/)
    log.close()
  })

  test('on a full disk lose lines, not the service', () => {
    const folder = folderOf('full')
    const troubles: string[] = []
    rmSync(folder, { recursive: true, force: true })
    const seed = openLogFile({ folder, name: 'x', clock: stillClock(), dayOf: () => 'd' })
    seed.write('one\n')
    seed.close()
    rmSync(join(folder, 'x.log'))
    symlinkSync('/dev/full', join(folder, 'x.log'))
    const onTrouble = (error: Error) => troubles.push((error as NodeJS.ErrnoException).code ?? '')
    const file = openLogFile({ folder, name: 'x', clock: stillClock(), dayOf: () => 'd', onTrouble })
    for (let i = 0; i < 3; i++) file.write('two\n')
    assert.deepEqual([troubles, file.lost()], [['ENOSPC'], 3])
  })
})
