import { loadConfig, type Config } from '../config.ts'
import { messageOf, openLog, systemClock, type FolderLock, type Log, type Work } from '../foundation/index.ts'
import type { Company } from '../directory/index.ts'
import { openHouse, type House } from '../house.ts'
import { loopPart, openHealth, openOperator, openUpkeep, type Part, type PartReport } from '../monitoring/index.ts'
import { needsDatabase, partsOf, type RoleName } from '../roles.ts'
import { logLines, wordsIn } from '../texts/index.ts'
import { openDoor } from './door.ts'
import { openHealthPort } from './health-port.ts'
import { lockOrNeighbour } from './neighbour.ts'
import type { ExitCode, Terminal } from './outcome.ts'
import { pollingPart, startPolling } from './polling.ts'

type Closing = () => unknown

/** Runs these roles (all when none is named) until a signal ends the process. */
export async function start(roles: readonly RoleName[], terminal: Terminal, version: string): Promise<ExitCode> {
  const config = loadConfig({ roles, keepKeys: true, terminal: terminal.isTTY })
  const log = openLog({
    ...config.log,
    zone: config.zone,
    secrets: [...config.secrets()],
    lines: logLines(config.log.lang),
    fieldNames: wordsIn(config.log.lang).foundation.say.fields,
    name: roles.join('-') || 'centralita',
    beside: true,
    clock: systemClock,
  })
  for (const warning of config.warnings) log.warn('config_warning', { warning })
  const closings: Closing[] = [() => log.close()]
  let ended: Promise<ExitCode> | undefined
  const end = (code: ExitCode): Promise<ExitCode> => {
    ended ??= (async () => {
      for (const close of closings.toReversed()) await Promise.resolve(close()).catch(() => {})
      return code
    })()
    return ended
  }
  const stopped = untilSignal(log)
  try {
    if (needsDatabase(roles)) await runHouse(config, roles, { log, closings, terminal, version })
    else await runPollingAlone(config, { log, closings })
  } catch (error) {
    await end(1)
    throw error
  }
  log.info('ready', { roles: roles.join(' ') || 'app polling assistant outbox' })
  await stopped
  return end(0)
}

type Run = { log: Log; closings: Closing[]; terminal: Terminal; version: string }

async function runHouse(config: Config, roles: readonly RoleName[], { log, closings, terminal, version }: Run): Promise<void> {
  const say = wordsIn(config.log.lang).cli.say
  const parts = partsOf(roles)
  const lock = config.database.engine === 'sqlite' ? await lockOrSay(config, say.folderTaken) : undefined
  if (lock) closings.push(() => lock.release())

  const house = await openHouse({ config, clock: systemClock, log, version, onFatal: (error) => dieOf(error, log) })
  closings.push(() => house.close())
  const { clock, telegram } = house
  const watched: Part[] = [
    { name: 'database', essential: true, check: async () => (await house.db.ping(), { state: 'ok' }) },
    { name: 'cache', essential: false, check: () => cachePart(house) },
  ]
  const run = (work: Work) => {
    closings.push(() => work.stop())
    watched.push(loopPart(work.name, work.beat, clock))
  }

  if (parts.has('upkeep')) {
    const { adopt, clockWentBack } = house.outbox
    run(
      openUpkeep({
        clock,
        log,
        operator: house.operator,
        zone: config.zone,
        dataDir: config.database.engine === 'sqlite' ? config.folders.data : undefined,
        forget: house.forget,
        adopt: async (since) => {
          await house.tidy()
          return adopt(since)
        },
        clockWentBack: async (step) => {
          await house.conversations.clockWentBack()
          await clockWentBack(step)
        },
      }),
    )
  }
  for (const [name, company] of house.companies) {
    if (parts.has('upkeep')) run(company.notices())
    watched.push({ name: `hr ${name}`, essential: false, check: () => companyPart(company) })
  }
  if (parts.has('delivery')) run(house.delivery.work())
  if (parts.has('turns')) {
    run(house.turns.work())
    run(house.learning.work())
  }

  const health = openHealth({ clock, parts: watched })
  let comeIn: string | undefined
  const polls = parts.has('polling') && config.telegram.mode === 'polling' && house.tokens.size > 0
  if (parts.has('door')) {
    const door = await openDoor(house, health, config.http)
    closings.push(() => door.close())
    lock?.announce({ pid: process.pid, url: door.url, since: clock.now() })
    // What a container writes is kept by its engine: no live link goes there.
    comeIn = config.image ? say.askForLink : say.comeIn(await door.entryLink())
  } else {
    const server = await openHealthPort(health, { host: config.http.host, port: config.http.healthPort })
    closings.push(() => server.close())
  }
  if (house.tokens.size > 0) void introduce(house, terminal)
  if (parts.has('door') && config.telegram.mode === 'webhook' && house.tokens.size > 0) void webhooks(house)
  if (polls) {
    const poller = startPolling({ config, clock, log }, house.tokens, house.operator.tell)
    watched.push(pollingPart(poller))
    closings.push(() => poller.stop())
  }
  if (comeIn) terminal.out(comeIn)

  async function webhooks({ tokens, mainOnTelegram }: House) {
    const base = `${config.http.publicUrl}/api/v1/webhooks/telegram`
    await telegram
      .useWebhooks((assistant) => (assistant === mainOnTelegram ? base : `${base}/${assistant}`), config.telegram.webhookSecret!)
      .catch((error: unknown) => log.error('telegram_webhook_not_set', { bots: tokens.size, error }))
  }
}

// A bot that Telegram does not answer for yet is asked again.
const AGAIN_MS = 30_000

async function introduce({ introduceBots, clock, log }: House, terminal: Terminal): Promise<void> {
  for (;;) {
    const met = await introduceBots()
    for (const one of met) if (one.ok) terminal.out(one.link)
    if (met.every((one) => one.ok || one.reason !== 'unreachable')) return
    log.warn('telegram_asked_again', { seconds: AGAIN_MS / 1000 })
    await clock.sleep(AGAIN_MS)
  }
}

async function runPollingAlone(config: Config, { log, closings }: Pick<Run, 'log' | 'closings'>): Promise<void> {
  const clock = systemClock
  // It has no store: what the operator must hear of goes to the log and to OPERATOR_WEBHOOK.
  const operator = openOperator({ clock, log, language: config.log.lang, webhook: config.operator.webhook })
  const poller = startPolling({ config, clock, log }, config.telegram.tokens, operator.tell)
  closings.push(() => poller.stop())
  const health = openHealth({ clock, parts: [pollingPart(poller)] })
  const server = await openHealthPort(health, { host: config.http.host, port: config.http.healthPort })
  closings.push(() => server.close())
}

/** A command that holds the folder for a moment is waited for; another house is not. */
async function lockOrSay(config: Config, say: (folder: string, url: string | undefined) => string): Promise<FolderLock> {
  const found = await lockOrNeighbour(config.folders.data)
  if ('url' in found) throw new AlreadyRunning(say(config.folders.data, found.url))
  return found.lock
}

export class AlreadyRunning extends Error {}

function cachePart({ cache }: House) {
  const state = cache.state()
  return state === 'down'
    ? { state: 'degraded' as const, redis: 'down' }
    : { state: 'ok' as const, kind: state === 'ok' ? 'redis' : 'memory' }
}

/** An installation that names no source has no part that could be away. */
async function companyPart(company: Company): Promise<PartReport> {
  const report = await company.health()
  return report.why === 'unset' ? { state: 'ok', source: 'none' } : report
}

/** The disk failed under the database: what was acknowledged is there after a restart, what is open comes back by its lease. */
function dieOf(error: Error, log: Log): void {
  log.error('database_broken', { error: messageOf(error) })
  setTimeout(() => process.exit(1), 100)
}

// A second signal ends at once what the first one lets end.
function untilSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        log.info('stopping', { signal })
        resolve()
        setTimeout(() => process.exit(1), 9_500).unref()
      })
    }
  })
}
