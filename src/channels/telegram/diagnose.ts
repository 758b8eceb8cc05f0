import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import type { BotApi } from './bot-api.ts'
import { numberIn, recordIn, textIn } from '../hostile.ts'
import { isTokenRefused } from './receipt.ts'
import { hostOf } from './start-up.ts'

/** What a doctor finds; the words are in `texts`, `telegram.say.finding`. */
export type Finding = { assistant: string; bot: string } & (
  | { found: 'token_refused' | 'second_poller' | 'probe_unclear' }
  | { found: 'unreachable'; said: string }
  | { found: 'webhook_left_set'; host: string }
  | { found: 'webhook_missing' }
  | { found: 'webhook_error'; said: string; at: number | null }
  | { found: 'wrong_clock'; aheadMs: number }
  | { found: 'pending'; count: number }
)

// The Date header has whole seconds and the way takes its time.
const CLOCK_TOLERANCE_MS = 30_000
// Another poller that we throw out comes back within this: the slowest wait in the libraries known is 5 s.
const PROBE_S = 8

/**
 * Only looks; confirms no update. Whether somebody else polls cannot be seen without waiting in line: a request that does
 * not wait is never thrown out. So the probe waits some seconds, without an offset and for one update at most, and is thrown
 * out (409) when another poller comes back. It disturbs that other one once. Where our own poller runs, it must not be
 * asked for (`probe: false`): the poller itself sees each conflict.
 */
export async function diagnose(
  api: BotApi,
  assistant: string,
  { clock, mode, probe, signal }: { clock: Clock; mode: 'polling' | 'webhook'; probe: boolean; signal?: AbortSignal },
): Promise<Finding[]> {
  const about = { assistant, bot: api.botId }
  const findings: Finding[] = []
  const options = signal ? { signal } : {}
  try {
    const asked = clock.now()
    const { date } = await api.ask('getMe', {}, options)
    const aheadMs = date === null ? 0 : Math.round((asked + clock.now()) / 2 - date)
    if (Math.abs(aheadMs) > CLOCK_TOLERANCE_MS) findings.push({ ...about, found: 'wrong_clock', aheadMs })

    const info = recordIn((await api.ask('getWebhookInfo', {}, options)).result)
    const url = textIn(info?.['url']) ?? ''
    const pending = numberIn(info?.['pending_update_count']) ?? 0
    if (url !== '' && mode === 'polling') findings.push({ ...about, found: 'webhook_left_set', host: hostOf(url) })
    if (url === '' && mode === 'webhook') findings.push({ ...about, found: 'webhook_missing' })
    const said = api.scrub(textIn(info?.['last_error_message']) ?? '').slice(0, 200)
    const at = numberIn(info?.['last_error_date'])
    if (said !== '') findings.push({ ...about, found: 'webhook_error', said, at: at === undefined ? null : at * 1000 })
    if (pending > 0) findings.push({ ...about, found: 'pending', count: pending })

    if (probe && mode === 'polling' && url === '') {
      const found = await secondPoller(api, options)
      if (found) findings.push({ ...about, found })
    }
  } catch (error) {
    if (error instanceof Refused && isTokenRefused(error)) findings.push({ ...about, found: 'token_refused' })
    else if (error instanceof Refused || error instanceof CouldNotAsk)
      findings.push({ ...about, found: 'unreachable', said: error.message })
    else throw error
  }
  return findings
}

async function secondPoller(
  api: BotApi,
  options: { signal?: AbortSignal },
): Promise<'second_poller' | 'probe_unclear' | undefined> {
  try {
    const { result } = await api.ask(
      'getUpdates',
      { limit: 1, timeout: PROBE_S },
      { ...options, timeoutMs: (PROBE_S + 10) * 1000 },
    )
    // Something waits, so the server answered at once and nobody had the time to come back.
    return Array.isArray(result) && result.length > 0 ? 'probe_unclear' : undefined
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return 'second_poller'
    throw error
  }
}
