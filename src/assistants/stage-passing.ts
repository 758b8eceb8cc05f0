import { silentLog, type Database } from '../foundation/index.ts'
import { offlineModel } from './offline/brain.ts'
import { openStage, type StageOptions } from './stage.ts'

const HOUR = 3_600_000

/** Days that go by: what is due is put and sent. */
export function openCompany(db: Database, options: StageOptions = {}) {
  const stage = openStage(db, { model: offlineModel(), ...options })
  const sent: { chat: string; at: number; text: string }[] = []
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async ({ chatId, text }) => ({
      sent: true,
      messageId: String(sent.push({ chat: chatId, at: stage.clock.now(), text })),
    }),
    compose: stage.turns.compose,
    farewell: stage.turns.farewell,
    pace: () => undefined,
  })
  const deliver = async () => {
    while ((await stage.outbox.advanceSeries()) > 0);
    for (let lines = await delivery.claim(50); lines.length > 0; lines = await delivery.claim(50))
      await Promise.all(lines.map((line) => delivery.deliver(line, stage.never)))
  }
  const pass = async (ms: number, step = HOUR) => {
    for (const end = stage.clock.now() + ms; stage.clock.now() < end;) {
      await stage.clock.setTo(Math.min(end, stage.clock.now() + step))
      await deliver()
    }
  }
  const reminders = () =>
    sent.filter(({ text }) => text.startsWith('⏰')).map(({ at, text }) => `${local(at)} ${text.slice(30).trim()}`)
  return { stage, sent, deliver, pass, reminders }
}

export const local = (at: number, zone = 'Europe/Madrid') =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
