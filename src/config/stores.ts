import { join } from 'node:path'
import type { Findings } from './findings.ts'
import type { Values } from './schema.ts'
import type { Config } from './shape.ts'

/** The part of PostgreSQL's address that each variable names. */
const PARTS = {
  POSTGRES_SERVER: (url: URL) => url.hostname.replace(/^\[|\]$/g, ''),
  POSTGRES_PORT: (url: URL) => url.port || '5432',
  POSTGRES_DB: (url: URL) => decoded(url.pathname.slice(1)),
  POSTGRES_USER: (url: URL) => decoded(url.username),
  POSTGRES_PASSWORD: (url: URL) => decoded(url.password),
} as const
type PartName = keyof typeof PARTS
const PART_NAMES = Object.keys(PARTS) as PartName[]

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Stores = Pick<Config, 'database' | 'hrDatabaseUrl' | 'cache'>

export function takeStores(
  values: Values,
  place: { folder: string; image: boolean; needed: boolean },
  findings: Findings,
): Stores {
  const { say, fault, warn } = findings
  let url: string | undefined
  let named: 'url' | 'parts' = 'url'
  let hr =
    values.HR_DATABASE_URL &&
    (scheme(values.HR_DATABASE_URL, /^(mysql|mariadb)(\+\w+)?:\/\//, 'mysql://') ??
      scheme(values.HR_DATABASE_URL, /^postgres(ql)?(\+\w+)?:\/\//, 'postgres://'))
  if (values.HR_DATABASE_URL && !hr) fault('HR_DATABASE_URL', say.notUrl(['mysql:', 'postgres:']))

  const given = values.DATABASE_URL
  const asHr = given && scheme(given, /^(mysql|mariadb)(\+\w+)?:\/\//, 'mysql://')
  if (asHr) {
    if (hr && hr !== asHr) fault('DATABASE_URL', say.hrTwice)
    else warn('DATABASE_URL', say.databaseAsHr)
    hr = asHr
  } else if (given && /^sqlite/i.test(given)) fault('DATABASE_URL', say.databaseSqlite)
  else if (given) {
    url = scheme(given, /^postgres(ql)?(\+\w+)?:\/\//, 'postgres://')
    if (!url) fault('DATABASE_URL', say.databaseScheme)
  }

  const parts = PART_NAMES.filter((name) => values[name] !== undefined)
  if (url) {
    const parsed = new URL(url)
    for (const name of parts) {
      if (String(values[name]) !== PARTS[name](parsed)) fault(name, say.partsDiffer('DATABASE_URL'))
    }
  } else if (values.POSTGRES_SERVER) {
    url = fromParts(values, findings)
    named = 'parts'
  } else if (place.needed && (!given || asHr)) {
    for (const name of parts) if (name !== 'POSTGRES_PORT') fault(name, say.partsWithoutServer)
  }

  return {
    database: url ? { engine: 'postgres', url, named } : { engine: 'sqlite', file: join(place.folder, 'centralita.db') },
    hrDatabaseUrl: hr || undefined,
    cache: { redisUrl: redis(values, place.image, findings) },
  }
}

const scheme = (given: string, known: RegExp, ours: string): string | undefined => {
  const url = given.replace(known, ours)
  return known.test(given) && URL.canParse(url) && new URL(url).hostname !== '' ? url : undefined
}

function fromParts(values: Values, { say, fault }: Findings): string | undefined {
  const missing = PART_NAMES.filter((name) => name !== 'POSTGRES_PORT' && values[name] === undefined)
  for (const name of missing) fault(name, say.partMissing)
  if (missing.length > 0) return undefined
  const [user, password, db] = [values.POSTGRES_USER, values.POSTGRES_PASSWORD, values.POSTGRES_DB].map((part) =>
    encodeURIComponent(part ?? ''),
  )
  const server = values.POSTGRES_SERVER!.includes(':') ? `[${values.POSTGRES_SERVER}]` : values.POSTGRES_SERVER
  const url = `postgres://${user}:${password}@${server}:${values.POSTGRES_PORT ?? 5432}/${db}`
  if (URL.canParse(url) && new URL(url).hostname !== '') return url
  fault('POSTGRES_SERVER', say.notUrl(['postgres:']))
  return undefined
}

function redis(values: Values, image: boolean, { say, fault }: Findings): string | undefined {
  if (values.REDIS_URL && values.CACHE_PROVIDER === 'memory') fault('CACHE_PROVIDER', say.cacheContradicts)
  if (values.REDIS_URL) return values.REDIS_URL
  if (values.CACHE_PROVIDER !== 'redis') return undefined
  return image ? 'redis://redis:6379' : 'redis://127.0.0.1:6379'
}
