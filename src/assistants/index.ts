/**
 * Defining an assistant, and taking its turns: what was heard is read again, put together, let in or politely refused,
 * answered by a model with its tools, and closed in one transaction with everything that follows from it.
 *
 * It keeps no conversation and sends nothing: see conversations, outbox. It refuses to answer half, to stay silent, and to
 * let anything of one person into another's turn: all that a turn knows is made anew for it from that one chat.
 */
export { defineAssistant, settingsOf, withTools, type Assistant, type AssistantFile } from './define.ts'
export { loadAssistants } from './load.ts'
export { openTurns, type OpenTurns, type ParkedNotice, type Turns } from './turns.ts'
export { openLearning, type Learning, type LearningOptions } from './learning/learn.ts'
export { isDelicate } from './learning/sensitive.ts'
export { openApplyRights, type ApplyRights, type ApplyOptions } from './rights/apply.ts'
export { openCalls, type Calls } from './calls.ts'
export { openEffects, type Effects, type EffectsOptions } from './effects.ts'
export { openTurnRecords, type TurnRecord } from './record.ts'
export { welcomeText, type RetentionDays } from './commands.ts'
export { chooseModel, type Chosen } from './models/choose.ts'
export { openAllowance, Spent, type Allowance, type Limits, type Purse } from './budget/allowance.ts'
export { metered } from './budget/metered.ts'
export { reusing, type Saved } from './budget/reuse.ts'
export { openModelOf, type ModelOfOptions } from './models/model-of.ts'
export { openSettings, type Setting, type Settings } from './settings/settings.ts'
export { openEarsOf } from './hearing/ears-of.ts'
export { costOf, priceOf } from './budget/prices.ts'
export { compatibleModel, type CompatibleOptions } from './models/compatible.ts'
export { inTurn } from './models/fallbacks.ts'
export { offlineModel } from './offline/brain.ts'
export type { About, Model, ModelEvent, ModelMessage, ModelRequest, Usage } from './model.ts'
export type { Heard, TurnChannel } from './heard.ts'
export type { Intended } from './compose.ts'
export type { Preview } from './previews.ts'
export type { Tool, ToolContext } from './tool.ts'
export { when, type When } from './when/when.ts'
export { migrations as assistantMigrations, type TurnOutcome } from './tables.ts'
