/** The company's days: its zone, when it rests, and what it does about dates that fall on such a day. */
export type Calendar = {
  zone: string
  /** 1 Monday … 7 Sunday. */
  restDays: readonly number[]
  /** `YYYY-MM-DD`, or `MM-DD` for every year. */
  holidays: readonly string[]
  /** A birthday on a rest day is told on the working day before or after it, or on its own. */
  onRestDays: 'keep' | 'before' | 'after'
  /** When those born on 29 February have their birthday in other years. */
  leapDay: 'feb28' | 'mar1'
}

export const calendarOf = (given: Partial<Calendar> & { zone: string }): Calendar => ({
  restDays: [6, 7],
  holidays: [],
  onRestDays: 'keep',
  leapDay: 'feb28',
  ...given,
})

export const today = (now: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()

export const isRest = (date: Temporal.PlainDate, { restDays, holidays }: Calendar): boolean => {
  const day = date.toString()
  return restDays.includes(date.dayOfWeek) || holidays.includes(day) || holidays.includes(day.slice(5))
}

// A company that rests for longer than this in one go tells of its birthdays on their own days.
export const LONGEST_REST = 20

/** The day on which a date is told. */
export function toldOn(date: Temporal.PlainDate, calendar: Calendar): Temporal.PlainDate {
  if (calendar.onRestDays === 'keep') return date
  const step = calendar.onRestDays === 'before' ? { days: -1 } : { days: 1 }
  let day = date
  for (let n = 0; n < LONGEST_REST; n++) {
    if (!isRest(day, calendar)) return day
    day = day.add(step)
  }
  return date
}

/** The `MM-DD` of those whose birthday is on this date. */
export function bornOn(date: Temporal.PlainDate, { leapDay }: Calendar): string[] {
  const own = date.toString().slice(5)
  const stand = leapDay === 'feb28' ? '02-28' : '03-01'
  return !date.inLeapYear && own === stand ? [own, '02-29'] : [own]
}
