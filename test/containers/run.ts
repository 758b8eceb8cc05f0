/**
 * `make test-containers [ONLY=…]`: real containers, one file after the other. Installs the engine where it is missing and we
 * are root, makes the base images, builds ours, runs `*.box.ts`, takes everything away again. With CI=true an engine that
 * cannot be had is a failure.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runFile, type FileResult } from '../run/file.ts'
import { closing, describeFile, type Missing } from '../run/report.ts'
import { must } from './docker.ts'
import { openEngine, sweep, type Engine } from './engine.ts'
import { uniqueName } from './stack.ts'

// The suite inside a container takes as long as outside, and some more.
const LONGEST_MS = 25 * 60_000
// All of them: what hangs must not use up the time of whoever waits for the result.
const LONGEST_OF_ALL_MS = 45 * 60_000

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
const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(1)
const times: string[] = []
const results: FileResult[] = []
const missing: Missing[] = []
setTimeout(() => {
  missing.push({ name: 'time', why: `not all was done in ${LONGEST_OF_ALL_MS / 60_000} minutes` })
  stopping.abort()
}, LONGEST_OF_ALL_MS).unref()

let engine: Engine | undefined
try {
  engine = await openEngine()
  times.push(`engine and base images: ${seconds(started)} s`)
} catch (error) {
  missing.push({ name: 'Docker', why: (error as Error).message })
}

if (engine) {
  const image = uniqueName('app')
  const tags = { APP_IMAGE: `centralita/${image}`, TEST_IMAGE: `centralita/${image}-test` }
  const env: Record<string, string> = { ...engine.env, ...tags }
  const where = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('CENTRALITA_ENGINE_')))
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
    times.push(`our image: ${seconds(from)} s`)
    console.log(times.join('\n'))
    for (const path of paths) {
      if (stopping.signal.aborted) break
      const result = await runFile(path, { env: inside, scratch, signal: stopping.signal, longestMs: LONGEST_MS })
      results.push(result)
      console.log(describeFile(result))
      if (result.failed === 0 && result.output.trim()) console.log(result.output.trim().replace(/^/gm, '      '))
      times.push(...(result.output.match(/^BOX\d+: .* s$/gm) ?? []))
    }
  } catch (error) {
    missing.push({ name: 'image', why: (error as Error).message.slice(-2000) })
  } finally {
    await sweep(`box-${process.env['TEST_BOX_RUN']}-`, env)
    engine.stop()
  }
}

console.log(['', 'Tiempos · Times', ...times.map((line) => `  ${line}`)].join('\n'))
const end = closing(results, missing, { strict, seconds: (performance.now() - started) / 1000, stopped: stopping.signal.aborted })
console.log(end.text)
process.exitCode ||= end.failed ? 1 : 0
