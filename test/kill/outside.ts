import { systemClock } from '../../src/foundation/index.ts'
import {
  openFakeModel,
  openFakeTelegram,
  type FakeTelegram,
  type ModelScript,
  type TelegramFault,
} from '../../src/rehearsal/index.ts'

export const TOKEN = '7000001:AAkilled-again-and-again-000000000'

type Rule = { kind: TelegramFault; chance: number; ms?: number; retryAfter?: number }

// About one send in ten goes wrong. What hangs is rare: each holds its chat for the fifteen seconds a send may take.
const WHEN_SENDING: Rule[] = [
  { kind: 'drop', chance: 0.01 },
  { kind: 'slow', chance: 0.03, ms: 700 },
  { kind: 'error_500', chance: 0.01 },
  { kind: 'html_502', chance: 0.01 },
  { kind: 'garbage_200', chance: 0.005 },
  { kind: 'flood', chance: 0.02, retryAfter: 1 },
  { kind: 'hang', chance: 0.003 },
  { kind: 'cut_after', chance: 0.02 },
  { kind: 'html_502_after', chance: 0.015 },
  { kind: 'truncate_after', chance: 0.015 },
  { kind: 'hang_after', chance: 0.003 },
  { kind: 'slow_after', chance: 0.03, ms: 700 },
]
const WHEN_ASKED: Rule[] = [
  { kind: 'drop', chance: 0.02 },
  { kind: 'slow', chance: 0.05, ms: 300 },
  { kind: 'error_500', chance: 0.02 },
  { kind: 'html_502', chance: 0.02 },
  { kind: 'garbage_200', chance: 0.02 },
  { kind: 'flood', chance: 0.01, retryAfter: 1 },
  { kind: 'cut_after', chance: 0.03 },
  { kind: 'truncate_after', chance: 0.03 },
  { kind: 'duplicate', chance: 0.1 },
]
export const AMBIGUOUS: readonly TelegramFault[] = ['cut_after', 'html_502_after', 'truncate_after', 'hang_after']

/** Answers with every number of the turn, and with some of those it was shown from before, so that a leak would show. */
const quoting: ModelScript = ({ messages }) => {
  const numbers = (content: unknown) => JSON.stringify(content).match(/\bn\d+\b/g) ?? []
  const now = numbers(messages.at(-1)?.content)
  const before = messages.slice(0, -1).flatMap((m) => (m.role === 'user' ? numbers(m.content) : []))
  return `Leído: ${now.join(' ')}${before.length > 0 ? ` | antes: ${before.slice(-3).join(' ')}` : ''}`
}

export async function openOutside(seed: number) {
  const telegram = await openFakeTelegram({ clock: systemClock, seed, bots: [TOKEN] })
  const model = await openFakeModel({ clock: systemClock, seed, script: quoting })
  return {
    telegram,
    model,
    startFaults() {
      for (const rule of WHEN_SENDING) telegram.faults.add({ ...rule, methods: ['sendMessage'] })
      for (const rule of WHEN_ASKED) telegram.faults.add({ ...rule, methods: ['getUpdates'] })
      telegram.faults.add({ kind: 'hang', chance: 0.1, methods: ['sendChatAction'] })
      model.faults.add({ kind: 'slow_first_token', chance: 0.1, ms: 900 })
    },
    stopFaults() {
      const struck = telegram.faults
        .list()
        .map(({ kind, methods, struck: times }) => ({ kind, method: methods?.[0] ?? '', times }))
      telegram.faults.clear()
      model.faults.clear()
      return struck
    },
    async [Symbol.asyncDispose]() {
      await telegram.close()
      await model.close()
    },
  }
}
export type Struck = { kind: string; method: string; times: number }
export type { FakeTelegram }
