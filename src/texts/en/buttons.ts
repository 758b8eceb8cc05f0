import type { buttons as spanish } from '../es/buttons.ts'

export const buttons: typeof spanish = {
  log: {},
  say: {
    hour: '+1 h',
    day: 'Same time tomorrow',
    undo: 'Undo',
    now: (when) => `⏰ Now: ${when}`,
    state: { cancelled: '✖ Undone', sent: '✔ Already sent', expired: '✖ Expired' },
    gone: '✖ No longer pending',
    stale: 'That button no longer works: what was scheduled has changed.',
    late: 'It was too late to change it: it has just gone out, or had changed before.',
    why: {
      moved: 'The person moved it.',
      undone: 'The person undid it.',
    },
  },
}
