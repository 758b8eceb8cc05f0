import type { Turns } from '../assistants/index.ts'
import type { Channel } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../foundation/index.ts'
import type { Metrics, Operator } from '../monitoring/index.ts'
import type { Outbox, Settled } from '../outbox/index.ts'

// Telegram's own numbers are not published; these keep a single chat below what its documentation names.
export const PRIVATE_PACE = { intervalMs: 1_000, burst: 5 }
const GROUP_PACE = { intervalMs: 3_200, burst: 2 }
// About thirty a second for a whole bot; several processes may share it.
const BOT_PACE = { intervalMs: 40, burst: 20 }

export type SendingOptions = {
  config: Config
  log: Log
  outbox: Pick<Outbox, 'delivery'>
  channels: ReadonlyMap<string, Channel>
  turns: Pick<Turns, 'compose' | 'farewell'>
  metrics: Pick<Metrics, 'send'>
  operator: Pick<Operator, 'tell'>
}

/** What leaves: by which channel, how fast, and who hears of a doubt. */
export function openSending({ config, log, outbox, channels, turns, metrics, operator }: SendingOptions) {
  const tellDoubt = ({ head, status, taken }: Settled) => {
    metrics.send(head.kind, status)
    if (status === 'in_doubt' && taken.chatId !== config.operator.chat)
      operator.tell({ cause: 'in_doubt', subject: taken.assistant, details: { id: `out-${head.id}` } })
  }
  return outbox.delivery({
    log,
    send: async (message, signal) => {
      const channel = channels.get(message.channel)
      if (!channel) return { sent: false, retry: false, reason: `no channel ${message.channel}` }
      return channel.send({ ...message, id: `out-${message.id}` }, signal)
    },
    compose: turns.compose,
    farewell: turns.farewell,
    pace: (channel, chatId) => (channel === 'telegram' ? (chatId.startsWith('-') ? GROUP_PACE : PRIVATE_PACE) : undefined),
    botPace: (channel) => (channel === 'telegram' ? BOT_PACE : undefined),
    onSettled: tellDoubt,
  })
}
