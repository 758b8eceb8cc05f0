/**
 * `npm test [-- words of file names] [--jobs=2] [--name=pattern] [--no-servers]`
 * Starts the servers that the chosen files ask for, runs each file in its own process, and ends with
 * `N passed, N failed, N skipped`. With CI=true, a group of tests that could not run is a failure.
 */
import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chooseFiles } from './run/files.ts'
import { bringUp } from './run/bring-up.ts'
import { runFile, type FileResult } from './run/file.ts'
import { closing, describeFile, type Missing } from './run/report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '2' },
    name: { type: 'string' },
    'no-servers': { type: 'boolean', default: false },
  },
})
const jobs = Math.max(1, Math.min(16, Number(values.jobs) || 2))
const strict = process.env['CI'] === 'true'

const stopping = new AbortController()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    process.exitCode = code
    stopping.abort()
  })
}

// Whatever a test leaves behind lies in here and goes with it. Servers under another account must be able to pass through.
const scratch = mkdtempSync(join(tmpdir(), 'centralita-test-'))
chmodSync(scratch, 0o711)
process.env['TMPDIR'] = scratch
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

const started = performance.now()
const chosen = chooseFiles(positionals)
const results: FileResult[] = []
let missing: Missing[] = []

const servers = await bringUp(chosen, { noServers: values['no-servers'], scratch, signal: stopping.signal })
try {
  missing = servers.missing
  const waiting = chosen.map((file) => file.path)
  const work = async () => {
    for (let path = waiting.shift(); path && !stopping.signal.aborted; path = waiting.shift()) {
      const result = await runFile(path, { env: servers.env, name: values.name, scratch, signal: stopping.signal })
      results.push(result)
      console.log(describeFile(result))
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
} finally {
  await servers.stop()
}

const end = closing(results, missing, { strict, seconds: (performance.now() - started) / 1000, stopped: stopping.signal.aborted })
console.log(end.text)
process.exitCode ||= end.failed ? 1 : 0
