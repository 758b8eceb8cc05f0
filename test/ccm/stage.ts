import mysql from 'mysql2/promise'
import { openCache, silentLog, systemClock, type Cache, type Clock, type Database, type Log } from '../../src/foundation/index.ts'
import {
  directoryMigrations,
  openDesk,
  openDirectory,
  sourceFor,
  directorySettings,
  type DirectoryFile,
  type DirectorySay,
  type Mapping,
  type Source,
} from '../../src/directory/index.ts'
import { wordsIn } from '../../src/texts/index.ts'
import { stillClock } from '../support/clock.ts'
import { allMigrations } from '../support/engines.ts'
import { openStage as outboxStage } from '../support/outbox-stage.ts'
import { fill } from './fill.ts'

export const withDirectory = allMigrations.some(({ id }) => id === directoryMigrations[0]!.id)
  ? allMigrations
  : [...allMigrations, ...directoryMigrations]

export const sayIn = (language: 'es' | 'en'): DirectorySay => wordsIn(language).directory.say
export const ZONE = 'America/Bogota'

export const PEOPLE: Mapping = {
  from: { table: 'empleados' },
  id: 'id',
  name: ['nombre', 'apellidos'],
  entry: 'fecha_ingreso',
  leaving: 'fecha_baja',
  birth: 'fecha_nacimiento',
  area: 'area',
}

/** A source that answers what a test says. */
export function playedSource(
  rows: readonly unknown[][],
): Source & { rows: readonly unknown[][]; fails?: 'slow' | 'port'; reads: number } {
  const played = {
    rows,
    reads: 0,
    fails: undefined as 'slow' | 'port' | undefined,
    async read() {
      played.reads++
      return played.fails ? { ok: false as const, fault: { code: played.fails } } : { ok: true as const, value: [...played.rows] }
    },
    look: async () => ({ findings: [], tables: [] }),
    close: async () => {},
  }
  return played
}

export type StageOptions = Partial<DirectoryFile> & {
  source?: Source | undefined
  url?: string
  clock?: Clock
  cache?: Cache
  log?: Log
  chats?: readonly string[]
  secret?: string
}

/** A desk on a real database, with a real outbox and a source that is played or real. */
export async function openStage(db: Database, options: StageOptions = {}) {
  const clock = options.clock ?? stillClock()
  const log = options.log ?? silentLog
  const file = directorySettings({ people: PEOPLE, ...options }, ZONE)
  const stage = await outboxStage(db, clock as ReturnType<typeof stillClock>)
  const cache = options.cache ?? openCache({ log: silentLog, clock })
  const source =
    'source' in options ? options.source : sourceFor(file.people, { url: options.url, folder: '/', clock: systemClock })
  const directory = openDirectory({
    source,
    mapping: file.people,
    cache,
    clock,
    log,
    secret: options.secret ?? 's'.repeat(32),
    freshMs: file.freshMs,
  })
  const desk = openDesk({
    directory,
    db,
    clock,
    log,
    say: sayIn('es'),
    calendar: file.calendar,
    assistant: 'ccm',
    chats: options.chats ?? ['-100'],
    areaChats: file.areaChats,
    personChats: file.people.chat !== undefined,
    scheduleIn: (tx, notice) => stage.outbox.scheduleIn(tx, notice),
    split: (text) => (text.length > 4000 ? [text.slice(0, 4000), text.slice(4000)] : [text]),
  })
  return { ...stage, file, cache, source, directory, desk, calendar: file.calendar }
}

let made = 0

/** A database of its own on a real server, with people in it and a user that may only read them. */
export async function companyDatabase(serverUrl: string, people: number) {
  const name = `rrhh_${process.pid}_${made++}`
  const admin = await mysql.createConnection({ uri: serverUrl, multipleStatements: true, charset: 'utf8mb4' })
  await admin.query(`create database ${name} character set utf8mb4`)
  const own = new URL(serverUrl)
  own.pathname = `/${name}`
  if (people >= 0) await fill(own.href, people, { today: Temporal.Now.plainDateISO().toString() })
  const user = `lee_${made}_${process.pid}`
  await admin
    .query(`create user '${user}'@'%' identified by 'clave-de-lectura'; grant select on ${name}.empleados to '${user}'@'%'`)
    .catch(async () => {
      await admin.query(
        `create user if not exists '${user}'@'%' identified by 'clave-de-lectura'; grant usage on *.* to '${user}'@'%'`,
      )
    })
  const reader = new URL(own.href)
  reader.username = user
  reader.password = 'clave-de-lectura'
  return {
    name,
    user,
    admin,
    ownUrl: own.href,
    url: reader.href,
    async drop() {
      await admin.query(`drop database if exists ${name}; drop user if exists '${user}'@'%'`)
      await admin.end()
    },
  }
}
