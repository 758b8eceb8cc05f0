import { wordsIn, type Language } from '../texts/index.ts'
import { WrongUse } from './command.ts'

/** A time as the API takes it. Without a zone it is the operator's, and that has to be told. */
export type Moment = { text: string; zoneTaken: boolean }

export function momentIn(text: string, zone: string, language: Language): Moment {
  const typed = text.trim().replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T')
  if (isZoned(typed)) return { text: typed, zoneTaken: false }
  try {
    // A day alone would be midnight, which nobody means.
    if (!/T\d/.test(typed)) throw new RangeError('no hour')
    const zoned = Temporal.PlainDateTime.from(typed).toZonedDateTime(zone)
    return { text: zoned.toString({ timeZoneName: 'never', smallestUnit: 'second' }), zoneTaken: true }
  } catch {
    throw new WrongUse(wordsIn(language).cli.say.wrong.time(text))
  }
}

function isZoned(text: string): boolean {
  try {
    if (text.includes('[')) Temporal.ZonedDateTime.from(text)
    else Temporal.Instant.from(text)
    return true
  } catch {
    return false
  }
}
