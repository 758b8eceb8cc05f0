import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pause, type Figures } from './figures.ts'
import { freePort } from './port.ts'
import type { Servers } from './servers.ts'

const ROOT = new URL('../..', import.meta.url).pathname
// As a user starts it: with its memory settings, and compiled code kept between starts.
export const PROGRAM = join(ROOT, 'bin/centralita')

export type Say = (text: string) => void
export type Look = (child: ChildProcess, port: number) => Promise<Figures>

/** Starts the program as `start` does, times its first answer, looks, and ends it. */
export async function started(
  servers: Servers,
  more: Record<string, string>,
  say: Say,
  look: Look,
): Promise<Figures | undefined> {
  const [port, health] = [await freePort(), await freePort()]
  const data = mkdtempSync(join(servers.folder, 'start-'))
  const { PATH, HOME } = process.env
  // No model key: nothing leaves this machine.
  const env = { PATH, HOME, PORT: String(port), HEALTH_PORT: String(health), DATA_DIR: data, ...more }
  const from = performance.now()
  const child = spawn(PROGRAM, ['start'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let wrong = ''
  child.stderr.on('data', (text: Buffer) => void (wrong = (wrong + text.toString()).slice(-500)))
  try {
    const ms = await answers(`http://127.0.0.1:${port}/health`, from, child)
    if (ms === undefined) return void say(`process: never answered: ${wrong.trim()}`)
    return { start_s: ms / 1000, ...(await look(child, port)) }
  } finally {
    await end(child)
    rmSync(data, { recursive: true, force: true })
  }
}

export async function answers(url: string, from: number, child: ChildProcess): Promise<number | undefined> {
  while (child.exitCode === null && performance.now() - from < 30_000) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return performance.now() - from
    await pause(10)
  }
  return undefined
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([gone, pause(11_000).then(() => child.kill('SIGKILL'))])
}
