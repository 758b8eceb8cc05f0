import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { killTree } from '../servers/process-tree.ts'
import { endLeftovers } from './leftovers.ts'
import type { Line } from './record.ts'

export type Failure = { name: string; why: string; at: string }
export type FileResult = {
  path: string
  ms: number
  passed: number
  failed: number
  skipped: number
  failures: Failure[]
  skips: { name: string; why: string }[]
  /** What the file wrote; shown when it failed. */
  output: string
  leftovers: number
}

const LONGEST_MS = 5 * 60_000
const LONGEST_OUTPUT = 200_000

// A developer's own token or key in the environment must not lead a test to the real Telegram.
const INHERITED = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TERM|TZ|CI|TEST_.*|NODE_.*|npm_config_.*)$/

let count = 0

export async function runFile(
  path: string,
  {
    env,
    name,
    scratch,
    signal,
    longestMs = LONGEST_MS,
  }: { env: Record<string, string>; name?: string | undefined; scratch: string; signal: AbortSignal; longestMs?: number },
): Promise<FileResult> {
  const began = performance.now()
  const record = join(scratch, `record-${++count}`)
  const mark = `${process.pid}-${count}`
  const child = spawn(
    process.execPath,
    [
      `--test-reporter=${new URL('record.ts', import.meta.url).href}`,
      `--test-reporter-destination=${record}`,
      ...(name === undefined ? [] : [`--test-name-pattern=${name}`]),
      path,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([key]) => INHERITED.test(key))),
        NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'),
        NO_COLOR: '1',
        CENTRALITA_TEST_RUN: mark,
        ...env,
      },
    },
  )

  let output = ''
  const keep = (bytes: Buffer) => {
    output = (output + bytes.toString()).slice(-LONGEST_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)

  let hung = false
  const end = () => void (child.pid && killTree(child.pid).catch(() => {}))
  const limit = setTimeout(() => {
    hung = true
    end()
  }, longestMs)
  signal.addEventListener('abort', end, { once: true })
  // `exit`, not `close`: a process left behind may hold the pipes open for ever.
  const how = await new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message))
    child.once('exit', (code, by) => settle(by ?? String(code)))
  })
  clearTimeout(limit)
  signal.removeEventListener('abort', end)
  const leftovers = await endLeftovers(`CENTRALITA_TEST_RUN=${mark}`)
  child.stdout.destroy()
  child.stderr.destroy()

  const lines = readRecord(record)
  const result = summarize(path, lines, { how, hung, output })
  return { ...result, ms: performance.now() - began, leftovers }
}

function readRecord(record: string): Line[] {
  try {
    const text = readFileSync(record, 'utf8')
    rmSync(record)
    // The last line of a killed file may be cut short.
    return text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []))
  } catch {
    return []
  }
}

export function summarize(
  path: string,
  lines: Line[],
  { how, hung, output }: { how: string; hung: boolean; output: string },
): Omit<FileResult, 'ms' | 'leftovers'> {
  const failures: Failure[] = lines.flatMap((line) =>
    'why' in line && 'failed' in line ? [{ name: line.failed, why: line.why, at: line.at }] : [],
  )
  const skips = lines.flatMap((line) => ('why' in line && 'skipped' in line ? [{ name: line.skipped, why: line.why }] : []))
  const summary = lines.find((line) => 'passed' in line)
  const base = { path, failures, skips, output }

  if (summary && (how === '0' || summary.failed > 0)) return { ...base, ...counts(summary) }
  const last = lines.findLast((line) => 'begun' in line)?.begun
  const where = last === undefined ? 'before its first test' : `last test begun: ${last}`
  const why = hung ? `did not end in time and was killed; ${where}` : `ended (${how}) without finishing; ${where}`
  failures.push({ name: 'the file itself', why, at: path })
  return summary
    ? { ...base, ...counts(summary), failed: summary.failed + 1 }
    : { ...base, passed: 0, failed: failures.length, skipped: skips.length }
}

const counts = ({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }) => ({ passed, failed, skipped })
