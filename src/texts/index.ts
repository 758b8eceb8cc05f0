/**
 * Every word a person reads, in Spanish first and English beside it; one file per room and language, with two parts:
 * `log` (event name to a line with {field} places) and `say` (phrases, functions where there is a value or a plural).
 * An English file satisfies the Spanish one's type, so a missing phrase does not compile.
 */
import { spanish } from './es/index.ts'
import { english } from './en/index.ts'

export type Language = 'es' | 'en'
export type Words = typeof spanish

export const wordsIn = (language: Language): Words => (language === 'en' ? english : spanish)

/** Spanish unless the person's language clearly is English. */
export const languageOf = (code: string | null | undefined): Language => (code?.toLowerCase().startsWith('en') ? 'en' : 'es')

/** The line of each log event, by its name. */
export function logLines(language: Language): ReadonlyMap<string, string> {
  const rooms = Object.values(wordsIn(language)) as { log: Record<string, string> }[]
  return new Map(rooms.flatMap((room) => Object.entries(room.log)))
}
