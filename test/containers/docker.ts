import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

export type Ended = { code: number | null; out: string; err: string; all: string }
export type RunOptions = { cwd?: string; env?: Record<string, string>; timeoutMs?: number; input?: string }

// A developer's own token or key must not lead a container to the real Telegram.
const INHERITED = /^(PATH|HOME|USER|LANG|TERM|DOCKER_.*|NODE_IMAGE|POSTGRES_IMAGE|REDIS_IMAGE|NGINX_IMAGE|APP_IMAGE|TEST_IMAGE)$/
export const plainEnv = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.test(name)))

/** Runs a program to its end, whatever its code. */
export function attempt(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env = {}, timeoutMs = 120_000, input } = options
  return new Promise((settle, reject) => {
    const child = spawn(program, args, { cwd, env: { ...plainEnv(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
    const ended: Ended = { code: null, out: '', err: '', all: '' }
    child.stdout.on('data', (bytes: Buffer) => ((ended.out += bytes), (ended.all += bytes)))
    child.stderr.on('data', (bytes: Buffer) => ((ended.err += bytes), (ended.all += bytes)))
    const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(limit)
      settle({ ...ended, code })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Runs a program that must succeed; gives what it wrote on its standard output. */
export async function must(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ended = await attempt(program, args, options)
  if (ended.code === 0) return ended.out.trim()
  throw new Error(`${program} ${args.join(' ')}: ${ended.code}\n${ended.all.slice(-4000)}`)
}

export const docker = (...args: string[]): Promise<string> => must('docker', args)

/** A program that goes on; `wrote` is all it has written so far. */
export function begin(program: string, args: readonly string[], options: RunOptions = {}) {
  const child: ChildProcess = spawn(program, args, {
    cwd: options.cwd,
    env: { ...plainEnv(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (bytes: Buffer) => (text += bytes))
  const ended = new Promise<number | null>((settle) => child.once('close', settle))
  return {
    wrote: () => text,
    ended,
    async end() {
      child.kill('SIGTERM')
      await Promise.race([ended, pause(15_000)])
      child.kill('SIGKILL')
    },
  }
}

export type Inspected = {
  Id: string
  Name: string
  RestartCount: number
  State: {
    Status: string
    Running: boolean
    Pid: number
    ExitCode: number
    StartedAt: string
    FinishedAt: string
    Health?: { Status: string; Log: { Start: string; End: string; ExitCode: number; Output: string }[] | null }
  }
  Config: { User: string; Env: string[]; Image: string; Labels: Record<string, string> }
  HostConfig: Record<string, unknown> & { PortBindings: Record<string, unknown> | null }
  NetworkSettings: {
    Networks: Record<string, { IPAddress: string; Gateway: string; NetworkID: string }>
    Ports: Record<string, unknown>
  }
}

export const inspect = async (name: string): Promise<Inspected> => (JSON.parse(await docker('inspect', name)) as Inspected[])[0]!

/** Waits until it holds; says what it waited for when it never does. */
export async function until(holds: () => Promise<boolean> | boolean, what: string, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await Promise.resolve(holds()).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs / 1000} s for ${what}`)
    await pause(200)
  }
}
