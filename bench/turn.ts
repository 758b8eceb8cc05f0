/**
 * What a turn takes besides the model: from the person's request to the end of the answer, less the time the model had it;
 * and from the model's first word to the first word that the web chat gets. Ours stores what is said before it answers and
 * what is answered before it says `done`, on each database; beside it a hand-written loop that keeps nothing.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Agent, request } from 'node:http'
import { clear, databaseUrl } from './harness/measure.ts'
import { paced, pause, percentile, type Figures } from './harness/figures.ts'
import { freePort } from './harness/port.ts'
import { answers, end, started, type Say } from './harness/program.ts'
import type { Results } from './harness/results.ts'
import type { Servers } from './harness/servers.ts'
import type { Name } from './systems/system.ts'
import { startSilentTelegram } from './harness/silent-telegram.ts'
import { startTimedModel } from './harness/timed-model.ts'

export const TURN_SYSTEMS = [
  'hand-written-loop',
  'hand-written-sqlite',
  'hand-written-postgres',
  'ours-sqlite',
  'ours-postgres',
] as const
// Together below what the door lets one key say in a minute.
const COLD = 35
const WARM = 80
// Between them, from as many people, by another door: a program that has been at work for a while.
const MEANWHILE = 500
const AT_ONCE = 16
// What was said is learnt from two seconds later.
const QUIET_MS = 4_000
const GAP_MS = 15

type Model = Awaited<ReturnType<typeof startTimedModel>>

export async function measureTurns(results: Results, servers: Servers, reps: number, say: Say): Promise<void> {
  const model = await startTimedModel()
  try {
    for (let rep = 1; rep <= reps; rep++)
      for (const system of TURN_SYSTEMS) {
        model.clear()
        const figures = await (system.startsWith('hand-written')
          ? byHand(system, model, servers)
          : ours(system as 'ours-sqlite' | 'ours-postgres', model, servers, say))
        if (!figures) continue
        results.add('turn', system, rep, figures)
        say(
          `turn ${rep} ${system}: ${Object.entries(figures)
            .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
            .join('  ')}`,
        )
      }
  } finally {
    model.stop()
  }
}

async function byHand(system: string, model: Model, servers: Servers): Promise<Figures | undefined> {
  const port = await freePort()
  const name = system as Name
  if (system !== 'hand-written-loop') await clear(servers, name)
  const place = system.endsWith('postgres')
    ? [databaseUrl(servers, name)]
    : system.endsWith('sqlite')
      ? [join(servers.folder, system, 'said.db')]
      : []
  const script = new URL('hand-written-loop.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, model.url, ...place], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: 'ignore',
  })
  try {
    if (!(await answers(`http://127.0.0.1:${port}/`, performance.now(), child))) return undefined
    const web = talking(port, '', model)
    const cold = await web(COLD)
    const text = 'x'.repeat(160)
    let other = 0
    await paced(MEANWHILE, AT_ONCE, () => said(web.agent, port, '', { text, chat: `other-${other++}` }).then(() => {}), 60_000)
    const warm = await web(WARM)
    web.agent.destroy()
    return figuresOf(cold, warm)
  } finally {
    await end(child)
  }
}

async function ours(
  system: 'ours-sqlite' | 'ours-postgres',
  model: Model,
  servers: Servers,
  say: Say,
): Promise<Figures | undefined> {
  const [key, inner] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')]
  await clear(servers, system)
  const place: Record<string, string> = system === 'ours-postgres' ? { DATABASE_URL: databaseUrl(servers, system) } : {}
  const door = await freePort()
  const telegram = await startSilentTelegram(door)
  const bot = {
    TELEGRAM_BOT_TOKEN: `1:${'x'.repeat(35)}`,
    TELEGRAM_API_ROOT: `http://127.0.0.1:${door}`,
    TELEGRAM_ACCESS: 'open',
    INTERNAL_API_KEY: inner,
  }
  const env = { ADMIN_API_KEY: key, LLM_BASE_URL: model.url, LLM_MODEL: 'timed', TZ: 'UTC', ...bot, ...place }
  try {
    const figures = await started(servers, env, say, async (_child, port) => {
      const web = talking(port, key, model)
      const cold = await web(COLD)
      const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
      let id = 0
      await paced(MEANWHILE, AT_ONCE, () => telegramSays(agent, port, inner, ++id), 60_000)
      agent.destroy()
      for (let before = -1; before !== model.asked(); await pause(QUIET_MS)) before = model.asked()
      const warm = await web(WARM)
      web.agent.destroy()
      for (const fault of [...cold.faults, ...warm.faults]) say(`turn ${system}: ${fault}`)
      return figuresOf(cold, warm)
    })
    if (!figures) return undefined
    const { start_s: _, ...rest } = figures
    return rest
  } finally {
    telegram.closeAllConnections()
    telegram.close()
  }
}

function telegramSays(agent: Agent, port: number, key: string, id: number): Promise<void> {
  const chat = { id, type: 'private', first_name: 'Ana' }
  const message = {
    message_id: id,
    date: Math.floor(Date.now() / 1000),
    chat,
    from: { ...chat, is_bot: false },
    text: 'x'.repeat(160),
  }
  const body = JSON.stringify({ update_id: id, message })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-api-key': key }
  return new Promise((resolve, reject) => {
    const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/webhooks/telegram', headers }
    const asked = request(options, (response) => response.resume().once('end', resolve))
    asked.once('error', reject).end(body)
  })
}

/** `faults`: what was wrong with those that could not be measured. */
type Talked = { over: number[]; first: number[]; faults: string[] }

/** One person, one turn after another: what each took besides the model. */
function talking(port: number, key: string, model: Model) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  let number = 0
  const talk = async (turns: number): Promise<Talked> => {
    const talked: Talked = { over: [], first: [], faults: [] }
    for (let n = 0; n < turns; n++) {
      const text = `¿Qué tal va el asunto número ${++number}?`
      const from = performance.now()
      const heard = await said(agent, port, key, { text, chat: `bench-${number % 10}` })
      const thought = model.of(text)
      if (!heard.done || !heard.first || !thought)
        talked.faults.push(`message ${number}: asked ${model.times(text)} times, status ${heard.status}, ended ${heard.ended}`)
      else {
        talked.over.push(heard.done - from - (thought.done - thought.asked))
        talked.first.push(heard.first - thought.first)
      }
      await pause(GAP_MS)
    }
    return talked
  }
  return Object.assign(talk, { agent })
}

const figuresOf = (cold: Talked, warm: Talked): Figures => ({
  overhead_p50_ms: percentile(warm.over, 0.5),
  overhead_p95_ms: percentile(warm.over, 0.95),
  first_p50_ms: percentile(warm.first, 0.5),
  first_p95_ms: percentile(warm.first, 0.95),
  cold_p50_ms: percentile(cold.over, 0.5),
  cold_p95_ms: percentile(cold.over, 0.95),
  faults: cold.faults.length + warm.faults.length,
})

type Answer = { first: number; done: number; status: number | undefined; ended: string }

function said(agent: Agent, port: number, key: string, what: object): Promise<Answer> {
  const body = JSON.stringify(what)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(key && { 'x-api-key': key }),
  }
  return new Promise((resolve, reject) => {
    const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/chat/aegen', headers }
    const asked = request(options, (response) => {
      const heard: Answer = { first: 0, done: 0, status: response.statusCode, ended: '' }
      let text = ''
      response.on('data', (data: Buffer) => {
        const now = performance.now()
        text += data.toString()
        if (heard.first === 0 && text.includes('palabra0')) heard.first = now
        if (heard.done === 0 && text.includes('event: done')) heard.done = now
      })
      response.once('end', () => resolve({ ...heard, ended: JSON.stringify(text.slice(-200)) }))
    })
    asked.once('error', reject).end(body)
  })
}
