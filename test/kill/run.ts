import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom, type Random } from '../../src/rehearsal/index.ts'
import { check, type Evidence, type Verdict } from './check.ts'
import { readLedger, type Ledger } from './ledger.ts'
import { openOutside, type FakeTelegram, type Struck } from './outside.ts'
import { startCrew, type Crew } from './processes.ts'
import type { Shape } from './shapes.ts'

export type RunOptions = {
  seed: number
  kills: number
  messages: number
  /** How long people write and processes are killed. */
  trafficMs: number
  /** How long what is unclear may take to come to rest. */
  drainMs: number
  chats?: number
  build(folder: string, outside: { telegramUrl: string; modelUrl: string }): Promise<Shape>
  tell?(line: string): void
}

export type RunResult = Verdict & {
  seed: number
  kills: Record<string, number>
  struck: Struck[]
  accidents: readonly string[]
  drainedInMs: number | undefined
  story: string
}

const LIMIT = 2
const FIRST_CHAT = 1001
const PLANS_PER_PERSON = 4
// Accepted so shortly before the kill that its outcome may not have been written yet.
const SETTLING_MS = 3_000
// Between the sender's last write and the moment at which a busy Telegram has read it.
const ON_THE_WIRE_MS = 100
const DATABASE_SHARE = 0.1

/** People write, plans are made, everything goes wrong; then the faults stop, all drains, and the checker judges. */
export async function killRun(options: RunOptions): Promise<RunResult> {
  const { seed, tell = () => {} } = options
  const random = seededRandom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'centralita-kill-'))
  mkdirSync(join(folder, 'home'))
  await using outside = await openOutside(seed)
  const { telegram } = outside
  const shape = await options.build(folder, { telegramUrl: telegram.url, modelUrl: outside.model.url })
  await using crew = startCrew(shape.processes, { folder })
  try {
    await healthy(shape, crew.story)
    const speaking = Array.from({ length: options.chats ?? 30 }, (_, n) => FIRST_CHAT + n)
    // Whoever speaks has plans cancelled; whoever only listens gets them up to the limit.
    const listening = Array.from({ length: 10 }, (_, n) => FIRST_CHAT + speaking.length + n)
    for (const chat of [...speaking, ...listening]) telegram.people.say('/start', chat)

    outside.startFaults()
    const until = performance.now() + options.trafficMs
    let allKilled = false
    const killing = killer(shape, telegram, options, crew).finally(() => (allKilled = true))
    const isOver = () => performance.now() > until && allKilled
    const traffic = people(telegram, random, speaking, options, isOver)
    const plans = planning(shape, random, [...speaking.slice(0, 4), ...listening], options, isOver)
    const [said, planned, killed] = await Promise.all([traffic, plans, killing])
    const struck = outside.stopFaults()
    await telegram.recover()
    tell(`${said.length} said, ${planned.length} planned, ${options.kills} kills; draining`)

    const started = performance.now()
    const drained = await drain(shape, telegram, options.drainMs)
    const drainedInMs = drained ? Math.round(performance.now() - started) : undefined
    await crew.stop()
    const ledger = (await readLedger(shape.store))!
    const evidence = evidenceOf(telegram, ledger, said, planned, killed.underWay)
    const verdict = check(evidence)
    if (ledger.lanesOutOfStep > 0) verdict.findings.push({ what: 'stuck', about: `${ledger.lanesOutOfStep} lanes out of step` })
    return { ...verdict, seed, kills: killed.byName, struck, accidents: crew.accidents, drainedInMs, story: crew.story() }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** Numbered messages, alone or in quick bursts that become one turn. */
async function people(
  telegram: FakeTelegram,
  random: Random,
  chats: number[],
  { messages, trafficMs }: RunOptions,
  isOver: () => boolean,
) {
  const said: { n: number; chat: number }[] = []
  const meanPause = trafficMs / messages
  while (said.length < messages && !isOver()) {
    const chat = chats[random.whole(0, chats.length - 1)]!
    const burst = random.next() < 0.25 ? random.whole(2, 4) : 1
    for (let i = 0; i < burst && said.length < messages; i++) {
      const n = said.length + 1
      telegram.people.say(`Apunta n${n}`, chat)
      said.push({ n, chat })
      await pause(Math.round(random.next() * 2 * meanPause * (burst > 1 ? 0.5 : 1.2)))
    }
  }
  return said
}

/** More than may be sent to a person in a day, through the API, repeated until the app says that it has it. */
async function planning(
  { api, adminKey }: Shape,
  random: Random,
  chats: number[],
  { trafficMs }: RunOptions,
  isOver: () => boolean,
) {
  const planned: { p: number; chat: number }[] = []
  const all = Array.from({ length: PLANS_PER_PERSON }, () => chats).flat()
  const put = async (p: number, chat: number) => {
    const scheduled_for = new Date(Date.now() + random.whole(500, Math.max(2_000, trafficMs / 4))).toISOString()
    const body = {
      assistant: 'eco',
      channel: 'telegram',
      chat_id: String(chat),
      kind: 'proactive',
      text: `Idea p${p}`,
      scheduled_for,
      key: `p${p}`,
    }
    for (;;) {
      const status = await fetch(`${api}/api/v1/outbox`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      }).then(
        async (answer) => (await answer.text(), answer.status),
        () => 0,
      )
      if (status === 200 || status === 201) return void planned.push({ p, chat })
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`the door answered ${status} to a plan`)
      await pause(200)
    }
  }
  for (const [i, chat] of all.entries()) {
    if (isOver()) break
    await put(i + 1, chat)
    await pause(random.whole(0, Math.round(trafficMs / all.length)))
  }
  return planned
}

/** Kills at random moments, from just after a start to well into the work; twice Telegram itself goes away. */
async function killer(
  shape: Shape,
  telegram: FakeTelegram,
  { seed, kills, trafficMs, tell = () => {} }: RunOptions,
  { kill, story }: Pick<Crew, 'kill' | 'story'>,
) {
  const { processes, sends, killDatabase } = shape
  const random = seededRandom(seed + 1)
  const underWay = new Set<number>()
  const byName: Record<string, number> = {}
  const noteUnderWay = (since: number) => {
    for (const one of telegram.journal.sent) if (one.answer === 'open' || one.at >= since) underWay.add(one.n)
  }
  for (let i = 1; i <= kills; i++) {
    const soon = random.next() < 0.2
    const ms = soon ? random.whole(50, 600) : random.whole(600, Math.round((2 * trafficMs) / kills))
    // Well into the work: on a busy machine the start alone may take as long as this.
    if (!soon) await healthy(shape, story)
    await pause(ms)
    if (i === Math.ceil(kills / 3) || i === Math.ceil((2 * kills) / 3)) await telegram.outage(random.whole(300, 1500))
    const since = Date.now() - SETTLING_MS
    const isDatabase = killDatabase !== undefined && random.next() < DATABASE_SHARE
    const name = isDatabase ? 'database' : processes[random.whole(0, processes.length - 1)]!.name
    if (isDatabase) {
      await killDatabase()
      // What was sent while it was away could not be written down.
      noteUnderWay(since)
    } else {
      if (sends(name)) noteUnderWay(since)
      await kill(name)
      // What had left it reaches Telegram after its death.
      await pause(ON_THE_WIRE_MS)
      if (sends(name)) noteUnderWay(since)
    }
    byName[name] = (byName[name] ?? 0) + 1
    tell(`kill ${i}: ${name}`)
  }
  return { underWay, byName }
}

async function drain({ store }: Shape, telegram: FakeTelegram, drainMs: number): Promise<boolean> {
  const deadline = performance.now() + drainMs
  for (;;) {
    await pause(500)
    const ledger = await readLedger(store).catch(() => undefined)
    const rests = ledger && ledger.lanesWaiting === 0 && ledger.rows.every((row) => !row.isOpen)
    if (rests && telegram.waitingUpdates().length === 0) return true
    if (performance.now() > deadline) return false
  }
}

export async function healthy({ api }: Pick<Shape, 'api'>, story: () => string): Promise<void> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const ok = await fetch(`${api}/health`, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    if (performance.now() > deadline) throw new Error(`the house did not come up:\n${story()}`)
    await pause(100)
  }
}

function evidenceOf(
  telegram: FakeTelegram,
  { rows, ended }: Ledger,
  said: Evidence['said'],
  planned: Evidence['planned'],
  underWay: ReadonlySet<number>,
): Evidence {
  return {
    said,
    planned,
    accepted: telegram.journal.sent.map(({ n, at, chat, text, answer }) => ({
      n,
      at,
      chat,
      text,
      isLost: answer !== 'delivered',
    })),
    underWay,
    rows,
    ended,
    limit: LIMIT,
    // It is noon when the run begins.
    dayOf: () => 'the day of the run',
  }
}
