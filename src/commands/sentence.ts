import { CouldNotAsk, DatabaseUnreached, Misconfigured, Refused, SchemaTooNew } from '../foundation/index.ts'
import { wordsIn, type Language, type Words } from '../texts/index.ts'
import { problemsIn } from './ask.ts'
import { FolderBusy } from './neighbour.ts'
import { plain } from './shown.ts'
import { AlreadyRunning } from './start.ts'

type Say = Words['cli']['say']['failed']

/** What failed and what to look at, in a few lines; undefined when nobody foresaw it. */
export function sentenceOf(error: unknown, language: Language): readonly string[] | undefined {
  const say = wordsIn(language).cli.say.failed
  if (error instanceof SchemaTooNew) return [say.schemaTooNew(error.needs)]
  if (error instanceof Misconfigured) return faultLines(error.faults, language)
  if (error instanceof DatabaseUnreached) return [say.database(whyNoDatabase(error.why, error.named, say))]
  if (error instanceof AlreadyRunning) return [error.message]
  if (error instanceof FolderBusy) return [say.folderBusy(error.folder)]
  if (error instanceof CouldNotAsk) return [say.noAnswer(error.message)]
  if (error instanceof Refused) return refusedLines(error, say)
  const line = ofTheSystem(error, say)
  return line === undefined ? undefined : [line]
}

/** One heading, then every fault. */
export const faultLines = (faults: readonly string[], language: Language): string[] => [
  wordsIn(language).cli.say.failed.faults(faults.length),
  ...faults.map((fault) => `  • ${plain(ofDatabaseFile(fault, language) ?? fault)}`),
]

/** The ground speaks no language: what it says of its file is told here. */
function ofDatabaseFile(fault: string, language: Language): string | undefined {
  if (!fault.startsWith('database file ')) return undefined
  const say = wordsIn(language).cli.say.failed
  const told = / is damaged|not a database|malformed/.test(fault)
    ? say.sqliteBroken
    : /journal_mode=/.test(fault)
      ? say.sqliteUnsafe
      : say.sqliteUnopened
  return `${told} (${fault.slice('database file '.length)})`
}

function refusedLines(error: Refused, say: Say): string[] {
  if (error.status === 401) return [say.otherKey]
  return [plain(error.message), ...problemsIn(error).map(({ field, problem }) => `  • ${plain(say.detail(field, problem))}`)]
}

// What to check, under the name that the operator gave it.
const CHECK = {
  url: { address: ['DATABASE_URL'], host: ['DATABASE_URL'], login: ['DATABASE_URL'], base: ['DATABASE_URL'] },
  parts: {
    address: ['POSTGRES_SERVER', 'POSTGRES_PORT'],
    host: ['POSTGRES_SERVER'],
    login: ['POSTGRES_USER', 'POSTGRES_PASSWORD'],
    base: ['POSTGRES_DB'],
  },
}

/** By the driver's code: its own words may carry an address or a user. */
export function whyNoDatabase(code: string, named: 'url' | 'parts', { databaseWhy: why }: Say): string {
  const check = CHECK[named]
  if (code === 'ECONNREFUSED') return why.refused(check.address)
  if (['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return why.host(check.host)
  if (['28P01', '28000'].includes(code)) return why.password(check.login)
  if (code === '3D000') return why.missing(check.base)
  if (['ETIMEDOUT', 'timeout', 'no_answer', 'ECONNRESET'].includes(code)) return why.slow
  if (code === '53300') return why.full
  if (['57P03', '57P01', '57P02'].includes(code)) return why.starting
  return why.other(code, check.address)
}

// SQLite's own numbers; the rest of an extended code is in its higher bits.
const SQLITE = { corrupt: 11, full: 13, unopened: 14, readOnly: 8, notADatabase: 26 }

function ofTheSystem(error: unknown, say: Say): string | undefined {
  const { code, errcode, port, address, path } = (error ?? {}) as {
    code?: unknown
    errcode?: number
    port?: number
    address?: string
    path?: string
  }
  switch (code) {
    case 'EADDRINUSE':
      return say.portTaken(port ?? 0)
    case 'EADDRNOTAVAIL':
      return say.addressUnknown(address ?? '')
    case 'ENOSPC':
    case 'EDQUOT':
      return say.diskFull
    case 'EROFS':
      return say.readOnly(path ?? '')
    case 'EACCES':
    case 'EPERM':
      return path === undefined && port !== undefined
        ? say.portForbidden(port)
        : path === undefined
          ? undefined
          : say.forbidden(path)
    case 'ERR_SQLITE_ERROR':
      return ofSqlite((errcode ?? 0) & 0xff, say)
    default:
      return undefined
  }
}

function ofSqlite(errcode: number, say: Say): string | undefined {
  if (errcode === SQLITE.full) return say.diskFull
  if (errcode === SQLITE.corrupt || errcode === SQLITE.notADatabase) return say.sqliteBroken
  if (errcode === SQLITE.unopened || errcode === SQLITE.readOnly) return say.sqliteUnopened
  return undefined
}
