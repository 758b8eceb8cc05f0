import { openCare, type Care, type CareMark } from '../care/index.ts'
import type { Clock, Database, Log } from '../foundation/index.ts'
import type { Operator } from '../monitoring/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { wordsIn } from '../texts/index.ts'

export type HouseCareOptions = {
  db: Database
  clock: Clock
  log: Log
  operator(): Operator
  outbox(): Outbox
}

export type HouseCare = Care & {
  /** After the commit of a turn. */
  onCare(marks: readonly CareMark[]): void
}

export function openHouseCare({ db, clock, log, operator, outbox }: HouseCareOptions): HouseCare {
  const care = openCare({
    db,
    clock,
    log,
    say: (language) => wordsIn(language).care.say,
    tell: ({ assistant, id }) => operator().told({ cause: 'care', subject: assistant, details: { id: `care-${id}` } }),
    resumed: (personId) => outbox().lookAgain(personId),
  })
  return {
    ...care,
    onCare: (marks) => void care.after(marks).catch((error: unknown) => log.error('work_failed', { loop: 'care', error })),
  }
}
