/**
 * The company's own people, read from where the company keeps them: who joins when, whose birthday it is, and which chats
 * hear of it in time. The source is only ever read; what leaves goes through the outbox, once for each day and list.
 *
 * It refuses to write to the source, to tell anybody who was not asked for, to make up what the source does not say, and to
 * keep people outside this process other than sealed. The chat side of a person is the room `people`.
 */
export { openDirectory, type Answer, type Directory } from './directory.ts'
export { openCompany, type Company, type CompanyOptions } from './company.ts'
export {
  sourceFor,
  directorySettingsOf as directorySettings,
  type DirectoryFile,
  type Settled as DirectorySettings,
} from './define.ts'
export { openDesk, type Desk, type Notice, type Outcome as DeskOutcome, type Told } from './desk.ts'
export { directoryRoutes } from './routes.ts'
export { openSchedule, type NoticeLine, type Schedule } from './schedule.ts'
export { directoryTools, type Asker } from './tools.ts'
export { questionIn, type Question } from './ask.ts'
export { lookLines, faultLine } from './tell.ts'
export { validation, type Ask as ValidationAsk, type ValidationReport } from './validation.ts'
export { HR_FAULTS, type HrFault, type HrFaultCode } from './fault.ts'
export { LEVELS, type Level, type Say as DirectorySay } from './say.ts'
export { upcoming, type Upcoming, type What } from './upcoming.ts'
export { migrations as directoryMigrations } from './tables.ts'
export type { Mapping } from './mapping.ts'
export type { Calendar } from './calendar.ts'
export type { Source, Look, Finding } from './sources/source.ts'
