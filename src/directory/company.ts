import { loop, type Cache, type Clock, type Database, type Log, type Work } from '../foundation/index.ts'
import { today } from './calendar.ts'
import { directorySettingsOf, sourceFor, type DirectoryFile } from './define.ts'
import { openDesk, type ScheduleIn } from './desk.ts'
import { openDirectory } from './directory.ts'
import { directoryRoutes } from './routes.ts'
import type { Say } from './say.ts'
import { openSchedule } from './schedule.ts'
import { lookLines } from './tell.ts'
import { mayAskOf } from './askers.ts'
import { directoryTools } from './tools.ts'

export type CompanyOptions = {
  /** What the assistant's file says. */
  file: DirectoryFile
  assistant: string
  /** Of the assistants' files. */
  folder: string
  /** HR_DATABASE_URL. */
  url: string | undefined
  googleCredentials?: string | undefined
  googleApiRoot?: string | undefined
  zone: string
  /** The company's language. */
  language: 'es' | 'en'
  /** CCM_CHAT_IDS. */
  chats: readonly string[]
  db: Database
  clock: Clock
  log: Log
  cache: Cache
  /** Of this installation; seals what is kept in Redis. */
  secret: string
  sayIn: (language: 'es' | 'en') => Say
  scheduleIn: ScheduleIn
  /** How the channel cuts a long text. */
  split: (text: string) => string[]
  /** Whose chat this is, if anybody's: those who may ask are known by it. */
  personOf: (channel: string, chatId: string) => Promise<{ id: string } | undefined>
}

const RUN_DAYS = 400
// A notice is at most this late.
const LOOK_MS = 20_000

/** Everything that one assistant's company needs, put together. */
export function openCompany(options: CompanyOptions) {
  const { db, clock, log, assistant, sayIn } = options
  const file = directorySettingsOf(options.file, options.zone)
  const source = sourceFor(file.people, options)
  const directory = openDirectory({ ...options, source, mapping: file.people, freshMs: file.freshMs })
  const { calendar } = file
  const desk = openDesk({
    ...options,
    directory,
    calendar,
    say: sayIn(options.language),
    areaChats: file.areaChats,
    personChats: file.people.chat !== undefined,
  })
  const schedule = openSchedule({ db, clock, log, desk, calendar, assistant, notices: file.notices })
  const mayAsk = mayAskOf(
    file.askers ?? [...new Set([...options.chats, ...file.areaChats.map(({ chat }) => chat)])],
    options.personOf,
  )

  return {
    directory,
    desk,
    schedule,
    routes: directoryRoutes({ desk, sayIn }),
    tools: directoryTools({ directory, clock, calendar, sayIn, mayAsk }),
    /** Tells by itself; any number of processes may run it. */
    notices: (): Work => loop('notices', schedule.round, { clock, log, restMs: LOOK_MS }),
    /** For /health: asks the source at most once in the time that an answer counts as new. */
    async health() {
      await directory.people()
      return directory.state()
    },
    /** What `doctor hr` prints. */
    look: async (language: 'es' | 'en'): Promise<string[]> => lookLines(await directory.lookAt(), sayIn(language)),
    /** Nightly. Which notices were told on which day, and nobody's name; long enough to look back over a year. */
    forget: () => schedule.forget(today(clock.now(), calendar.zone).subtract({ days: RUN_DAYS }).toString()),
    close: directory.close,
  }
}

export type Company = ReturnType<typeof openCompany>
