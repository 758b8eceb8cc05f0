import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { killTreeNow } from '../servers/process-tree.ts'

const CENTRALITA = new URL('../../bin/centralita', import.meta.url).pathname
const OUTPUT_KEPT = 60_000

/** One process of the house, by the roles it was started with. */
export type Process = { readonly name: string; readonly roles: readonly string[]; env: Record<string, string> }

export type Crew = AsyncDisposable & {
  /** SIGKILL, and started again at once. */
  kill(name: string): Promise<void>
  /** In good order; nobody starts them again. */
  stop(): Promise<void>
  /** Ends that nobody asked for. */
  readonly accidents: readonly string[]
  /** The end of what each of them wrote, all lives together. */
  story(): string
}

const alive = new Set<ChildProcess>()
process.on('exit', () => alive.forEach((child) => killTreeNow(child.pid!)))

export function startCrew(processes: readonly Process[], { folder }: { folder: string }): Crew {
  const children = new Map<string, ChildProcess>()
  const output = new Map<string, string>()
  const accidents: string[] = []
  const expected = new Set<ChildProcess>()
  let stopping = false

  const start = (one: Process) => {
    const child = spawn(CENTRALITA, ['start', ...one.roles], {
      // Not in the project: a developer's own .env must not be read.
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: join(folder, 'home'),
        ...(process.env['CENTRALITA_TEST_RUN'] && { CENTRALITA_TEST_RUN: process.env['CENTRALITA_TEST_RUN'] }),
        ...one.env,
      },
    })
    children.set(one.name, child)
    alive.add(child)
    const keep = (bytes: Buffer) =>
      void output.set(one.name, ((output.get(one.name) ?? '') + bytes.toString()).slice(-OUTPUT_KEPT))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('exit', (code, signal) => {
      alive.delete(child)
      if (expected.has(child)) return
      accidents.push(`${one.name} ended by itself (${signal ?? code})`)
      if (!stopping) start(one)
    })
  }
  for (const one of processes) start(one)

  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    stopping = true
    await Promise.all(
      [...children.values()].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        expected.add(child)
        const gone = once(child, 'exit')
        child.kill(signal)
        await gone
      }),
    )
  }
  return {
    accidents,
    async kill(name) {
      const child = children.get(name)!
      expected.add(child)
      const gone = once(child, 'exit')
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await gone
      }
      start(processes.find((one) => one.name === name)!)
    },
    stop: () => end('SIGTERM'),
    story: () => [...output].map(([name, text]) => `--- ${name}\n${text.slice(-6000)}`).join('\n'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}
