import { CouldNotAsk, Refused, type Log } from '../../foundation/index.ts'
import { wordsIn } from '../../texts/index.ts'
import type { BotApi } from './bot-api.ts'
import { cappedName, recordIn, textIn } from '../hostile.ts'
import { isTokenRefused } from './receipt.ts'
import { WANTED_UPDATES } from './understand.ts'

export type CommandWords = { command: string; description: string }
export type Introduction =
  | { assistant: string; ok: true; id: string; username: string; name: string; link: string; readsWholeGroups: boolean }
  | { assistant: string; ok: false; reason: 'token_refused' | 'unreachable' | 'not_a_bot'; said: string }

const CONNECTIONS = 40

/** getMe: is the token good, and who is the bot. */
export async function introduce(api: BotApi, assistant: string): Promise<Introduction> {
  try {
    const me = recordIn((await api.ask('getMe')).result)
    const username = cappedName(me?.['username'], 64)
    if (String(me?.['id']) !== api.botId || !/^\w+$/.test(username))
      return { assistant, ok: false, reason: 'not_a_bot', said: '' }
    return {
      assistant,
      ok: true,
      id: api.botId,
      username,
      name: cappedName(me?.['first_name'], 128),
      link: `https://t.me/${username}`,
      readsWholeGroups: me?.['can_read_all_group_messages'] === true,
    }
  } catch (error) {
    if (error instanceof Refused)
      return { assistant, ok: false, reason: isTokenRefused(error) ? 'token_refused' : 'not_a_bot', said: error.message }
    if (error instanceof CouldNotAsk) return { assistant, ok: false, reason: 'unreachable', said: error.message }
    throw error
  }
}

/** The menu of commands, Spanish for all and English for those whose Telegram is English. A menu is no reason not to start. */
export async function publishCommands(
  api: BotApi,
  log: Log,
  commands?: { es: CommandWords[]; en: CommandWords[] },
): Promise<void> {
  for (const language of ['es', 'en'] as const) {
    const list = commands?.[language] ?? [{ command: 'start', description: wordsIn(language).telegram.say.startCommand }]
    try {
      await api.ask('setMyCommands', { commands: list, ...(language === 'en' && { language_code: 'en' }) })
    } catch (error) {
      if (!(error instanceof Refused || error instanceof CouldNotAsk)) throw error
      log.warn('telegram_commands_not_set', { bot: api.botId, language, error })
    }
  }
}

export async function setWebhook(api: BotApi, url: string, secret: string): Promise<void> {
  await api.ask('setWebhook', { url, secret_token: secret, allowed_updates: WANTED_UPDATES, max_connections: CONNECTIONS })
}

/**
 * Polling and a webhook exclude each other. Who starts a poller has chosen polling, and a webhook left from an earlier
 * life would leave it deaf for good, so it is taken away, said aloud, and never with `drop_pending_updates`: what waits
 * for it comes to us. Only its host is shown: some systems put secrets into the rest. One set *later* is somebody else's
 * decision: it is reported (409) and left alone.
 */
export async function makeRoomForPolling(api: BotApi, log: Log, signal: AbortSignal): Promise<void> {
  const info = recordIn((await api.ask('getWebhookInfo', {}, { signal })).result)
  const url = textIn(info?.['url'])
  if (!url) return
  log.warn('telegram_webhook_removed', { bot: api.botId, host: hostOf(url), pending: info?.['pending_update_count'] })
  await api.ask('deleteWebhook', { drop_pending_updates: false }, { signal })
}

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '?')
