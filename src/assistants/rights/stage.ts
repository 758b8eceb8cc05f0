import { silentLog, type Database } from '../../foundation/index.ts'
import { offlineModel } from '../offline/brain.ts'
import { openStage, type StageOptions } from '../stage.ts'

export const CANARY = 'zanahoria'
export const HOUR = 3_600_000

export const open = (db: Database, more: StageOptions = {}) => openStage(db, { model: offlineModel(), ...more })
export type Stage = ReturnType<typeof openStage>

export const buttonsOf = async (stage: Stage, chatId = '5'): Promise<string[]> => {
  const last = (await stage.rowsOf(chatId)).findLast((item) => item.buttons !== null)
  return last ? (JSON.parse(last.buttons!) as { data: string }[][]).flat().map((b) => b.data) : []
}
export const press = async (stage: Stage, data: string, chatId = '5') => {
  const before = (await stage.replies(chatId)).length
  await stage.hear(chatId, '', { kind: 'press', press: { id: 'p1', data } })
  await stage.crank()
  return (await stage.replies(chatId)).slice(before).join('\n')
}
export const sendAll = async (stage: Stage) => {
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async () => ({ sent: true, messageId: '1' }),
    compose: stage.turns.compose,
    pace: () => undefined,
  })
  for (let lines = await delivery.claim(50); lines.length > 0; lines = await delivery.claim(50))
    await Promise.all(lines.map((line) => delivery.deliver(line, stage.never)))
}
