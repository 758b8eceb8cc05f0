import { openCare, type CareMark } from '../care/index.ts'
import type { Config } from '../config.ts'
import { CouldNotAsk, type Clock, type Database, type Log } from '../foundation/index.ts'
import type { Operator } from '../monitoring/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { wordsIn } from '../texts/index.ts'

export type CaringOptions = {
  config: Config
  db: Database
  clock: Clock
  log: Log
  /** Opened after this. */
  operator(): Pick<Operator, 'told'>
  outbox(): Pick<Outbox, 'lookAgain'>
}

const TELL_AGAIN_MS = 10 * 60_000

/** Care, and who hears of it: the operator, where there is a way to reach one. */
export function openCaring({ config, db, clock, log, operator, outbox }: CaringOptions) {
  const reachable = config.operator.webhook !== undefined || config.operator.chat !== undefined
  const care = openCare({
    db,
    clock,
    log,
    say: (language) => wordsIn(language).care.say,
    ...(reachable && {
      tell: async ({ assistant, id }: { assistant: string; id: number }) => {
        const told = await operator().told({ cause: 'care', subject: assistant, details: { id: `care-${id}` } })
        if (!told) throw new CouldNotAsk('the operator was not reached', 'unknown')
      },
    }),
    resumed: (personId) => outbox().lookAgain(personId),
  })
  let nextTelling = clock.now()
  return {
    care,
    onCare: (marks: readonly CareMark[]): void =>
      void care.after(marks).catch((error: unknown) => log.error('work_failed', { loop: 'care', error })),
    /** Every minute: what a crash or a silent operator left untold. */
    async tidy(): Promise<void> {
      if (clock.now() < nextTelling) return
      nextTelling = clock.now() + TELL_AGAIN_MS
      await care.tellPending()
    },
  }
}
