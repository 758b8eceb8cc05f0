/**
 * Every variable, typed: the one place that reads the environment. It tells all that is wrong at once, in the operator's
 * language, and never what a value said. Refuses: to start anything, to ask the network, to guess between two answers.
 */
import { join, resolve } from 'node:path'
import { Misconfigured } from './foundation/index.ts'
import { wordsIn, type Language } from './texts/index.ts'
import { readDotEnv, whyUnreadable } from './config/files.ts'
import { openFindings, type Findings } from './config/findings.ts'
import { isTokenName, takeGiven, type Env } from './config/given.ts'
import { takeKeys, type KeyName } from './config/keys.ts'
import { Wrong } from './config/kinds.ts'
import { takeModels } from './config/models.ts'
import { isVariable, variable, variables, type Values } from './config/schema.ts'
import type { Config } from './config/shape.ts'
import { takeStores } from './config/stores.ts'
import { takeTelegram } from './config/telegram.ts'

export { describeVariables, exampleEnv, type Described } from './config/example.ts'
export { tokenName, tokensFor } from './config/telegram.ts'
export type { Config, Endpoint, Model, Provider } from './config/shape.ts'
export type { VariableName } from './config/schema.ts'
export { distance } from './config/nearest.ts'

export type ReadOptions = {
  cwd: string
  /** Those of this process; none = all. */
  roles?: readonly string[]
  image?: boolean
  /** Make the keys that are missing and keep them in DATA_DIR, as a start does. Without it they last as long as the process. */
  keepKeys?: boolean
  /** Is a person looking at the output? */
  terminal?: boolean
}

// Those that work on the database; on SQLite they are one process or none.
const DATABASE_ROLES = ['app', 'assistant', 'outbox']
const LEVELS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const
// Telegram forgets updates after 24 h; a restored or moved poller may still bring a week's worth again.
const LEAST_UPDATE_KEY_DAYS = 8

/** Throws `Misconfigured` with every fault. */
export function readConfig(env: Env, options: ReadOptions): Config {
  const { cwd, roles = [] } = options
  const image = options.image ?? /^(1|true)$/i.test(env['CENTRALITA_IMAGE']?.trim() ?? '')
  const findings = openFindings(saidIn(env))
  const { say, warn } = findings
  const given = takeGiven(env, cwd, findings)
  const values = takeValues(given, findings)
  const onlyPolling = roles.length > 0 && roles.every((role) => role === 'polling')
  const folder = resolve(cwd, values.DATA_DIR)

  const needed: readonly KeyName[] = onlyPolling
    ? ['INTERNAL_API_KEY']
    : ['ADMIN_API_KEY', 'SESSION_SECRET_KEY', 'INTERNAL_API_KEY']
  const stores = takeStores(values, { folder, image, needed: !onlyPolling }, findings)
  const telegram = takeTelegram(values, { given, image, onlyPolling }, findings)
  const models = takeModels(values, findings)
  const some = DATABASE_ROLES.filter((role) => roles.includes(role))
  const meantPostgres = values.POSTGRES_SERVER || (values.DATABASE_URL && stores.hrDatabaseUrl === undefined)
  if (stores.database.engine === 'sqlite' && !meantPostgres && some.length > 0 && some.length < DATABASE_ROLES.length)
    findings.faultLine(say.sqliteShared(some.join(', ')))
  const host = values.HOST ?? (image ? '0.0.0.0' : '127.0.0.1')
  if (!image && !/^(127\.|localhost$|\[?::1\]?$)/.test(host)) warn('HOST', say.publicHost)
  if (image && !values.TZ) findings.warnLine(say.zoneUnset)
  const keys = takeKeys(given, { image, needed, folder, keep: options.keepKeys ?? false }, findings)
  if (findings.faults.length > 0) throw new Misconfigured(findings.faults)

  const secrets = secretsOf(given, [...Object.values(keys), stores.database.engine === 'postgres' ? stores.database.url : ''])
  return sealed({
    image,
    roles: [...roles],
    zone: values.TZ ?? (image ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone),
    zoneGiven: values.TZ !== undefined,
    http: {
      host,
      port: values.PORT,
      healthPort: values.HEALTH_PORT,
      publicUrl: values.PUBLIC_URL,
      corsOrigins: values.CORS_ORIGINS,
      trustedProxies: values.TRUSTED_PROXIES,
    },
    folders: { data: folder, assistants: resolve(cwd, values.ASSISTANTS_DIR) },
    assistants: values.ASSISTANTS?.length ? values.ASSISTANTS : undefined,
    keys: { admin: keys.ADMIN_API_KEY, session: keys.SESSION_SECRET_KEY, internal: keys.INTERNAL_API_KEY },
    ...stores,
    log: {
      level: LEVELS[values.LOG_LEVEL],
      lang: values.LOG_LANG,
      format: values.LOG_FORMAT ?? (options.terminal ? 'pretty' : 'json'),
      dir: values.LOG_DIR && resolve(cwd, values.LOG_DIR),
    },
    telegram,
    llm: models.llm,
    transcription: models.transcription,
    embeddings: models.embeddings,
    budget: { tokensPersonDay: values.BUDGET_TOKENS_PERSON_DAY, moneyDay: values.BUDGET_MONEY_DAY },
    proactiveDailyLimit: values.PROACTIVE_DAILY_LIMIT,
    debounceMs: values.DEBOUNCE_MS,
    operator: { chat: values.OPERATOR_CHAT, webhook: values.OPERATOR_WEBHOOK },
    retention: {
      rawDays: values.RETENTION_RAW_DAYS,
      transcriptDays: values.RETENTION_TRANSCRIPT_DAYS,
      sentDays: values.RETENTION_SENT_DAYS,
      traceDays: values.RETENTION_TRACE_DAYS,
      updateKeyDays: Math.max(LEAST_UPDATE_KEY_DAYS, values.RETENTION_RAW_DAYS),
    },
    ccmChatIds: values.CCM_CHAT_IDS,
    services: { knowledge: values.KNOWLEDGE_URL, tools: values.TOOLS_URL, auth: values.AUTH_URL },
    googleCredentials: values.GOOGLE_APPLICATION_CREDENTIALS && resolve(cwd, values.GOOGLE_APPLICATION_CREDENTIALS),
    warnings: findings.warnings,
    isSet: (name) => Boolean(env[name]?.trim() || env[`${name}_FILE`]?.trim()),
    secrets: () => secrets,
  })
}

/** From the process's environment, then `.env` in its folder. */
export function loadConfig(options: Partial<ReadOptions> & { env?: Env } = {}): Config {
  const { env = process.env, cwd = process.cwd(), terminal = process.stdout.isTTY ?? false } = options
  const file = join(cwd, '.env')
  const findings = openFindings(saidIn(env))
  let written: Env
  try {
    written = readDotEnv(file, findings)
  } catch (error) {
    throw new Misconfigured([findings.say.unreadableFile(file, whyUnreadable(file, error, findings.say))])
  }
  const filled = Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== '')
  const config = readConfig({ ...written, ...Object.fromEntries(filled) }, { ...options, cwd, terminal })
  return sealed({ ...config, warnings: [...findings.warnings, ...config.warnings] })
}

/** The language asked for, also when everything else is at fault. */
export function languageAsked({ env = process.env, cwd = process.cwd() }: { env?: Env; cwd?: string } = {}): Language {
  let asked = env['LOG_LANG']?.trim()
  if (!asked) {
    try {
      asked = readDotEnv(join(cwd, '.env'), openFindings(wordsIn('es').config.say))['LOG_LANG']?.trim()
    } catch {
      // Not readable: that is told where it matters.
    }
  }
  return asked?.toLowerCase() === 'en' ? 'en' : 'es'
}

const saidIn = (env: Env) => wordsIn(env['LOG_LANG']?.trim().toLowerCase() === 'en' ? 'en' : 'es').config.say

function takeValues(given: ReadonlyMap<string, string>, { say, fault }: Findings): Values {
  const values: Record<string, unknown> = {}
  for (const [name, { kind, standard }] of variables) {
    const text = given.get(name)
    const value = text === undefined ? standard : kind(text, say)
    if (value instanceof Wrong) fault(name, value.why)
    values[name] = value instanceof Wrong ? standard : value
  }
  return values as Values
}

function secretsOf(given: ReadonlyMap<string, string>, more: readonly string[]): readonly string[] {
  const secrets = new Set(more.filter(Boolean))
  for (const [name, value] of given) {
    if (!isTokenName(name) && !(isVariable(name) && variable(name).secret)) continue
    secrets.add(value)
    const password = URL.parse(value)?.password
    if (!password) continue
    secrets.add(password)
    try {
      secrets.add(decodeURIComponent(password))
    } catch {
      // Not encoded: it is in the set as it stands.
    }
  }
  return [...secrets].sort((a, b) => b.length - a.length)
}

/** Frozen through and through; JSON and `console.log` show where the secrets would be, not what they are. */
function sealed(config: Config): Config {
  const hidden = { value: () => '[config]', enumerable: false }
  Object.defineProperties(config, { toJSON: hidden, [Symbol.for('nodejs.util.inspect.custom')]: hidden })
  return frozen(config)
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Map) && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}
