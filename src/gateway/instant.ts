const YEARS_MS = 366 * 86_400_000
/** Nobody plans further; a slip of a digit does. */
export const FURTHEST_MS = 5 * YEARS_MS

/** `2026-11-21T10:00:00+01:00`, `…Z`, or with the name of a zone in brackets. Undefined when it does not say where. */
export function instantIn(text: string): number | undefined {
  try {
    return text.includes('[')
      ? Temporal.ZonedDateTime.from(text).epochMilliseconds
      : Temporal.Instant.from(text).epochMilliseconds
  } catch {
    return undefined
  }
}

/** In UTC, so that answers can be compared as text. */
export const shownTime = (at: number): string => new Date(at).toISOString()
export const shownTimeOrNull = (at: number | null): string | null => (at === null ? null : shownTime(at))
