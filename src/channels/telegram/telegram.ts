import { CouldNotAsk, Misconfigured, Refused, type Clock, type Log } from '../../foundation/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import type { Channel, Receipt } from '../index.ts'
import { splitText } from '../split.ts'
import { openBotApi, type BotApi } from './bot-api.ts'
import { diagnose, type Finding } from './diagnose.ts'
import { openDrafts } from './draft.ts'
import { openFile, type TelegramFile } from './files.ts'
import { sendMessage } from './send.ts'
import { introduce, publishCommands, setWebhook, type CommandWords, type Introduction } from './start-up.ts'
import { openTyping } from './typing.ts'
import { understand } from './understand.ts'

export type TelegramOptions = {
  clock: Clock
  log: Log
  apiRoot: string
  /** One token per assistant. */
  bots: { assistant: string; token: string; commands?: { es: CommandWords[]; en: CommandWords[] } }[]
  /** Of the sentence that ends a text cut off. */
  language?: Language
  /** The operator should hear of it; may come often, tell once. */
  onTrouble?: (what: 'token_refused' | 'no_token', about: { assistant: string; said?: string }) => void
}

export type Telegram = Channel & {
  botId(assistant: string): string | undefined
  /** getMe for each token, and the menu of commands. May be called again until Telegram answers. */
  introduce(): Promise<Introduction[]>
  /** Webhook mode: where each assistant's updates shall go. Throws Refused or CouldNotAsk. */
  useWebhooks(addressOf: (assistant: string) => string, secret: string): Promise<void>
  /** `probe`: look for a second poller; only where no poller of our own runs. */
  diagnose(how: { mode: 'polling' | 'webhook'; probe: boolean; signal?: AbortSignal }): Promise<Finding[]>
  openFile(assistant: string, fileId: string, options?: { maxBytes?: number; signal?: AbortSignal }): Promise<TelegramFile>
}

// After parsing, in UTF-16 units.
const TEXT_MAX = 4096
// Beyond ten messages nobody reads on; it also bounds what one answer may take of the chat's budget.
const PARTS_MAX = 10
const NO_TOKEN_MS = 60_000

export function openTelegram({ clock, log, apiRoot, bots, language = 'es', onTrouble = () => {} }: TelegramOptions): Telegram {
  const twice = bots.find(
    (bot, i) => bots.findIndex((other) => other.token === bot.token || other.assistant === bot.assistant) !== i,
  )
  if (twice) throw new Misconfigured([wordsIn(language).telegram.say.sharedToken(twice.assistant)])
  const apis = new Map(bots.map(({ assistant, token }) => [assistant, openBotApi({ clock, apiRoot, token, language })]))
  const names = new Map<string, string>()
  const typing = openTyping(clock)
  const draft = openDrafts(clock)
  const apiOf = (assistant: string): BotApi => {
    const api = apis.get(assistant)
    if (!api) throw new Refused('no_token', `no Telegram token for ${assistant}`)
    return api
  }

  return {
    name: 'telegram',
    canReplyTo: true,
    botId: (assistant) => apis.get(assistant)?.botId,
    understand: (raw, assistant) => understand(raw, { id: apis.get(assistant)?.botId ?? '', username: names.get(assistant) }),
    split: (text, format) =>
      splitText(text, format, { limit: TEXT_MAX, maxParts: PARTS_MAX, cutHere: wordsIn(language).telegram.say.cutHere }),
    async send(message, signal): Promise<Receipt> {
      const api = apis.get(message.assistant)
      if (!api) {
        onTrouble('no_token', { assistant: message.assistant })
        return { sent: false, retry: true, reason: 'no_token', afterMs: NO_TOKEN_MS }
      }
      const receipt = await sendMessage(api, log, message, signal)
      if (!receipt.sent && receipt.reason === 'token_refused') {
        log.error('telegram_token_refused', { correlation: message.correlation, assistant: message.assistant, bot: api.botId })
        onTrouble('token_refused', { assistant: message.assistant })
      }
      return receipt
    },
    working(assistant, chatId, thread) {
      const api = apis.get(assistant)
      return api ? typing(api, chatId, thread) : () => {}
    },
    async showDraft({ assistant, ...shown }, signal) {
      const api = apis.get(assistant)
      return api ? draft(api, shown, signal) : 'never'
    },
    async acknowledgePress(assistant, pressId, text) {
      try {
        await apiOf(assistant).ask('answerCallbackQuery', {
          callback_query_id: pressId,
          ...(text && { text: text.slice(0, 200) }),
        })
      } catch (error) {
        if (!(error instanceof Refused || error instanceof CouldNotAsk)) throw error
        log.debug('telegram_press_not_acknowledged', { assistant, error })
      }
    },
    introduce: () =>
      Promise.all(
        bots.map(async ({ assistant, commands }) => {
          const api = apiOf(assistant)
          const introduction = await introduce(api, assistant)
          if (!introduction.ok) {
            log.error(`telegram_${introduction.reason}`, { assistant, bot: api.botId, said: introduction.said })
            if (introduction.reason === 'token_refused') onTrouble('token_refused', { assistant, said: introduction.said })
            return introduction
          }
          names.set(assistant, introduction.username)
          log.info('telegram_introduced', { assistant, bot: api.botId, username: introduction.username, link: introduction.link })
          await publishCommands(api, log, commands)
          return introduction
        }),
      ),
    async useWebhooks(addressOf, secret) {
      for (const { assistant } of bots) {
        await setWebhook(apiOf(assistant), addressOf(assistant), secret)
        log.info('telegram_webhook_set', { assistant, bot: apiOf(assistant).botId })
      }
    },
    diagnose: async (how) =>
      (await Promise.all(bots.map(({ assistant }) => diagnose(apiOf(assistant), assistant, { clock, ...how })))).flat(),
    openFile: (assistant, fileId, { maxBytes, signal } = {}) => openFile(apiOf(assistant), fileId, maxBytes, signal),
  }
}
