import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { findProgram, ownFolder, type Account } from './machine.ts'
import { freePort } from './ports.ts'
import { killTree, killTreeNow } from './process-tree.ts'

export type Server = {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  /** In good order; the data folder goes too. */
  stop(): Promise<void>
  /** SIGKILL, for the server and all its children at once. The data folder stays. */
  kill(): Promise<void>
  /** On the same data folder and port; stops it in good order first if it still runs. */
  restart(): Promise<void>
  /** What the server itself wrote. */
  log(): string
}

export type Kind = {
  name: string
  program: string
  account: Account | undefined
  /** The signal of a prompt stop in good order. */
  stopSignal: 'SIGINT' | 'SIGTERM'
  prepare?(dataDir: string): Promise<void>
  args(dataDir: string, port: number): string[]
  url(port: number): string
  /** Rejects while it does not answer yet. */
  ask(port: number): Promise<void>
}

const START_MS = 60_000
const STOP_MS = 30_000
const PORT_TRIES = 3

const running = new Set<{ child: ChildProcess | undefined; home: string }>()
process.on('exit', () => {
  for (const { child, home } of running) {
    if (child?.pid && child.exitCode === null && child.signalCode === null) killTreeNow(child.pid)
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
})

export async function startDaemon(kind: Kind): Promise<Server> {
  const home = ownFolder(`centralita-${kind.name}-`, kind.account)
  const dataDir = join(home, 'data')
  const logFile = join(home, 'log')
  const entry: { child: ChildProcess | undefined; home: string } = { child: undefined, home }
  running.add(entry)
  let port = 0

  const ended = () => !entry.child?.pid || entry.child.exitCode !== null || entry.child.signalCode !== null
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')
  const forget = () => {
    running.delete(entry)
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  const start = async () => {
    entry.child = launch(kind, kind.args(dataDir, port), logFile)
    const deadline = performance.now() + START_MS
    for (;;) {
      if (ended()) throw new Error(`${kind.name} ended while starting:\n${log().slice(-2000)}`)
      const answered = await kind.ask(port).then(
        () => true,
        () => false,
      )
      if (answered && !ended()) return
      if (performance.now() > deadline)
        throw new Error(`${kind.name} did not answer in ${START_MS / 1000} s:\n${log().slice(-2000)}`)
      await pause(30)
    }
  }

  const halt = async () => {
    if (ended()) return
    const child = entry.child!
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(kind.stopSignal)
    const late = new AbortController()
    await Promise.race([gone, pause(STOP_MS, undefined, { signal: late.signal }).catch(() => {})])
    late.abort()
    if (!ended()) await killTree(child.pid!)
  }

  try {
    await kind.prepare?.(dataDir)
    // Another program may take the free port between our look and the server's.
    for (let attempt = 1; ; attempt++) {
      port = await freePort()
      try {
        await start()
        break
      } catch (error) {
        await halt()
        if (attempt === PORT_TRIES || !/address already in use|in use/i.test(String(error))) throw error
      }
    }
  } catch (error) {
    await halt()
    forget()
    throw error
  }

  return {
    get pid() {
      return entry.child!.pid!
    },
    get port() {
      return port
    },
    get url() {
      return kind.url(port)
    },
    dataDir,
    log,
    async stop() {
      await halt()
      forget()
    },
    async kill() {
      if (!ended()) await killTree(entry.child!.pid!)
    },
    async restart() {
      await halt()
      await start()
    },
  }
}

function launch(kind: Kind, args: string[], logFile: string): ChildProcess {
  // With setpriv the kernel stops the server when we die without a chance to do it, by SIGKILL for instance.
  const setpriv = findProgram('setpriv')
  const [command, words] = setpriv
    ? [setpriv, ['--pdeathsig', kind.stopSignal.slice(3), kind.program, ...args]]
    : [kind.program, args]
  const output = openSync(logFile, 'a')
  const child = spawn(command, words, {
    stdio: ['ignore', output, output],
    // Its own session: Ctrl-C in a terminal reaches us alone, and we stop the server in order.
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    ...(kind.account && { uid: kind.account.uid, gid: kind.account.gid }),
  })
  closeSync(output)
  // Without a listener a failed spawn would end us; with it, the wait in `start` reports it.
  child.on('error', (error) => appendFileSync(logFile, `${error.message}\n`))
  // A forgotten server must not keep a test file alive: it ends with it.
  child.unref()
  return child
}
