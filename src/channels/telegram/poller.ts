import type { Clock, Log, Work } from '../../foundation/index.ts'
import type { Language } from '../../texts/index.ts'
import { openBotApi } from './bot-api.ts'
import { openCourier, type Forward } from './courier.ts'
import { pollOneBot } from './poll-one-bot.ts'

/** What an operator should hear of. May come often; tell it once per cause and hour. */
export type PollerNotice =
  | { what: 'app_silent'; assistant: string; hours: number; held: number }
  | { what: 'update_stubbed'; assistant: string; correlation: string; status: number }
  | { what: 'update_given_up'; assistant: string; correlation: string; hash: string }
  | { what: 'conflict'; assistant: string; which: Conflict }
  | { what: 'token_refused'; assistant: string }

/** Somebody else polls, a webhook is set, or one was being set while we waited. */
export type Conflict = 'other_poller' | 'webhook_set' | 'webhook_being_set'

export type BotState = {
  assistant: string
  bot: string
  state: 'starting' | 'polling' | 'app_away' | 'unreachable' | 'conflict' | 'token_refused' | 'refused'
  conflict?: Conflict
  /** Updates taken from Telegram that the app has not stored yet. */
  held: number
  lastDoneMsAgo: number
}

export type PollerOptions = {
  clock: Clock
  log: Log
  apiRoot: string
  bots: { assistant: string; token: string }[]
  /** Gives the app's HTTP status; throws CouldNotAsk when there was none. Without HTTP: 200 once it is stored. */
  forward: Forward
  notify?: (notice: PollerNotice) => void
  /** After so long without the app the operator hears of it, once each. */
  silenceMs?: readonly number[]
  language?: Language
  random?: () => number
}

export type Poller = {
  works: Work[]
  /** False when a loop has completed neither a poll nor a try to forward for 90 s. */
  healthy(): boolean
  states(): BotState[]
  stop(): Promise<void>
}

const HOUR_MS = 3_600_000
const UNHEALTHY_AFTER_MS = 90_000

/** One loop for each token; nothing is kept but in memory, so a restart begins with whatever Telegram still holds. */
export function openPoller(options: PollerOptions): Poller {
  const { clock, log, apiRoot, bots, forward, notify = () => {}, silenceMs = [HOUR_MS, 12 * HOUR_MS], language } = options
  if (bots.length === 0) log.warn('poller_without_token')
  const lines = bots.map(({ assistant, token }) => {
    const api = openBotApi({ clock, apiRoot, token, language })
    const ours = log.with({ assistant, bot: api.botId })
    const courier = openCourier({
      clock,
      log: ours,
      assistant,
      botId: api.botId,
      forward,
      notify,
      silenceMs,
      random: options.random,
    })
    return { assistant, ...pollOneBot({ clock, log: ours, api, assistant, courier, notify, random: options.random }) }
  })
  return {
    works: lines.map(({ work }) => work),
    healthy: () => lines.every(({ state }) => state().lastDoneMsAgo <= UNHEALTHY_AFTER_MS),
    states: () => lines.map(({ state }) => state()),
    async stop() {
      await Promise.all(lines.map(({ work }) => work.stop()))
    },
  }
}
