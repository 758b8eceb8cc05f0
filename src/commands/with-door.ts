import { loadConfig, type Config } from '../config.ts'
import { openLog, systemClock, type Log } from '../foundation/index.ts'
import { openHouse, type House } from '../house.ts'
import { openHealth } from '../monitoring/index.ts'
import { logLines, wordsIn } from '../texts/index.ts'
import { openAsk, type Ask } from './ask.ts'
import type { Call } from './command.ts'
import { openDoor } from './door.ts'
import { lockOrNeighbour } from './neighbour.ts'
import type { ExitCode, Terminal } from './outcome.ts'

export type Door = {
  ask: Ask
  config: Config
  /** Of ours, opened for the moment; undefined when a process runs and was asked. */
  house: House | undefined
}
export type How = {
  /** On SQLite, turns are taken and messages leave while the door is open. */
  works?: boolean
  /** Who the bots are matters: Telegram is asked, for a moment. */
  meetsBots?: boolean
}

/**
 * The one way to the data. On SQLite a process that runs is asked, because it alone may touch the file; without one, and on
 * PostgreSQL, this process opens the house and a door on a free local port. No loop runs, unless `works`.
 */
export async function withDoor(
  { terminal, version }: Pick<Call, 'terminal' | 'version'>,
  use: (door: Door) => Promise<ExitCode>,
  how: How = {},
): Promise<ExitCode> {
  const config = loadConfig()
  const found = config.database.engine === 'sqlite' ? await lockOrNeighbour(config.folders.data) : undefined
  const askAt = (url: string) => openAsk({ url, key: config.keys.admin, language: config.log.lang })
  if (found && 'url' in found) return use({ ask: askAt(found.url), config, house: undefined })

  const log = quietLog(config, terminal)
  const closings: (() => unknown)[] = []
  if (found) closings.push(() => found.lock.release())
  try {
    const opened = await openHouse({
      config,
      clock: systemClock,
      log,
      version,
      onFatal: (error) => log.error('database_broken', { error }),
    })
    closings.push(() => opened.close())
    const { house, settled } = waitingFor(opened)
    closings.push(settled)
    if (how.meetsBots) await meetBots(house)
    // On PostgreSQL this process, perhaps without the model's key, would take turns from those that are there for it.
    const works = how.works === true && config.database.engine === 'sqlite'
    if (works)
      for (const work of [house.turns.work(), house.learning.work(), house.delivery.work()]) closings.push(() => work.stop())
    const health = openHealth({
      clock: systemClock,
      parts: [{ name: 'database', essential: true, check: async () => (await house.db.ping(), { state: 'ok' }) }],
    })
    const door = await openDoor(house, health, { host: '127.0.0.1', port: 0 })
    closings.push(() => door.close())
    // A long one may be asked by others meanwhile.
    if (works) found?.lock.announce({ pid: process.pid, url: door.url, since: systemClock.now() })
    return await use({ ask: askAt(door.url), config, house })
  } finally {
    for (const close of closings.toReversed()) await close()
  }
}

/** The door answers before a person who was let in is told; a house for the moment must not close before that. */
function waitingFor(opened: House): { house: House; settled(): Promise<void> } {
  const pending: Promise<void>[] = []
  const welcome: House['welcome'] = (approved) => {
    const told = opened.welcome(approved)
    pending.push(told)
    return told
  }
  return { house: { ...opened, welcome }, settled: async () => void (await Promise.allSettled(pending)) }
}

const BOTS_PATIENCE_MS = 6_000

async function meetBots({ introduceBots, tokens }: House): Promise<void> {
  if (tokens.size > 0) await Promise.race([introduceBots(), systemClock.sleep(BOTS_PATIENCE_MS)])
}

/** Only what needs attention, beside the output and never in it. */
export function quietLog(config: Config, terminal: Terminal): Log {
  return openLog({
    lang: config.log.lang,
    level: 'warn',
    format: 'pretty',
    zone: config.zone,
    secrets: [...config.secrets()],
    lines: logLines(config.log.lang),
    fieldNames: wordsIn(config.log.lang).foundation.say.fields,
    clock: systemClock,
    stream: { write: (line) => terminal.error(line.trimEnd()) },
  })
}
