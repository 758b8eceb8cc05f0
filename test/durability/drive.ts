import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { killTreeNow } from '../servers/process-tree.ts'
import type { Orders } from './driver.ts'

export type Sending = { at: number; chat: string; id: number; text: string }
export type Driven = AsyncDisposable & {
  readonly pid: number
  /** Keys whose acknowledgement was read, in order. */
  readonly acknowledged: ReadonlySet<string>
  readonly refusals: readonly string[]
  readonly sendings: readonly Sending[]
  readonly fatal: string | undefined
  /** Steps of the wall clock that it noticed, in milliseconds. */
  readonly steps: readonly number[]
  readonly synchronous: number | undefined
  /** Every line, for the story of a failure. */
  readonly lines: readonly string[]
  readonly over: boolean
  readonly exited: Promise<number | string>
  /** Resolves when `look` is true; rejects when the driver ended before, or after `withinMs`. */
  until(look: (driven: Driven) => boolean, what: string, withinMs?: number): Promise<void>
  /** Stands still: no thread of it runs when this resolves. */
  freeze(): Promise<void>
  thaw(): void
  kill(): Promise<void>
}

const DRIVER = new URL('driver.ts', import.meta.url).pathname
// The last ones tell the story; a driver refused for a minute writes thousands.
const LINES_KEPT = 400

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => killTreeNow(child.pid!)))

/** Starts the driver, behind another program when `under` names one (strace, faketime). */
export function drive(orders: Orders, { under = [], env = {} }: { under?: string[]; env?: Record<string, string> } = {}): Driven {
  const [program, ...args] = [...under, process.execPath, DRIVER, JSON.stringify(orders)]
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  running.add(child)
  const acknowledged = new Set<string>()
  const refusals: string[] = []
  const sendings: Sending[] = []
  const lines: string[] = []
  const steps: number[] = []
  let fatal: string | undefined
  let synchronous: number | undefined
  let ready = false
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors = (errors + bytes.toString()).slice(-4000)))
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    if (lines.length > LINES_KEPT) lines.shift()
    const [word, ...rest] = line.split(' ')
    if (word === 'ack') acknowledged.add(rest[0]!)
    else if (word === 'no') refusals.push(rest.slice(1).join(' '))
    else if (word === 'sent')
      sendings.push({ at: Date.now(), chat: rest[0]!, id: Number(rest[1]), text: rest.slice(2).join(' ') })
    else if (word === 'fatal') fatal = rest.join(' ')
    else if (word === 'synchronous') synchronous = Number(rest[0])
    else if (word === 'stepped') steps.push(Number(rest[0]))
    else if (word === 'ready') ready = true
  })
  // Both: the last lines are read after the process is gone.
  const exited = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(([[code, signal]]) => {
    running.delete(child)
    return (signal ?? code) as number | string
  })
  let over = false
  void exited.then(() => (over = true))

  // With all below it: a process that strace traced would live on without it.
  const end = async () => {
    if (!over) killTreeNow(child.pid!)
    await exited
  }

  const driven: Driven = {
    pid: child.pid!,
    acknowledged,
    refusals,
    sendings,
    lines,
    steps,
    exited,
    get over() {
      return over
    },
    get fatal() {
      return fatal
    },
    get synchronous() {
      return synchronous
    },
    async until(look, what, withinMs = 60_000) {
      const deadline = performance.now() + withinMs
      while (!ready || !look(driven)) {
        const told = `${lines.slice(-12).join('\n')}\n${errors}`
        if (over) throw new Error(`the driver ended while waiting for ${what}:\n${told}`)
        if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}:\n${told}`)
        await pause(5)
      }
    },
    async freeze() {
      child.kill('SIGSTOP')
      while (!over && threadStates(child.pid!).some((state) => state !== 'T' && state !== 'Z')) await pause(1)
      // What it wrote before it stopped is read now.
      await pause(5)
    },
    thaw: () => void child.kill('SIGCONT'),
    kill: end,
    [Symbol.asyncDispose]: end,
  }
  return driven
}

function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')
      return text[text.lastIndexOf(')') + 2]!
    })
  } catch {
    return []
  }
}
