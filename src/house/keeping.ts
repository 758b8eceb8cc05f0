import type { Assistant, openTurnRecords } from '../assistants/index.ts'
import type { Care } from '../care/index.ts'
import type { Config } from '../config.ts'
import type { Conversations } from '../conversations/index.ts'
import type { Company } from '../directory/index.ts'
import type { Clock } from '../foundation/index.ts'
import type { Outbox } from '../outbox/index.ts'

const DAY_MS = 86_400_000
// What a day did cost, for as long as anybody compares months.
const BUDGET_DAYS = 62
// That somebody was held, and since when lifted: for whoever asks why nothing was sent.
const HOLD_DAYS = 90

export const retentionDays = ({ retention }: Config, assistant: Assistant) => ({
  rawDays: retention.rawDays,
  transcriptDays: retention.transcriptDays,
  sentDays: retention.sentDays,
  traceDays: retention.traceDays,
  ...assistant.retention,
})

export type KeepingOptions = {
  config: Config
  clock: Clock
  assistants: ReadonlyMap<string, Assistant>
  conversations: Pick<Conversations<never>, 'forget'>
  outbox: Pick<Outbox, 'forget'>
  records: Pick<ReturnType<typeof openTurnRecords>, 'forgetTurns'>
  allowance: { forget(before: number): Promise<number> }
  care: Pick<Care, 'forget'>
  companies: ReadonlyMap<string, Pick<Company, 'forget'>>
  scrubbing: { atNight(): Promise<void> }
}

/** Every promise about keeping, for every assistant that runs here: how many rows went. */
export function openKeeping(options: KeepingOptions) {
  const { config, clock, assistants, conversations, outbox, records, allowance, care, companies, scrubbing } = options
  return async function forget(): Promise<number> {
    let rows = 0
    for (const assistant of assistants.values()) {
      const days = retentionDays(config, assistant)
      rows += await conversations.forget(assistant.name, {
        rawMs: days.rawDays * DAY_MS,
        transcriptMs: days.transcriptDays * DAY_MS,
        keysMs: config.retention.updateKeyDays * DAY_MS,
      })
      rows += await outbox.forget(assistant.name, Math.max(days.sentDays, days.transcriptDays) * DAY_MS)
      rows += await records.forgetTurns(assistant.name, clock.now() - days.traceDays * DAY_MS)
    }
    for (const company of companies.values()) rows += await company.forget()
    rows += await allowance.forget(clock.now() - BUDGET_DAYS * DAY_MS)
    rows += await care.forget(HOLD_DAYS * DAY_MS)
    await scrubbing.atNight()
    return rows
  }
}
