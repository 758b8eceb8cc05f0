import { isAbsolute, join } from 'node:path'
import { Misconfigured, type Clock } from '../foundation/index.ts'
import { isAsker } from './askers.ts'
import { calendarOf, type Calendar } from './calendar.ts'
import type { AreaChat } from './chats.ts'
import { isChatId } from './employee.ts'
import { checkMapping, type Mapping } from './mapping.ts'
import { planned, type NoticeLine } from './schedule.ts'
import { fileSource } from './sources/file.ts'
import { googleSource } from './sources/google.ts'
import { mysqlSource } from './sources/mysql.ts'
import { postgresSource } from './sources/postgres.ts'
import type { Source } from './sources/source.ts'

/** What an assistant's file says about the company's people. */
export type DirectoryFile = {
  people: Mapping
  calendar?: Partial<Calendar>
  /** Those that tell by themselves. */
  notices?: readonly NoticeLine[]
  areaChats?: readonly AreaChat[]
  /** Chats that may ask, and the persons who joined others to them; `web:terminal` too. Unset = those that hear the notices. */
  askers?: readonly string[]
  /** For how long an answer of the source counts as new. */
  freshSeconds?: number
}

export type Settled = Required<Pick<DirectoryFile, 'people' | 'notices' | 'areaChats'>> & {
  calendar: Calendar
  askers: readonly string[] | undefined
  freshMs: number
}

/** Checks the lines that a team wrote. Throws `Misconfigured` with what is wrong. */
export function directorySettingsOf(file: DirectoryFile, zone: string): Settled {
  const faults: string[] = []
  const calendar = calendarOf({ zone, ...file.calendar })
  const chats = [...(file.areaChats ?? []).map(({ chat }) => chat), ...(file.notices ?? []).flatMap((one) => one.chats ?? [])]
  for (const chat of chats) if (!isChatId(chat)) faults.push(`directory: ${JSON.stringify(chat)} is no chat`)
  for (const asker of file.askers ?? [])
    if (!isAsker(asker)) faults.push(`directory: ${JSON.stringify(asker)} is no chat that could ask`)
  for (const day of calendar.holidays)
    if (!/^(?:\d{4}-)?\d{2}-\d{2}$/.test(day)) faults.push(`directory: holiday ${JSON.stringify(day)}`)
  if (calendar.restDays.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    faults.push('directory: restDays are 1 (Monday) to 7')
  if (faults.length > 0) throw new Misconfigured(faults)
  return {
    people: checkMapping(file.people),
    calendar,
    notices: planned(file.notices ?? []),
    areaChats: file.areaChats ?? [],
    askers: file.askers,
    freshMs: Math.max(1, file.freshSeconds ?? 60) * 1000,
  }
}

export type SourceOptions = {
  /** HR_DATABASE_URL. */
  url: string | undefined
  /** Of the assistants' files: beside them a file is looked for. */
  folder: string
  googleCredentials?: string | undefined
  googleApiRoot?: string | undefined
  clock: Clock
}

/** Where the mapping says that the people stand; undefined = a database, and nobody said which. */
export function sourceFor(
  mapping: Mapping,
  { url, folder, googleCredentials, googleApiRoot, clock }: SourceOptions,
): Source | undefined {
  const { from } = mapping
  if ('file' in from) return fileSource(isAbsolute(from.file) ? from.file : join(folder, from.file), mapping)
  if ('googleSheet' in from) return googleSource(mapping, { credentials: googleCredentials, apiRoot: googleApiRoot, clock })
  if (!url) return undefined
  return /^postgres(?:ql)?:/.test(url) ? postgresSource(url, mapping) : mysqlSource(url, mapping)
}
