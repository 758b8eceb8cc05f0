import type { HrFaultCode } from './fault.ts'
import type { Finding } from './sources/source.ts'
import type { What } from './upcoming.ts'

/** The phrases of this room; they stand in texts, a sister, and the house hands them in. */
export type Say = {
  locale: 'es' | 'en'
  titles: Record<What, (range: string) => string>
  range(from: string, to: string): string
  today(date: string): string
  tomorrow(date: string): string
  person(name: string, area: string | null, onTheDay: string | null): string
  part(n: number, of: number): string
  continued(day: string): string
  noRoom(count: number): string
  old(age: string): string
  age(ms: number): string
  none: Record<What, (range: string, area: string | null) => string>
  noMatch(name: string): string
  birthdayOf(name: string, date: string): string
  hireOf(name: string, date: string): string
  levels: Record<Level, (text: string) => string>
  /** What may be asked, as a person would say it. */
  examples: Record<'birthdays' | 'hires', string>
  notAllowed: string
  unavailable: string
  faults: Record<HrFaultCode, (what: string) => string>
  findings(finding: Finding): string
  proposed(table: string): string
  nothingProposed: string
}

export const LEVELS = ['info', 'aviso', 'urgente'] as const
export type Level = (typeof LEVELS)[number]
