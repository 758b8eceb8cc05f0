import type { operator as spanish } from '../es/operator.ts'

export const operator: typeof spanish = {
  log: {
    operator_notice: 'Notice to the operator: {cause} {subject}',
    operator_unreached: 'The operator could not be told by {way}',
    clock_stepped: "The machine's clock jumped {seconds} s",
    forgotten: 'Nightly clean-up: {rows} rows forgotten as promised',
  },
  say: {
    causes: {
      parked: 'A message was set aside: it could not be answered. See it with "centralita parked list".',
      in_doubt: 'Nobody knows whether a message arrived. See it with "centralita outbox list --status in_doubt".',
      token_refused: "Telegram refuses an assistant's token (401). Check the variable and start again.",
      second_poller: 'Another process is reading the same Telegram bot (409). Stop one of the two.',
      poller_stuck: 'The Telegram reader makes no progress.',
      app_silent: 'The app does not answer the Telegram reader. Telegram forgets messages after 24 hours.',
      budget_spent: "Today's budget is spent.",
      disk_low: 'Little disk space is left.',
      database_away: 'The database does not answer. Messages stay with Telegram and are read when it is back.',
      access_asked: 'Somebody asks to be let in. Approve with "centralita people approve CODE".',
      care: 'Somebody who gave leave may be in danger. They were shown help lines. Who it is: "centralita care list". This is no on-call service.',
    },
    notice: (cause, subject, details) => {
      const more = Object.entries(details).map(([name, value]) => `${name}: ${value}`)
      return [`⚠️ Centralita${subject ? ` (${subject})` : ''}`, cause, ...more].join('\n')
    },
  },
}
