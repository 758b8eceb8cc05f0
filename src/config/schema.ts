import type { Words } from '../texts/index.ts'
import {
  address,
  amount,
  assistantName,
  chat,
  choice,
  integer,
  listOf,
  network,
  origin,
  text,
  webAddress,
  zone,
} from './kinds.ts'
import type { Kind } from './kinds.ts'

type Section = keyof Words['config']['say']['sections']
/** Its sentence is in texts/…/config.ts under `about`: one that is missing there, or here, does not compile. */
export type VariableName = keyof Words['config']['say']['about']

export type Variable<T> = {
  section: Section
  kind: Kind<T>
  /** The value when unset. */
  standard?: T
  /** How the default reads when it depends on other things. */
  shown?: string
  secret?: true
  /** Accepted and kept for what is to come. */
  later?: true
}

const http = 'http'
const place = 'place'
const data = 'data'
const telegram = 'telegram'
const models = 'models'
const limits = 'limits'
const retention = 'retention'
const services = 'services'
const days = integer(1, 3650)
const key = { section: 'keys', kind: text, secret: true } as const

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const
export const PROVIDERS = ['offline', 'groq', 'openai-compatible', 'anthropic', 'azure'] as const

export const schema = {
  PORT: { section: http, kind: integer(0, 65_535), standard: 8000 },
  HOST: { section: http, kind: text, shown: '127.0.0.1' },
  HEALTH_PORT: { section: http, kind: integer(0, 65_535), standard: 8080 },
  PUBLIC_URL: { section: http, kind: webAddress },
  TRUSTED_PROXIES: { section: http, kind: listOf(network), standard: [] },
  CORS_ORIGINS: { section: http, kind: listOf(origin), standard: [] },

  DATA_DIR: { section: place, kind: text, standard: './data' },
  ASSISTANTS_DIR: { section: place, kind: text, standard: './assistants' },
  ASSISTANTS: { section: place, kind: listOf(assistantName) },
  TZ: { section: place, kind: zone },
  CCM_CHAT_IDS: { section: place, kind: listOf(chat), standard: [] },

  ADMIN_API_KEY: key,
  SESSION_SECRET_KEY: key,
  INTERNAL_API_KEY: key,

  DATABASE_URL: { section: data, kind: text, secret: true },
  POSTGRES_SERVER: { section: data, kind: text },
  POSTGRES_PORT: { section: data, kind: integer(1, 65_535), shown: '5432' },
  POSTGRES_DB: { section: data, kind: text },
  POSTGRES_USER: { section: data, kind: text },
  POSTGRES_PASSWORD: { section: data, kind: text, secret: true },
  HR_DATABASE_URL: { section: data, kind: text, secret: true },
  REDIS_URL: { section: data, kind: address('redis:', 'rediss:'), secret: true },
  CACHE_PROVIDER: { section: data, kind: choice(['memory', 'redis']), shown: 'memory' },

  LOG_LEVEL: { section: 'log', kind: choice(LEVELS, { warn: 'WARNING', critical: 'ERROR', fatal: 'ERROR' }), standard: 'INFO' },
  LOG_LANG: { section: 'log', kind: choice(['es', 'en']), standard: 'es' },
  LOG_FORMAT: { section: 'log', kind: choice(['json', 'pretty']), shown: 'json' },
  LOG_DIR: { section: 'log', kind: text },

  TELEGRAM_BOT_TOKEN: { section: telegram, kind: text, secret: true },
  TELEGRAM_API_ROOT: { section: telegram, kind: webAddress, standard: 'https://api.telegram.org' },
  TELEGRAM_MODE: { section: telegram, kind: choice(['polling', 'webhook']), standard: 'polling' },
  TELEGRAM_WEBHOOK_SECRET: { section: telegram, kind: text, secret: true },
  TELEGRAM_ACCESS: { section: telegram, kind: choice(['pairing', 'open', 'allowlist']), standard: 'pairing' },
  TELEGRAM_ALLOWLIST: { section: telegram, kind: listOf(chat), standard: [] },
  LOCAL_API_URL: { section: telegram, kind: webAddress, shown: 'http://127.0.0.1:8000/api/v1/webhooks/telegram' },

  LLM_PROVIDER: { section: models, kind: choice(PROVIDERS, { openai: 'openai-compatible' }), shown: 'offline' },
  LLM_MODEL: { section: models, kind: text },
  LLM_BASE_URL: { section: models, kind: webAddress },
  LLM_API_KEY: { section: models, kind: text, secret: true },
  LLM_SEES: {
    section: models,
    kind: choice(['yes', 'no'], { 's\u00ed': 'yes', si: 'yes', true: 'yes', false: 'no' }),
    standard: 'no',
  },
  LLM_FALLBACKS: { section: models, kind: listOf(text), standard: [] },
  GROQ_API_KEY: { section: models, kind: text, secret: true },
  GROQ_BASE_URL: { section: models, kind: webAddress, standard: 'https://api.groq.com/openai/v1' },
  TRANSCRIPTION_BASE_URL: { section: models, kind: webAddress },
  TRANSCRIPTION_MODEL: { section: models, kind: text },
  TRANSCRIPTION_API_KEY: { section: models, kind: text, secret: true },
  EMBEDDINGS_BASE_URL: { section: models, kind: webAddress },
  EMBEDDINGS_MODEL: { section: models, kind: text },
  EMBEDDINGS_API_KEY: { section: models, kind: text, secret: true },

  BUDGET_TOKENS_PERSON_DAY: { section: limits, kind: integer(0, 1e12) },
  BUDGET_MONEY_DAY: { section: limits, kind: amount },
  PROACTIVE_DAILY_LIMIT: { section: limits, kind: integer(0, 2), standard: 2 },
  DEBOUNCE_MS: { section: limits, kind: integer(0, 3000), standard: 700 },
  OPERATOR_CHAT: { section: limits, kind: chat },
  // Chat services put the permission to write into the address itself.
  OPERATOR_WEBHOOK: { section: limits, kind: address('http:', 'https:'), secret: true },

  RETENTION_RAW_DAYS: { section: retention, kind: days, standard: 7 },
  RETENTION_TRANSCRIPT_DAYS: { section: retention, kind: days, standard: 365 },
  RETENTION_SENT_DAYS: { section: retention, kind: days, standard: 365 },
  RETENTION_TRACE_DAYS: { section: retention, kind: days, standard: 30 },

  GOOGLE_APPLICATION_CREDENTIALS: { section: services, kind: text },
  AZURE_SPEECH_KEY: { section: services, kind: text, secret: true, later: true },
  AZURE_SPEECH_REGION: { section: services, kind: text, later: true },
  TELNYX_API_KEY: { section: services, kind: text, secret: true, later: true },
  TELNYX_PUBLIC_KEY: { section: services, kind: text, secret: true, later: true },
  TWILIO_ACCOUNT_SID: { section: services, kind: text, later: true },
  TWILIO_AUTH_TOKEN: { section: services, kind: text, secret: true, later: true },
  KNOWLEDGE_URL: { section: services, kind: webAddress, later: true },
  TOOLS_URL: { section: services, kind: webAddress, later: true },
  AUTH_URL: { section: services, kind: webAddress, later: true },
} as const satisfies { [N in VariableName]: Variable<unknown> }

type ValueOf<V> = V extends { kind: Kind<infer T>; standard: unknown }
  ? T
  : V extends { kind: Kind<infer T> }
    ? T | undefined
    : never
export type Values = { readonly [N in VariableName]: ValueOf<(typeof schema)[N]> }

export const variables = Object.entries(schema) as unknown as readonly [VariableName, Variable<unknown>][]
export const isVariable = (name: string): name is VariableName => Object.hasOwn(schema, name)
export const variable = (name: VariableName): Variable<unknown> => schema[name]
