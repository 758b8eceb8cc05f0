import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { until } from '../../src/rehearsal/until.ts'

const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'bin/centralita')

export type Ended = { code: number | null; out: string; err: string }
export type Shell = Awaited<ReturnType<typeof openShell>>

/** A folder of its own and an environment with nothing in it but what the test says. */
export async function openShell(t: TestContext, variables: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-'))
  const [port, healthPort] = [await freePort(), await freePort()]
  symlinkSync(join(ROOT, 'assistants'), join(folder, 'assistants'))
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TZ: 'Europe/Madrid',
    ASSISTANTS: 'aegen',
    PORT: String(port),
    HEALTH_PORT: String(healthPort),
    ...variables,
  }
  const children = new Set<ChildProcess>()
  t.after(async () => {
    for (const child of children) await stop(child, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  const begin = (args: readonly string[], more: Record<string, string> = {}) => {
    const child = spawn(PROGRAM, args, { cwd: folder, env: { ...env, ...more } })
    children.add(child)
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...said })))
    return { child, said, ended }
  }

  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    env,
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    begin,
    /** Runs one command to its end; `input` goes through the pipe. */
    async run(args: readonly string[], { input = '', env: more = {} }: { input?: string; env?: Record<string, string> } = {}) {
      const { child, ended } = begin(args, more)
      child.stdin.end(input)
      return ended
    },
    /** A server, until it says that it is ready. */
    async start(args: readonly string[] = ['start'], more: Record<string, string> = {}) {
      const started = begin(args, more)
      let over: Ended | undefined
      void started.ended.then((ended) => (over = ended))
      await until(() => over !== undefined || started.said.out.includes('Application startup complete'), 'the start', 60_000)
      if (over) throw new Error(`ended with ${over.code}: ${over.err}${over.out}`)
      return { ...started, stop: () => stop(started.child, 'SIGTERM') }
    },
  }
}

export const jsonOf = <T = Record<string, unknown>>({ out }: Ended): T => JSON.parse(out) as T

async function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  await gone
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
