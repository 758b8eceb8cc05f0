import { CouldNotAsk, Refused, type Log } from '../../foundation/index.ts'
import type { Outgoing, Receipt } from '../index.ts'
import type { BotApi } from './bot-api.ts'
import { cappedText, numberIn, recordIn } from '../hostile.ts'
import { telegramMarkup } from './markup.ts'
import { isMarkupRefused, isUnchangeable, isUnchanged, receiptOf } from './receipt.ts'

const LABEL_MAX = 64
// Telegram's own limit, in bytes.
const PRESS_DATA_MAX_BYTES = 64
const ROWS_MAX = 20
const SOURCE_MAX = 40_000

/** One message out. Markup that Telegram does not take is sent once more as plain text, within the same send. */
export async function sendMessage(api: BotApi, log: Log, message: Outgoing, signal: AbortSignal): Promise<Receipt> {
  const source = cappedText(message.text, SOURCE_MAX)
  const { html, plain } = message.format === 'markdown' ? telegramMarkup(source) : { html: undefined, plain: source }
  if (plain.trim() === '') return { sent: false, retry: false, reason: 'empty' }
  const envelope = envelopeOf(message)
  if (typeof envelope === 'string') return { sent: false, retry: false, reason: envelope }
  const ask = async (text: string, markup: boolean): Promise<Receipt> => {
    const said = { ...envelope, text, ...(markup && { parse_mode: 'HTML' }) }
    const edits = whole(message.edits)
    if (edits !== undefined) {
      const became = await editMessage(api, edits, said, signal)
      if (became) return became
    }
    const { result } = await api.ask('sendMessage', said, { signal })
    const id = numberIn(recordIn(result)?.['message_id'])
    return { sent: true, messageId: id === undefined ? null : String(id) }
  }
  try {
    if (html === undefined) return await ask(plain, false)
    try {
      return await ask(html, true)
    } catch (error) {
      if (!isMarkupRefused(error)) throw error
      log.warn('telegram_markup_refused', { correlation: message.correlation, outgoing: message.id })
      return await ask(plain, false)
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof CouldNotAsk) return receiptOf(error)
    throw error
  }
}

/** An edit says the same however often it is made. Undefined: that message cannot be changed any more, and surely was not. */
async function editMessage(
  api: BotApi,
  id: number,
  { message_thread_id: _thread, reply_parameters: _reply, ...said }: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Receipt | undefined> {
  try {
    await api.ask('editMessageText', { ...said, message_id: id }, { signal })
  } catch (error) {
    if (isUnchangeable(error)) return undefined
    if (!isUnchanged(error)) throw error
  }
  return { sent: true, messageId: String(id) }
}

function envelopeOf({ chatId, thread, replyTo, buttons }: Outgoing): Record<string, unknown> | string {
  const rows = buttons?.slice(0, ROWS_MAX) ?? []
  if (rows.flat().some(({ data }) => Buffer.byteLength(data) > PRESS_DATA_MAX_BYTES || data === '')) return 'button_data_too_long'
  const replyToId = whole(replyTo)
  return {
    chat_id: /^-?\d{1,16}$/.test(chatId) ? Number(chatId) : chatId,
    link_preview_options: { is_disabled: true },
    ...(whole(thread) !== undefined && { message_thread_id: whole(thread) }),
    // The message answered may be gone by now; the answer goes out all the same.
    ...(replyToId !== undefined && { reply_parameters: { message_id: replyToId, allow_sending_without_reply: true } }),
    ...(rows.length > 0 && {
      reply_markup: {
        inline_keyboard: rows.map((row) =>
          row.map(({ label, data }) => ({ text: cappedText(label, LABEL_MAX), callback_data: data })),
        ),
      },
    }),
  }
}

function whole(id: string | undefined): number | undefined {
  const number = id !== undefined && /^\d{1,16}$/.test(id) ? Number(id) : undefined
  return Number.isSafeInteger(number) ? number : undefined
}
