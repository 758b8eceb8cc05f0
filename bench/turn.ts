/**
 * What a turn takes besides the model: from the person's request to the end of the answer, less the time the model had it;
 * and from the model's first word to the first word that the web chat gets. Ours stores what is said before it answers and
 * what is answered before it says `done`, on each database; beside it a hand-written loop that keeps nothing.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { clear, databaseUrl } from './harness/measure.ts'
import { pause, percentile, type Figures } from './harness/figures.ts'
import { freePort } from './harness/port.ts'
import { answers, end, started, type Say } from './harness/program.ts'
import type { Results } from './harness/results.ts'
import type { Servers } from './harness/servers.ts'
import { startTimedModel } from './harness/timed-model.ts'

export const TURN_SYSTEMS = ['hand-written-loop', 'ours-sqlite', 'ours-postgres'] as const
const WARM_UP = 15
// Below what the door lets one key say in a minute.
const TURNS = 100
const GAP_MS = 15

type Model = Awaited<ReturnType<typeof startTimedModel>>

export async function measureTurns(results: Results, servers: Servers, reps: number, say: Say): Promise<void> {
  const model = await startTimedModel()
  try {
    for (let rep = 1; rep <= reps; rep++)
      for (const system of TURN_SYSTEMS) {
        const figures = await (system === 'hand-written-loop' ? byHand(model) : ours(system, model, servers, say))
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

async function byHand(model: Model): Promise<Figures | undefined> {
  const port = await freePort()
  const script = new URL('hand-written-loop.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, model.url], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: 'ignore',
  })
  try {
    if (!(await answers(`http://127.0.0.1:${port}/`, performance.now(), child))) return undefined
    return await talked(port, '', model)
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
  const key = randomBytes(24).toString('hex')
  await clear(servers, system)
  const place: Record<string, string> = system === 'ours-postgres' ? { DATABASE_URL: databaseUrl(servers, system) } : {}
  const env = { ADMIN_API_KEY: key, LLM_BASE_URL: model.url, LLM_MODEL: 'timed', TZ: 'UTC', ...place }
  const figures = await started(servers, env, say, (_child, port) => talked(port, key, model))
  if (!figures) return undefined
  const { start_s: _, ...rest } = figures
  return rest
}

/** One person, one turn after another: what each took besides the model. */
async function talked(port: number, key: string, model: Model): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const [over, first]: [number[], number[]] = [[], []]
  let faults = 0
  model.clear()
  try {
    for (let n = 0; n < TURNS; n++) {
      const text = `¿Qué tal va el asunto número ${n}?`
      const from = performance.now()
      const heard = await said(agent, port, key, { text, chat: `bench-${n % 10}` })
      const thought = model.of(text)
      if (!heard.done || !heard.first || !thought) faults++
      else if (n >= WARM_UP) {
        over.push(heard.done - from - (thought.done - thought.asked))
        first.push(heard.first - thought.first)
      }
      await pause(GAP_MS)
    }
  } finally {
    agent.destroy()
  }
  return {
    overhead_p50_ms: percentile(over, 0.5),
    overhead_p95_ms: percentile(over, 0.95),
    first_p50_ms: percentile(first, 0.5),
    first_p95_ms: percentile(first, 0.95),
    faults,
  }
}

function said(agent: Agent, port: number, key: string, what: object): Promise<{ first: number; done: number }> {
  const body = JSON.stringify(what)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(key && { 'x-api-key': key }),
  }
  return new Promise((resolve, reject) => {
    const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/chat/aegen', headers }
    const asked = request(options, (response) => {
      const heard = { first: 0, done: 0 }
      let text = ''
      response.on('data', (data: Buffer) => {
        const now = performance.now()
        text += data.toString()
        if (heard.first === 0 && text.includes('palabra0')) heard.first = now
        if (heard.done === 0 && text.includes('event: done')) heard.done = now
      })
      response.once('end', () => resolve(heard))
    })
    asked.once('error', reject).end(body)
  })
}
