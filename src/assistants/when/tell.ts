import { wordsIn, type Language } from '../../texts/index.ts'

/** A moment as a person says it: "tomorrow at 20:00". */
export function tellWhen(at: number, { now, zone, language }: { now: number; zone: string; language: Language }): string {
  const { say } = wordsIn(language).assistants
  const [then, here] = [at, now].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone))
  const ahead = here!.toPlainDate().until(then!.toPlainDate()).days
  const year = then!.year === here!.year ? undefined : ('numeric' as const)
  const date = then!.toPlainDate().toLocaleString(language, { weekday: 'long', day: 'numeric', month: 'long', year })
  const day = ahead === 0 ? say.offline.today : ahead === 1 ? say.offline.tomorrow : date
  return say.offline.on(day, tellTime(at, zone))
}

export function tellTime(at: number, zone: string): string {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

export function tellDate(at: number, zone: string, language: Language): string {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
  return date.toLocaleString(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}
