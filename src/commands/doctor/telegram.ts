import { openTelegram, type Finding as BotFinding } from '../../channels/index.ts'
import type { Config } from '../../config.ts'
import { silentLog, systemClock } from '../../foundation/index.ts'
import type { Words } from '../../texts/index.ts'
import { bad, fair, good, within, type Finding, type Say } from './finding.ts'

type BotSay = Words['telegram']['say']['finding']
export type Bots = {
  findings: Finding[]
  /** By how much this machine's clock is ahead of Telegram's; undefined when nobody answered. */
  aheadMs: number | undefined
}

const PATIENCE_MS = 45_000

export async function botFindings(
  config: Config,
  tokens: ReadonlyMap<string, string>,
  { probe, polls }: { probe: boolean; polls: boolean },
  { say, botSay }: { say: Say; botSay: BotSay },
): Promise<Bots> {
  if (tokens.size === 0) return { findings: [good('telegram', say.doctor.telegramNone)], aheadMs: undefined }
  const { apiRoot, mode } = config.telegram
  const bots = [...tokens].map(([assistant, token]) => ({ assistant, token }))
  const telegram = openTelegram({ clock: systemClock, log: silentLog, apiRoot, language: config.log.lang, bots })
  const stop = new AbortController()
  const asked = telegram.diagnose({ mode, probe: probe && !polls, signal: stop.signal })
  const found = await within<BotFinding[] | undefined>(PATIENCE_MS, asked, undefined)
  stop.abort()
  const nameOf = (assistant: string) => telegram.botId(assistant) ?? ''
  if (!found)
    return {
      findings: bots.map(({ assistant }) =>
        bad('telegram', say.doctor.finding(botSay.unreachable(nameOf(assistant), 'timeout'))),
      ),
      aheadMs: undefined,
    }
  const reached = bots.filter(({ assistant }) => !found.some((one) => one.assistant === assistant && isSilent(one)))
  const clock = found.find((one) => one.found === 'wrong_clock')
  return {
    findings: [
      ...reached.map(({ assistant }) => good('telegram', say.doctor.telegramGood(assistant, nameOf(assistant)))),
      ...found.flatMap((one) => told(one, { mode, polls, say, botSay })),
      ...(polls && mode === 'polling' ? [good('telegram', say.doctor.telegramNotProbed)] : []),
    ],
    aheadMs: reached.length === 0 ? undefined : clock?.found === 'wrong_clock' ? clock.aheadMs : 0,
  }
}

const isSilent = ({ found }: BotFinding) => found === 'token_refused' || found === 'unreachable'

function told(
  one: BotFinding,
  { mode, polls, say, botSay }: { mode: string; polls: boolean; say: Say; botSay: BotSay },
): Finding[] {
  const line = (sentence: string, more?: string) => say.doctor.finding(more ? `${sentence}. ${more}` : sentence)
  const about = 'telegram'
  switch (one.found) {
    case 'token_refused':
      return [bad(about, line(botSay.token_refused(one.bot)))]
    case 'unreachable':
      return [bad(about, line(botSay.unreachable(one.bot, one.said)))]
    case 'second_poller':
      return [bad(about, line(botSay.second_poller(one.bot)))]
    case 'probe_unclear':
      return [fair(about, line(botSay.probe_unclear(one.bot)))]
    case 'webhook_left_set':
      return [fair(about, line(botSay.webhook_left_set(one.bot, one.host), say.doctor.webhookTakenAway))]
    case 'webhook_missing':
      return [fair(about, line(botSay.webhook_missing(one.bot), say.doctor.webhookSetAtStart))]
    case 'webhook_error':
      return [fair(about, line(botSay.webhook_error(one.bot, one.said)))]
    case 'pending':
      // Waiting is what messages do while nobody reads; only where somebody should be reading is it worth a look.
      return [(polls || mode === 'webhook' ? fair : good)(about, line(botSay.pending(one.bot, one.count)))]
    case 'wrong_clock':
      return []
  }
}
