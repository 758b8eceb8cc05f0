import { placed, when } from './when.ts'

/** Nothing is planned for later than this. */
export const FARTHEST_MS = 2 * 366 * 86_400_000

/** ISO with or without an offset; a model that writes "tomorrow at 8" is understood too. */
export function timeOf(said: string, now: number, zone: string): number | undefined {
  const text = said.trim()
  try {
    if (/(?:z|[+-]\d{2}:?\d{2})(?:\[.*\])?$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds
    const wanted = Temporal.PlainDateTime.from(text.replace(' ', 'T'))
    if (/\d[t ]\d/i.test(text)) return placed(wanted.toPlainDate(), wanted.toPlainTime(), zone).at
  } catch {
    // Not a date of a machine; perhaps one of a person.
  }
  const spoken = when(text, { now, zone })
  return spoken.found === 'time' ? spoken.at : undefined
}
