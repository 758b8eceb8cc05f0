/**
 * `make test-containers [ONLY=…]`: real containers, one file after the other. Installs the engine where it is missing and we
 * are root, makes the base images, builds ours, runs `*.box.ts`, takes everything away again.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runFile, type FileResult } from '../run/file.ts'
import { closing, describeFile, type Missing } from '../run/report.ts'
import { attempt, must } from './docker.ts'
import { nobodyElseIsOnIt, openEngine, type Engine } from './engine.ts'
import { uniqueName } from './stack.ts'

// The suite inside a container takes as long as outside, and some more.
const LONGEST_MS = 30 * 60_000

const strict = process.env['CI'] === 'true'
const words = process.argv.slice(2)
const paths = globSync('test/containers/*.box.ts')
  .sort()
  .filter((path) => words.length === 0 || words.some((word) => basename(path).includes(word)))

const scratch = mkdtempSync(join(tmpdir(), 'centralita-boxes-'))
chmodSync(scratch, 0o755)
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
const stopping = new AbortController()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    process.exitCode = code
    stopping.abort()
  })
}

process.env['TEST_BOX_RUN'] = randomBytes(3).toString('hex')
const started = performance.now()
const results: FileResult[] = []
const missing: Missing[] = []
let engine: Engine | undefined
try {
  engine = openEngine()
} catch (error) {
  missing.push({ name: 'Docker', why: (error as Error).message.split('\n')[0]! })
}

if (engine) {
  const image = uniqueName('app')
  const tags = { APP_IMAGE: `centralita/${image}`, TEST_IMAGE: `centralita/${image}-test` }
  const env: Record<string, string> = { ...engine.env, ...tags }
  const data = process.env['CENTRALITA_ENGINE_DATA']
  const where: Record<string, string> = data === undefined ? {} : { CENTRALITA_ENGINE_DATA: data }
  const inside = {
    TMPDIR: scratch,
    TEST_BOX_RUN: process.env['TEST_BOX_RUN']!,
    TEST_ENGINE_OURS: String(engine.ours),
    ...where,
    ...env,
  }
  try {
    const from = performance.now()
    await must('docker', ['build', '--build-arg', `NODE_IMAGE=${env['NODE_IMAGE']}`, '-t', tags.APP_IMAGE, '.'], {
      env,
      timeoutMs: 900_000,
    })
    console.log(`${tags.APP_IMAGE}: ${((performance.now() - from) / 1000).toFixed(1)} s`)
    for (const path of paths) {
      if (stopping.signal.aborted) break
      const result = await runFile(path, { env: inside, scratch, signal: stopping.signal, longestMs: LONGEST_MS })
      results.push(result)
      console.log(describeFile(result))
      if (result.failed === 0 && result.output.trim()) console.log(result.output.trim().replace(/^/gm, '      '))
    }
  } catch (error) {
    missing.push({ name: 'image', why: (error as Error).message.slice(-2000) })
  } finally {
    await tidy(env)
    engine.stop()
  }
}

const end = closing(results, missing, { strict, seconds: (performance.now() - started) / 1000, stopped: stopping.signal.aborted })
console.log(end.text)
process.exitCode ||= end.failed ? 1 : 0

/** Whatever carries this run's mark; a test that ended well has left nothing. */
async function tidy(env: Record<string, string>): Promise<void> {
  const mark = `box-${process.env['TEST_BOX_RUN']}-`
  const kinds = [
    ['ps', '-aq', '--filter', `name=${mark}`],
    ['volume', 'ls', '-q', '--filter', `name=${mark}`],
    ['network', 'ls', '-q', '--filter', `name=${mark}`],
    ['images', '-q', '--filter', `reference=centralita/${mark}*`],
  ]
  const removals = [
    ['rm', '-fv'],
    ['volume', 'rm', '-f'],
    ['network', 'rm'],
    ['rmi', '-f'],
  ]
  for (const [at, words] of kinds.entries()) {
    const { out } = await attempt('docker', words, { env })
    const found = out.split('\n').filter(Boolean)
    if (found.length > 0) await attempt('docker', [...removals[at]!, ...found], { env })
  }
  // The half-built images of another run look like leftovers.
  if (nobodyElseIsOnIt()) await attempt('docker', ['image', 'prune', '-f'], { env })
}
