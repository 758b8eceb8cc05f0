import type { Language } from '../texts/index.ts'
import type { PROVIDERS } from './schema.ts'

export type Provider = (typeof PROVIDERS)[number]
export type Endpoint = Readonly<{ baseUrl: string; model: string; apiKey: string | undefined }>
/** Each is spoken to in its own protocol, at `baseUrl`; of `azure` the model is the name of a deployment. */
export type Model = Readonly<{ provider: Provider; model: string; baseUrl?: string; apiKey?: string }>

/** Everything the operator decided. Frozen; printing it shows no secret. */
export type Config = Readonly<{
  /** Inside the container image (`CENTRALITA_IMAGE=1`). */
  image: boolean
  /** Those of this process; empty = all. */
  roles: readonly string[]
  zone: string
  /** Did the operator say it? */
  zoneGiven: boolean
  http: Readonly<{
    host: string
    port: number
    healthPort: number
    publicUrl?: string
    corsOrigins: readonly string[]
    trustedProxies: readonly string[]
  }>
  folders: Readonly<{ data: string; assistants: string }>
  /** Which run here; undefined = all that are found. */
  assistants: readonly string[] | undefined
  keys: Readonly<{ admin: string; session: string; internal: string }>
  database: Readonly<{ engine: 'sqlite'; file: string }> | Readonly<{ engine: 'postgres'; url: string; named: 'url' | 'parts' }>
  hrDatabaseUrl: string | undefined
  cache: Readonly<{ redisUrl: string | undefined }>
  log: Readonly<{
    level: 'debug' | 'info' | 'warn' | 'error'
    lang: Language
    format: 'json' | 'pretty'
    dir: string | undefined
  }>
  telegram: Readonly<{
    /** By assistant; the nameless variable's stands under `aegen`, or the only one in ASSISTANTS. See `tokensFor`. */
    tokens: ReadonlyMap<string, string>
    apiRoot: string
    mode: 'polling' | 'webhook'
    webhookSecret: string | undefined
    access: 'pairing' | 'open' | 'allowlist'
    allowlist: readonly string[]
    /** Where polling posts AEGEN's updates; the others' with `/<assistant>` behind it. */
    forwardTo: string
  }>
  /** `sees`: the model (not its fallbacks) takes images. */
  llm: Model & Readonly<{ fallbacks: readonly Model[]; sees?: boolean }>
  transcription: Endpoint | undefined
  embeddings: Endpoint | undefined
  /** undefined = what the assistant's file says. */
  budget: Readonly<{ tokensPersonDay: number | undefined; moneyDay: number | undefined }>
  proactiveDailyLimit: number
  debounceMs: number
  operator: Readonly<{ chat: string | undefined; webhook: string | undefined }>
  retention: Readonly<{ rawDays: number; transcriptDays: number; sentDays: number; traceDays: number; updateKeyDays: number }>
  ccmChatIds: readonly string[]
  services: Readonly<{ knowledge: string | undefined; tools: string | undefined; auth: string | undefined }>
  googleCredentials: string | undefined
  warnings: readonly string[]
  /** Was this variable given, as a value or a file? Also for names that only an assistant knows. */
  isSet(name: string): boolean
  /** Every secret value, longest first, for whoever hides them. */
  secrets(): readonly string[]
}>
