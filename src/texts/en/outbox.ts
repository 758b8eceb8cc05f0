import type { outbox as spanish } from '../es/outbox.ts'

export const outbox: typeof spanish = {
  log: {
    outbox_sent: 'Sent {id} ({waited_ms} ms after its time)',
    outbox_in_doubt: 'Unclear send of {id}: {why}',
    outbox_retry: '{id} could not be sent and will be tried again: {why}',
    outbox_bot_waits: 'Telegram asks the whole bot of {assistant} to pause for {ms} ms',
    outbox_failed: '{id} was not sent: {why}',
    outbox_decided: '{id} does not leave now: {why}',
    outbox_not_settled: 'What became of a send could not be written down ({why}); another try in {pause_ms} ms',
    outbox_not_composed: 'The words of {id} could not be written: {why}',
  },
  say: {},
}
