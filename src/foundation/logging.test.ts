import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { stillClock } from '../../test/support/clock.ts'
import { CouldNotAsk, Refused } from './errors.ts'
import { openLog, type LogOptions } from './logging.ts'
import { zonedTime } from './zoned-time.ts'

type Line = Record<string, unknown> & { error?: Record<string, unknown> }
function writing(options: Partial<LogOptions> = {}) {
  const written: string[] = []
  const log = openLog({
    lang: 'es',
    level: 'info',
    format: 'json',
    zone: 'Europe/Madrid',
    lines: new Map([['greeted', 'Hola, {who}: {error}']]),
    secrets: [],
    clock: stillClock(Date.UTC(2026, 10, 21, 9, 0, 0, 123)),
    stream: { write: (line) => written.push(line) },
    ...options,
  })
  const last = () => JSON.parse(written.at(-1)!) as Line
  return { log, written, last }
}

describe('lines written beside the work', () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve))

  test('come at the end of the turn of the event loop, in order, as things were when they were told', async () => {
    let now = Date.UTC(2026, 10, 21, 9, 0, 0, 1)
    const clock = { ...stillClock(0), now: () => now }
    const { log, written } = writing({ beside: true, clock })
    const fields = { who: 'Ana' }
    log.info('greeted', fields)
    fields.who = 'Berta'
    now += 1
    log.warn('greeted', fields)
    assert.deepEqual(written, [])
    now += 5_000
    await tick()
    const lines = written.map((line) => JSON.parse(line) as Line)
    assert.deepEqual(
      lines.map((line) => [line['hora'], line['nivel'], line['who']]),
      [
        ['2026-11-21T10:00:00.001+01:00', 'info', 'Ana'],
        ['2026-11-21T10:00:00.002+01:00', 'aviso', 'Berta'],
      ],
    )
    log.close()
  })

  test('do not wait where something went wrong, or the log is closed', async () => {
    const { log, written } = writing({ beside: true })
    log.info('greeted', { who: 'Ana' })
    log.error('greeted', { who: 'Berta' })
    assert.equal(written.length, 2)
    log.info('greeted', { who: 'Carla' })
    log.close()
    assert.equal(written.length, 3)
    await tick()
    assert.equal(written.length, 3)
  })
})

describe('a line', () => {
  test('is JSON with Spanish keys, the event, its sentence, and the time with the offset of the zone', () => {
    const { log, written, last } = writing()
    log.with({ correlation: 'c-1' }).warn('greeted', { who: 'Ana', minutes: 3 })
    assert.deepEqual(last(), {
      nivel: 'aviso',
      hora: '2026-11-21T10:00:00.123+01:00',
      evento: 'greeted',
      correlacion: 'c-1',
      who: 'Ana',
      minutes: 3,
      mensaje: 'Hola, Ana: —',
    })
    assert.ok(written[0]!.endsWith('}\n'))
  })

  test('is English when asked, and its fields are called as the operator is told', () => {
    const { log, last } = writing({ lang: 'en', fieldNames: { who: 'whom' } })
    log.info('greeted', { who: 'Ana', correlation: 'c' })
    assert.deepEqual(last(), {
      level: 'info',
      time: '2026-11-21T10:00:00.123+01:00',
      event: 'greeted',
      whom: 'Ana',
      correlation: 'c',
      message: 'Hola, Ana: —',
    })
  })

  test('of an event without a sentence says its name; a later field covers an earlier one; fields cannot pose as ours', () => {
    const { log, written, last } = writing()
    log.with({ correlation: 'a', n: 1 }).info('unheard_of', { correlation: 'b', nivel: 'x', mensaje: 'y', ['__proto__']: 1 })
    assert.deepEqual([last()['mensaje'], last()['correlacion'], last()['nivel'], last()['n']], ['unheard_of', 'b', 'info', 1])
    for (const key of ['"nivel":', '"mensaje":', '"correlacion":']) assert.equal(written[0]!.split(key).length, 2, key)
  })

  test('below the level is not written', () => {
    const { log, written } = writing({ level: 'warn' })
    log.info('greeted')
    log.debug('greeted')
    assert.deepEqual(written, [])
  })

  test('tells an error of the outside in short, and a bug with its stack', () => {
    const { log, last } = writing()
    log.error('greeted', { who: 'Ana', error: new CouldNotAsk('no answer', 'no', new Error('ECONNREFUSED')) })
    assert.deepEqual(last().error, {
      tipo: 'CouldNotAsk',
      mensaje: 'no answer',
      causa: { tipo: 'Error', mensaje: 'ECONNREFUSED' },
    })
    assert.equal(last()['mensaje'], 'Hola, Ana: no answer')
    log.error('greeted', { error: new Refused('too_many', 'wait') })
    assert.equal(last().error?.['codigo'], 'too_many')
    log.error('greeted', { error: new TypeError('a bug') })
    assert.match(String(last().error?.['pila']), /^at /)
    const debug = writing({ level: 'debug' })
    debug.log.error('greeted', { error: new Refused('x', 'y') })
    assert.match(String(debug.last().error?.['pila']), /^at /)
  })

  test('is one line whatever its values hold, also for a terminal', () => {
    const nasty = 'a\nb\r\n{"nivel":"error"}\u0000\u001b[2J\u2028\u2029\u0085\u009b31m\u202e'
    for (const format of ['json', 'pretty'] as const) {
      const { log, written } = writing({ format, lines: new Map([['greeted', '{who}']]) })
      log.info('greeted', { who: nasty, [nasty]: { deep: nasty } })
      log.info(nasty, {})
      for (const line of written) {
        assert.equal(line.split(/[\n\r\u2028\u2029\u0085]/).length, 2, JSON.stringify(line))
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(line.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
      }
    }
  })

  test('is of a bounded size whatever it is given', () => {
    const { log, written, last } = writing()
    log.info('greeted', { who: 'x'.repeat(1_000_000) })
    assert.ok(String(last()['who']).length < 2100)
    const wide = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`k${i}`, Array.from({ length: 500 }, () => 'y'.repeat(5000))]),
    )
    log.info('greeted', wide)
    assert.ok(written.at(-1)!.length < 64_000, String(written.at(-1)!.length))
    log.info('greeted', { deep: { a: { b: { c: { d: { e: 1 } } } } } })
    assert.deepEqual(last()['deep'], { a: { b: { c: { d: '[…]' } } } })
  })

  test('is written for values that bite: cycles, getters that throw, proxies, odd types', () => {
    const cycle: Record<string, unknown> = { name: 'c' }
    cycle['self'] = cycle
    const trap = new Proxy(
      {},
      { get: () => assert.fail('no'), ownKeys: () => assert.fail('no'), getPrototypeOf: () => assert.fail('no') },
    )
    const biting = {
      get bad(): string {
        throw new Error('bite')
      },
      fine: 1,
    }
    const evil = new Error('evil')
    Object.defineProperty(evil, 'message', { get: () => assert.fail('no') })
    const { log, written, last } = writing()
    log.info('greeted', { who: 'Ana', cycle, trap, biting, error: evil })
    assert.equal(last()['who'], 'Ana')
    assert.deepEqual(last()['biting'], { bad: '[?]', fine: 1 })
    log.info('greeted', {
      big: 10n,
      not: Number.NaN,
      sym: Symbol('s'),
      fn: () => 1,
      when: new Date(Number.NaN),
      map: new Map([['a', 1]]),
    })
    assert.deepEqual([last()['big'], last()['not'], last()['map']], ['10', 'NaN', { a: 1 }])
    log.info('greeted', { bytes: new Uint8Array(9), half: '\ud800', none: undefined })
    assert.deepEqual([last()['bytes'], last()['half'], 'none' in last()], ['[9 bytes]', '\ufffd', false])
    log.with(trap as never).info('greeted', trap as never)
    log.info('greeted', biting as never)
    assert.equal(written.length, 5)
    assert.equal(log.lost(), 0)
  })

  test('never throws, and is JSON, whatever the fields', () => {
    const { log, written } = writing({ level: 'debug' })
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(
          fc.string(),
          fc.anything({
            withBigInt: true,
            withDate: true,
            withMap: true,
            withSet: true,
            withNullPrototype: true,
            withTypedArray: true,
            withObjectString: true,
          }),
        ),
        (event, fields) => {
          log.info(event, fields)
          assert.equal(typeof (JSON.parse(written.at(-1)!) as Line)['mensaje'], 'string')
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('secrets', () => {
  const token = '7123456789:AAE_dNTkVx-0123456789abcdefghijklm'

  test('are hidden by their value and by their shape', () => {
    const { log, written } = writing({ secrets: ['hunter22!', 'p@ss word', 'a"b\\c-secret'] })
    const texts = [
      'the key is hunter22! indeed',
      'at ?q=p%40ss%20word',
      '{"k":"a\\"b\\\\c-secret"}',
      `https://api.telegram.org/bot${token}/getMe`,
      `http://127.0.0.1:8081/bot1:short/getMe`,
      `token ${token}.`,
      'Authorization: Bearer abc.DEF-123',
      'postgres://admin:s3cr@t99@db:5432/voice',
      'redis://:s3cr3t99@redis:6379',
      '"api_key": "s3cr3t99"',
      'GET /x?token=s3cr3t99&y=1',
      'X-Api-Key: s3cr3t99',
      'gsk_0123456789abcdefABCDEF',
    ]
    for (const text of texts)
      log
        .with({ where: text })
        .info('greeted', { who: text, list: [text], [text]: 1, error: new Error(text, { cause: new Error(text) }) })
    for (const line of written)
      assert.doesNotMatch(line, /hunter22|p@ss|p%40ss|c-secret|AAE_|bot1:|DEF-123|s3cr|t99|abcdefABC/, line)
    assert.match(written[3]!, /api\.telegram\.org\/bot\[…\]\/getMe/)
    assert.match(written[7]!, /postgres:\/\/admin:\[…\]@db:5432/)
  })

  test('are hidden under the names that secrets have; a number of tokens is none', () => {
    const { log, last } = writing()
    log.info('greeted', { password: 'abc', botToken: 'abc', inner: { api_key: 'abc' }, tokens: 'abc', token: 12, key: 'abc' })
    const { password, botToken, inner, tokens, token: number, key } = last()
    assert.deepEqual([password, botToken, inner, tokens, number, key], ['[…]', '[…]', { api_key: '[…]' }, 'abc', 12, 'abc'])
  })

  test('are not let out by a cut through their middle', () => {
    const secret = 'S'.repeat(10) + 'ecretValueOfFortyCharactersInAll1234'
    const { log, written } = writing({ secrets: [secret] })
    for (const before of [2030, 2047, 16_370, 16_383]) log.info('greeted', { who: 'x'.repeat(before) + secret })
    for (const line of written) assert.ok(!line.includes('SSSSSS'))
  })

  test('never appear in a line, wherever they come in', () => {
    const secret = fc.stringMatching(/^[!-~]{8,40}$/)
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.constantFrom('json', 'pretty'),
        (secrets, noise, format) => {
          const { log, written } = writing({ secrets, format: format as 'json' | 'pretty', level: 'debug' })
          const text = secrets.join(noise)
          log
            .with({ a: text })
            .info(text, { who: text, [text]: { [text]: [text] }, url: URL.parse(`http://h/?q=${encodeURIComponent(text)}`) })
          log.error('greeted', { who: text, error: new Error(text, { cause: text }) })
          for (const line of written)
            for (const one of secrets)
              for (const form of [one, JSON.stringify(one).slice(1, -1), encodeURIComponent(one)])
                assert.ok(!line.includes(form), line)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('are searched for in bounded time, whatever the text', () => {
    const { log, written } = writing({ secrets: ['abcdefgh'] })
    const started = process.cpuUsage().user
    for (const text of ['a.', 'eyJ-', 'http://a:', '1:', 'Bearer ', 'token=', '"password":"', 'sk-', '/bot1:'])
      log.info('greeted', { who: text.repeat(200_000) })
    assert.equal(written.length, 9)
    assert.ok(process.cpuUsage().user - started < 5_000_000, 'five seconds of processor for nine hostile lines')
  })
})

describe('a terminal', () => {
  test('gets short lines, in colour only when it is one', () => {
    const plain = writing({ format: 'pretty' })
    plain.log.error('greeted', { who: 'Ana', error: new TypeError('a bug\n    at hostile') })
    const [first, ...frames] = plain.written[0]!.split('\n')
    assert.match(first!, /^10:00:00 error {2}Hola, Ana: a bug at hostile · who=Ana error=\{"tipo":"TypeError"/)
    for (const frame of frames.filter(Boolean)) assert.match(frame, /^ {4}at /)
    assert.ok(!plain.written[0]!.includes('\u001b'))
    const written: string[] = []
    const colour = writing({ format: 'pretty', stream: { write: (line) => written.push(line), isTTY: true } })
    colour.log.error('greeted')
    assert.ok(written[0]!.includes('\u001b[31m'))
  })
})

describe('times', () => {
  test('follow the zone through its changes', () => {
    const madrid = zonedTime('Europe/Madrid')
    assert.equal(madrid(Date.UTC(2026, 9, 25, 0, 59, 59, 999)), '2026-10-25T02:59:59.999+02:00')
    assert.equal(madrid(Date.UTC(2026, 9, 25, 1, 0)), '2026-10-25T02:00:00.000+01:00')
    assert.equal(zonedTime('Asia/Kathmandu')(0), '1970-01-01T05:30:00.000+05:30')
    assert.equal(zonedTime('America/Bogota')(Date.UTC(2026, 0, 1)), '2025-12-31T19:00:00.000-05:00')
    assert.equal(zonedTime('UTC')(0), '1970-01-01T00:00:00.000+00:00')
    assert.equal(zonedTime('UTC')(Number.NaN), 'NaN')
  })
})

describe('the output', () => {
  const program = (body: string) => `
    const { openLog } = await import(${JSON.stringify(new URL('./logging.ts', import.meta.url).href)})
    const { systemClock } = await import(${JSON.stringify(new URL('./clock.ts', import.meta.url).href)})
    const log = openLog({ lang: 'es', level: 'info', format: 'json', zone: 'UTC', lines: new Map(), secrets: [], clock: systemClock, beside: true })
    ${body}`
  const run = (body: string, stdio: 'pipe' | number) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(body)], { stdio: ['ignore', stdio, 'pipe'] })
    let out = ''
    let err = ''
    child.stdout?.on('data', (data: Buffer) => (out += data.toString()))
    child.stderr?.on('data', (data: Buffer) => (err += data.toString()))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { child, ended, out: () => out, err: () => err }
  }

  test('has every line, also of a process that leaves at once', async () => {
    const job = run(`for (let i = 0; i < 500; i++) log.info('greeted', { i }); process.exit(0)`, 'pipe')
    await job.ended
    assert.equal(job.out().trim().split('\n').length, 500, job.err())
  })

  test('that is closed, or that nobody reads, or whose disk is full, does not stop the process', async () => {
    const body = `for (let i = 0; i < 3000; i++) { log.info('greeted', { text: 'x'.repeat(2000) }); if (i % 500 === 0) await new Promise((r) => setTimeout(r, 5)) }
      process.stderr.write('still here'); process.kill(process.pid, 'SIGKILL')`
    const unread = run(body, 'pipe')
    unread.child.stdout?.pause()
    const closed = run(body, 'pipe')
    closed.child.stdout?.destroy()
    await Promise.all([closed.ended, new Promise((resolve) => unread.child.once('exit', resolve))])
    unread.child.stdout?.destroy()
    const full = openSync('/dev/full', 'w')
    const onFullDisk = run(body, full)
    await onFullDisk.ended
    closeSync(full)
    for (const job of [unread, closed, onFullDisk]) assert.match(job.err(), /still here/)
  })
})
