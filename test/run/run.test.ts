import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { isAlive, killTree, processTree } from '../servers/process-tree.ts'
import { chooseFiles } from './files.ts'
import { runFile, type FileResult } from './file.ts'
import { closing } from './report.ts'

const scratch = mkdtempSync(join(tmpdir(), 'runner-'))
let planted = 0
const signal = new AbortController().signal

async function runText(text: string, longestMs?: number): Promise<FileResult> {
  const path = join(scratch, `planted-${++planted}.mjs`)
  writeFileSync(path, `import test from 'node:test'\n${text}`)
  return await runFile(path, { env: {}, scratch, signal, ...(longestMs !== undefined && { longestMs }) })
}

test('the runner counts what passed, failed and was skipped, and keeps the reasons', async () => {
  const result = await runText(`
    test('good', () => {})
    test('bad', () => { throw new Error('planted') })
    test('absent', { skip: 'no such server' }, () => {})`)

  assert.deepEqual([result.passed, result.failed, result.skipped], [1, 1, 1])
  assert.match(result.failures[0]!.why, /planted/)
  assert.deepEqual(result.skips, [{ name: 'absent', why: 'no such server' }])
})

test('the runner fails a file that ends before its tests do', async () => {
  const result = await runText(`test('good', () => {}); test('leaves', () => process.exit(0))`)

  assert.equal(result.failed, 1)
  assert.match(result.failures[0]!.why, /without finishing/)
})

test('the runner fails a file that cannot be loaded', async () => {
  assert.equal((await runText(`import './there-is-no-such-file.mjs'`)).failed, 1)
})

test('the runner kills a file that hangs, and fails it', async () => {
  const result = await runText(`test('hangs', async () => { setInterval(() => {}, 1000); await new Promise(() => {}) })`, 3000)

  assert.equal(result.failed, 1)
  assert.match(result.failures[0]!.why, /was killed/)
})

test('the runner ends what a file left running', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
  const result = await runText(`
    import { spawn } from 'node:child_process'
    test('leaves a process', () => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref())`)

  assert.deepEqual([result.passed, result.leftovers], [1, 1])
})

test('the last line has its exact form, and no tests at all is a failure', () => {
  const end = closing([], [], { strict: false, seconds: 1, stopped: false })

  assert.equal(end.text.split('\n').at(-1), '0 passed, 0 failed, 0 skipped')
  assert.equal(end.failed, true)
})

test('what failed is told last, with the beginning of its why', async () => {
  const bad = await runText(
    `test('bad', () => { throw new Error('planted') }); test('absent', { skip: 'no such server' }, () => {})`,
  )
  const lines = closing([bad], [], { strict: false, seconds: 1, stopped: false }).text.split('\n')

  const from = lines.indexOf('Fallan · Failing:')
  assert.ok(from > lines.indexOf('Saltadas · Skipped:'))
  assert.match(lines[from + 1]!, /planted-\d+\.mjs  bad$/)
  assert.match(lines[from + 2]!, /planted/)
  assert.deepEqual(lines.slice(-1), ['0 passed, 1 failed, 1 skipped'])
})

test('a group that did not run is named at the end, and with CI=true it is a failure', async () => {
  const good = await runText(`test('good', () => {})`)
  const missing = [{ name: 'PostgreSQL', why: 'not installed' }]

  const relaxed = closing([good], missing, { strict: false, seconds: 1, stopped: false })
  const strict = closing([good], missing, { strict: true, seconds: 1, stopped: false })

  assert.match(relaxed.text, /PostgreSQL: not installed/)
  assert.equal(relaxed.failed, false)
  assert.equal(strict.text.split('\n').at(-1), '1 passed, 1 failed, 0 skipped')
  assert.equal(strict.failed, true)
})

test('a test skipped for want of a program that nobody set up is a failure with CI=true', async () => {
  const result = await runText(`test('absent', { skip: 'there is no Chromium on this machine' }, () => {})`)
  const end = (strict: boolean) => closing([result], [], { strict, seconds: 1, stopped: false })

  assert.equal(end(true).failed, true)
  assert.match(end(true).text, /NOT TESTED[^]*there is no Chromium/)
  assert.equal(end(false).failed, false)
})

test('what a file asks for is seen through the names it gives it', () => {
  const [browser] = chooseFiles(['test/browser-chat'])
  assert.ok(browser!.asksFor.some((group) => group.name === 'Chromium'))
})

test('killing a tree of processes leaves none of them', async () => {
  const root = spawn('sh', ['-c', 'sleep 600 & sleep 600 & echo ready; wait'], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(root.stdout, 'data')
  const tree = processTree(root.pid!)

  await killTree(root.pid!)

  assert.equal(tree.length, 3)
  assert.deepEqual(tree.filter(isAlive), [])
})
