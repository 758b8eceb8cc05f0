/** The whole program as a user starts it: how soon it answers, and what it weighs once it rests. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { residentMb } from './harness/cpu.ts'
import { pause } from './harness/figures.ts'
import type { Results } from './harness/results.ts'
import { freePort } from './harness/port.ts'
import type { Servers } from './harness/servers.ts'

const ROOT = new URL('..', import.meta.url).pathname
const PROGRAM = join(ROOT, 'src/main.ts')

export async function measureProcess(
  results: Results,
  servers: Servers,
  reps: number,
  say: (text: string) => void,
): Promise<void> {
  if (!existsSync(PROGRAM)) return say('process: there is no src/main.ts yet')
  for (let rep = 1; rep <= reps; rep++) {
    const port = await freePort()
    const health = await freePort()
    const data = mkdtempSync(join(servers.folder, 'start-'))
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      HEALTH_PORT: String(health),
      DATA_DIR: data,
      NODE_NO_WARNINGS: '1',
    }
    const from = performance.now()
    const child = spawn(process.execPath, [PROGRAM, 'start'], { cwd: ROOT, env, stdio: 'ignore' })
    const start = await answers(`http://127.0.0.1:${port}/health`, from, () => child.exitCode === null)
    if (start === undefined) say(`process ${rep}: never answered`)
    else {
      await pause(8000)
      const figures = { start_s: start / 1000, rss_mb: residentMb(child.pid!) }
      results.add('process', 'centralita', rep, figures)
      say(`process ${rep}: start_s ${figures.start_s.toFixed(2)}  rss_mb ${figures.rss_mb.toFixed(0)}`)
    }
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await Promise.race([gone, pause(11_000).then(() => child.kill('SIGKILL'))])
    }
    rmSync(data, { recursive: true, force: true })
  }
}

async function answers(url: string, from: number, alive: () => boolean): Promise<number | undefined> {
  while (alive() && performance.now() - from < 30_000) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return performance.now() - from
    await pause(10)
  }
  return undefined
}
