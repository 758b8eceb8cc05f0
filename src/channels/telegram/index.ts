/** Telegram, as a channel. Refuses: keeping anything, deciding when something is sent, knowing who may speak. */
export { openTelegram, type Telegram, type TelegramOptions } from './telegram.ts'
export { openPoller, type BotState, type Conflict, type Poller, type PollerNotice, type PollerOptions } from './poller.ts'
export type { Delivery, Forward } from './courier.ts'
export { httpForward, type HttpForwardOptions } from './http-forward.ts'
export type { CommandWords, Introduction } from './start-up.ts'
export type { Finding } from './diagnose.ts'
export { FILE_MAX_BYTES, type TelegramFile } from './files.ts'
