import type { commands as spanishCommands, options as spanishOptions } from '../es/cli-commands.ts'

export const commands: typeof spanishCommands = {
  start: {
    usage: '[role…]',
    about: 'Starts everything in one process, or only these: app, polling, assistant, outbox.',
    more: [
      'With nothing configured it uses SQLite in DATA_DIR and answers at http://127.0.0.1:8000.',
      'Apart from each other they need PostgreSQL (DATABASE_URL); polling uses no database.',
      'Ctrl-C or SIGTERM stop it after it has finished what is under way (10 s at most).',
    ],
  },
  migrate: { about: 'Brings the database up to date.', more: ['"start" does so too.'] },
  check: {
    usage: '[role…]',
    about: 'Tells all that is wrong with the configuration and the assistants at once; starts nothing.',
    more: ['With --example it shows every variable, as in .env.example; --example --write writes that file here.'],
  },
  doctor: {
    about: 'Looks around: database, Redis, Telegram, model, clock, disk, rights and the running process.',
    more: [
      'It only looks. To find another reader of the same bot it waits some seconds in its queue and, if there is one, interrupts it once.',
      'With --fix it puts right what cannot do harm: the rights of the data folder.',
    ],
  },
  talk: {
    usage: '<assistant>',
    about: 'A conversation in the terminal.',
    more: [
      'It talks to the running process; where none runs it opens the house without reading Telegram.',
      'Through a pipe each line is one message: echo "hello" | centralita talk aegen',
      'Leave with /exit, Ctrl-D or Ctrl-C.',
    ],
  },
  trace: {
    usage: '<id>',
    about: 'The whole way of a message.',
    more: ['By in-12 (what came), out-34 (what left) or telegram:<bot>:<update>.'],
  },
  'parked list': { about: 'The messages that could not be answered.' },
  'parked show': { usage: '<id>', about: 'One of them, as it came.' },
  'parked replay': { usage: '<id>', about: 'Gives it back to its conversation, to be answered.' },
  'outbox add': {
    usage: '[JSON]',
    about: 'Schedules a message.',
    more: [
      'By options, or by a JSON object like the one of POST /api/v1/outbox ("-" reads it from the input).',
      'A time without a zone is taken in that of TZ, and you are told. Without a time it leaves now.',
      'Example: centralita outbox add --assistant aegen --chat 12345 --text "Good morning" --at "2026-12-01 09:00"',
    ],
  },
  'outbox list': { about: 'What left or is to leave, the newest first.' },
  'outbox show': { usage: '<id>', about: 'One message, with the reason of each decision.' },
  'outbox cancel': { usage: '<id>', about: 'Cancels a message that still waits.' },
  'outbox settle': {
    usage: '<id> sent|not_sent|again',
    about: 'Says what became of a message in doubt: it arrived, it did not, or send it again.',
  },
  'care list': {
    about: 'Who is not written to first, for signs of danger.',
    more: ['Who it is and which sign, only of those who allowed that you be told. The words are kept nowhere.'],
  },
  'care lift': {
    usage: '<id>',
    about: 'Lifts one of those holds: what waited goes on.',
    more: ['The person can too, with “/notice resume”. If nobody does, it ends by itself after 30 days.'],
  },
  'assistants show': {
    usage: '<assistant>',
    about: 'What the team may adjust of an assistant, its value and where it comes from.',
  },
  'assistants set': {
    usage: '<assistant> <setting> <value>',
    about: 'Adjusts something without touching the assistant’s file.',
    more: [
      'The value is text, JSON, or @file to read it from a file. What a group of values leaves out stays as in the file.',
      'Example: centralita assistants set aegen limits \'{"maxAnswerChars": 1500}\'',
    ],
  },
  'assistants reset': { usage: '<assistant> <setting>', about: 'Takes a setting back to what the file says.' },
  'people list': { about: 'The people and groups that are known, and which assistants they may talk to.' },
  'people approve': {
    usage: '<code> | <assistant> <channel:chat>',
    about: 'Lets a person in, and tells them.',
    more: ['The bot gave the code to the person. Without a code: centralita people approve aegen telegram:12345'],
  },
  'people deny': { usage: '<assistant> <channel:chat>', about: 'Keeps a person out.' },
  'people invite': { usage: '<assistant>', about: 'Makes an invitation that works once.' },
  validar: {
    usage: 'ccm',
    about: "Tries CCM's three routes and the negative cases on the running system, and writes the report.",
    more: ['By itself it sends nothing; with --real it sends one notice to the CCM chats and looks whether it arrived.'],
  },
  link: { about: 'A new one-time link to come in with a browser.' },
  help: { usage: '[command]', about: 'This list, or all about one command. "help variables" explains the configuration.' },
  rehearse: { about: 'Rehearses with a pretended Telegram and model (comes later).' },
  chaos: { about: 'Kills processes and counts what is lost (comes later).' },
  backup: { about: 'A backup that proves that it can be restored (comes later).' },
  restore: { about: 'Goes back to a backup (comes later).' },
  deploy: { about: 'Takes a version to a server (comes later).' },
}

export const options: typeof spanishOptions = {
  json: { about: 'Output for programs.' },
  assistant: { takes: 'NAME', about: 'The assistant.' },
  channel: { takes: 'CHANNEL', about: 'telegram (default) or web.' },
  chat: { takes: 'CHAT', about: 'The chat, as its channel names it.' },
  kind: { takes: 'KIND', about: 'notice (default when adding), reminder, proactive; when listing, reply too.' },
  status: { takes: 'STATUS', about: 'pending, sending, sent, cancelled, failed, in_doubt or expired.' },
  text: { takes: 'TEXT', about: 'The words.' },
  intent: { takes: 'REASON', about: 'The reason; the words are written when it leaves.' },
  at: { takes: 'TIME', about: 'When: 2026-12-01T09:00+01:00, or without a zone, in that of TZ.' },
  expires: { takes: 'TIME', about: 'When it stops making sense.' },
  key: { takes: 'KEY', about: 'The same one again replaces the message that still waits.' },
  label: { takes: 'TEXT', about: 'Whom it is for, to recognise it later.' },
  days: { takes: 'DAYS', about: 'How many days it is good for (7).' },
  limit: { takes: 'N', about: 'How many at most, up to 200 (50).' },
  from: { takes: 'ID', about: 'Goes on where the last list ended.' },
  example: { about: 'Every variable, as in .env.example.' },
  write: { about: 'With --example, writes .env.example into this folder.' },
  fix: { about: 'Puts right what cannot do harm.' },
  real: { about: 'Really sends one notice to the CCM chats.' },
  'no-probe': { about: 'Does not look for another reader of the bots.' },
}
