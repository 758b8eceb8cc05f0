/** One of the company's people, as far as the notices need to know them. Dates are `YYYY-MM-DD`. */
export type Employee = {
  /** The source's own key; tells two people of one name apart. */
  id: string
  name: string
  entry: Day
  leaving: Day
  birth: Day
  area: string | null
  /** A chat that hears of this person besides the general ones. */
  chat: string | null
}

/** `YYYY-MM-DD`; null = there is none; `unreadable` = something stands there that is no date. */
export type Day = string | null

export const isDay = (day: Day): day is string => day !== null && day !== 'unreadable'

const LONGEST_NAME = 120
const LONGEST_AREA = 60

/** One line without control or direction characters, which could dress up a message, a log or a page. */
export function oneLine(value: unknown, longest: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  if (typeof value === 'string' && value.length <= longest && TIDY.test(value)) return value
  const text = String(value)
    .slice(0, longest * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu, (found) =>
      KEPT.test(found) ? found : ' ',
    )
    .replace(/\s+/gu, ' ')
    .trim()
  return text.length <= longest
    ? text
    : `${text
        .slice(0, longest - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`
}

// Nearly every cell: Latin letters with single spaces inside. The long way costs ten times as much.
const TIDY = /^(?:[!-~\u00a1-\u00ac\u00ae-\u024f]+(?: [!-~\u00a1-\u00ac\u00ae-\u024f]+)*)?$/
// Joiners and variation marks belong to the spelling of Persian, Hindi and emoji names.
const KEPT = /^(?:\u200c|\u200d|\ufe0e|\ufe0f)$/

/** The parts of a name that stand from `from` on, joined. */
export function personName(row: readonly unknown[], from = 0): string {
  let name = ''
  for (let n = from; n < row.length; n++) {
    const part = oneLine(row[n], LONGEST_NAME)
    if (part !== '') name = name === '' ? part : `${name} ${part}`
  }
  return name.length <= LONGEST_NAME ? name : oneLine(name, LONGEST_NAME)
}
export const areaName = (value: unknown): string | null => oneLine(value, LONGEST_AREA) || null

/** As Telegram names a chat. What is written otherwise is no chat, whatever it holds. */
export const isChatId = (text: string): boolean => /^(?:-?[1-9]\d{0,19}|@[A-Za-z]\w{3,63})$/.test(text)
