/** The whole program as a user starts it: how soon it answers, what it weighs at rest, and its intake through HTTP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { residentMb } from './harness/cpu.ts'
import { paced, pause, prefixed, type Figures } from './harness/figures.ts'
import { freePort } from './harness/port.ts'
import type { Results } from './harness/results.ts'
import type { Servers } from './harness/servers.ts'

const ROOT = new URL('..', import.meta.url).pathname
const PROGRAM = join(ROOT, 'src/main.ts')
// Long enough for what starting left behind to be collected.
const REST_MS = 8000

export async function measureProcess(
  results: Results,
  servers: Servers,
  reps: number,
  say: (text: string) => void,
): Promise<void> {
  if (!existsSync(PROGRAM)) return say('process: there is no src/main.ts')
  for (let rep = 1; rep <= reps; rep++) {
    const [port, health] = [await freePort(), await freePort()]
    const data = mkdtempSync(join(servers.folder, 'start-'))
    const key = randomBytes(24).toString('hex')
    const { PATH, HOME } = process.env
    // No token and no model key: nothing leaves this machine.
    const env = {
      PATH,
      HOME,
      PORT: String(port),
      HEALTH_PORT: String(health),
      DATA_DIR: data,
      INTERNAL_API_KEY: key,
      TELEGRAM_ACCESS: 'open',
    }
    const from = performance.now()
    const child = spawn(process.execPath, [PROGRAM, 'start'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] })
    let wrong = ''
    child.stderr.on('data', (data: Buffer) => void (wrong = (wrong + data.toString()).slice(-500)))
    const start = await answers(`http://127.0.0.1:${port}/health`, from, child)
    if (start === undefined) say(`process ${rep}: never answered: ${wrong.trim()}`)
    else {
      await pause(REST_MS)
      const rss = residentMb(child.pid!)
      const http = await overHttp(port, key)
      results.add('process', 'centralita', rep, { start_s: start / 1000, rss_mb: rss, ...http })
      say(`process ${rep}: start_s ${(start / 1000).toFixed(2)}  rss_mb ${rss.toFixed(0)}  http ${JSON.stringify(http)}`)
    }
    await end(child)
    rmSync(data, { recursive: true, force: true })
  }
}

async function answers(url: string, from: number, child: ChildProcess): Promise<number | undefined> {
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

/** Updates as Telegram's webhook (or our poller) brings them, on SQLite; the program answers people meanwhile. For information. */
async function overHttp(port: number, key: string): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  let id = 0
  let refused = 0
  const post = () =>
    new Promise<void>((resolve, reject) => {
      const update = id++
      const chat = { id: 1 + (update % 2000), type: 'private', first_name: 'Ana' }
      const from = { ...chat, is_bot: false }
      const message = { message_id: update + 1, date: Math.floor(Date.now() / 1000), chat, from, text: 'x'.repeat(160) }
      const body = JSON.stringify({ update_id: update + 1, message })
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-api-key': key }
      const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/webhooks/telegram', headers }
      const asked = request(options, (response) => {
        if (response.statusCode !== 200 && response.statusCode !== 202) refused++
        response.resume().once('end', resolve)
      })
      asked.once('error', reject).end(body)
    })
  try {
    const c1 = await paced(Infinity, 1, post, 1000)
    const c16 = await paced(Infinity, 16, post, 1500)
    return { ...prefixed('http_c1', c1), ...prefixed('http_c16', c16), http_refused_share: refused / id }
  } catch {
    return { http_refused_share: 1 }
  } finally {
    agent.destroy()
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([gone, pause(11_000).then(() => child.kill('SIGKILL'))])
}
