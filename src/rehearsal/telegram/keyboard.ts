import type { InlineKeyboardMarkup } from '@grammyjs/types'
import { listOr, objectOr, type Args } from './args.ts'
import { badRequest } from './refusal.ts'

// Bytes of UTF-8, as the API measures them.
const CALLBACK_DATA_BYTES = 64
const MOST_BUTTONS = 100

/** The inline keyboard of a call, checked. Other kinds of markup are taken and shown to nobody. */
export function readKeyboard(args: Args): InlineKeyboardMarkup | undefined {
  if (!args.has('reply_markup') || args.text('reply_markup') === '') return undefined
  const markup = objectOr(args.json('reply_markup'))
  if (!markup) throw badRequest('object expected as reply markup')
  if (!Object.hasOwn(markup, 'inline_keyboard')) return undefined
  const rows = listOr(markup['inline_keyboard'])
  if (!rows) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
  const checked = rows.map((row) => {
    const buttons = listOr(row)
    if (!buttons) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    return buttons.map(checkButton)
  })
  if (checked.flat().length > MOST_BUTTONS) throw badRequest('reply markup is too long')
  const filled = checked.filter((row) => row.length > 0)
  return filled.length > 0 ? ({ inline_keyboard: filled } as unknown as InlineKeyboardMarkup) : undefined
}

function checkButton(value: unknown) {
  const button = objectOr(value)
  if (!button || typeof button['text'] !== 'string') {
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be of type String')
  }
  if (button['text'].trim() === '') throw badRequest('inline keyboard button text must be non-empty')
  const { callback_data: data, url } = button
  if (data !== undefined) {
    const size = typeof data === 'string' ? Buffer.byteLength(data) : 0
    if (size < 1 || size > CALLBACK_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID')
  } else if (url !== undefined) {
    if (typeof url !== 'string' || !URL.canParse(url)) throw badRequest('inline keyboard button URL is invalid: Wrong HTTP URL')
  } else if (Object.keys(button).length === 1) {
    throw badRequest('inline keyboard button type is unspecified: text buttons are unallowed in the inline keyboard')
  }
  return button
}
