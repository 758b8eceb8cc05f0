/**
 * The rehearsal room: the outside world, played. A Telegram that behaves like the real one down to its faults, a model that
 * answers what it is told to (or fails as told), a clock that moves when it is told to. The demo, the chaos command and the
 * tests use the same ones. Refuses: to talk to any real service; to be reached from another machine without a key.
 */
export { openRehearsalClock, type RehearsalClock } from './clock.ts'
export { seededRandom, type Random } from './random.ts'
export type { FaultRule, Faults, StandingFault } from './faults.ts'
export { openFakeTelegram, type FakeTelegram, type FakeTelegramOptions } from './telegram/open.ts'
export { TELEGRAM_FAULTS, type TelegramFault } from './telegram/striking.ts'
export { NO_LIMITS, TELEGRAM_LIMITS, type LimitNumbers } from './telegram/limits.ts'
export type { CallRecord, Sent, Violation } from './telegram/journal.ts'
export type { Extras, People, Told, Who } from './telegram/person.ts'
export type { Groups } from './telegram/groups.ts'
export { openFakeModel, type FakeModel, type FakeModelOptions, type ModelCall } from './model/open.ts'
export { MODEL_FAULTS, type ModelFault } from './model/model-faults.ts'
export { echo, type ChatRequest, type ModelAnswer, type ModelScript, type ToolCall } from './model/script.ts'
