/** The whole program as a user starts it: how soon it answers, what it weighs at rest, and its intake through HTTP. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { residentMb } from './harness/cpu.ts'
import { paced, pause, prefixed, type Figures } from './harness/figures.ts'
import { freePort } from './harness/port.ts'
import { PROGRAM, started, type Say } from './harness/program.ts'
import type { Results } from './harness/results.ts'
import type { Servers } from './harness/servers.ts'
import { startSilentTelegram } from './harness/silent-telegram.ts'

// Long enough for what starting left behind to be collected.
const REST_MS = 8000

export async function measureProcess(results: Results, servers: Servers, reps: number, say: Say): Promise<void> {
  if (!existsSync(PROGRAM)) return say('process: there is no bin/centralita')
  for (let rep = 1; rep <= reps; rep++) {
    const rest = await started(servers, {}, say, async (child) => {
      await pause(REST_MS)
      return { rss_mb: residentMb(child.pid!) }
    })
    if (rest) results.add('process', 'centralita', rep, rest)
    const http = await withTelegram(servers, say)
    if (http) results.add('http', 'centralita', rep, http)
    const figures = Object.entries({ ...rest, ...http }).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    say(`process ${rep}: ${figures.join('  ')}`)
  }
}

async function withTelegram(servers: Servers, say: Say): Promise<Figures | undefined> {
  const port = await freePort()
  const telegram = await startSilentTelegram(port)
  const key = randomBytes(24).toString('hex')
  const env = {
    TELEGRAM_BOT_TOKEN: `1:${'x'.repeat(35)}`,
    TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`,
    TELEGRAM_ACCESS: 'open',
    INTERNAL_API_KEY: key,
  }
  try {
    return await started(servers, env, say, (_child, door) => overHttp(door, key))
  } finally {
    telegram.closeAllConnections()
    telegram.close()
  }
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
    return { ...prefixed('c1', c1), ...prefixed('c16', c16), refused_share: refused / id }
  } catch {
    return { refused_share: 1 }
  } finally {
    agent.destroy()
  }
}
