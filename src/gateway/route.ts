import type { z } from 'zod'
import type { Words } from '../texts/index.ts'
import type { Answer, Fault } from './answer.ts'
import type { Visit } from './visit.ts'

/** Who may call. `key` is the admin's; `telegram` is the webhook's secret, or the key of the polling role. */
export type Who = 'open' | 'key' | 'key or session' | 'telegram'
export type Caller = { kind: 'nobody' | 'key' | 'telegram' | 'internal' } | { kind: 'session'; chat: string }

/** So many a minute from one address, and as many again from one key or session. */
export const PACES = {
  // A page and what it loads, a health check every second.
  page: 900,
  api: 3_000,
  // Each may cost a turn of a model.
  chat: 120,
  entry: 30,
  // Above what one machine can store: it ends a loop, and never holds up Telegram.
  webhook: 600_000,
} as const
export type Pace = keyof typeof PACES

export type Call<Query = unknown, Body = unknown> = {
  params: Record<string, string>
  query: Query
  body: Body
  caller: Caller
  visit: Visit
}

export type Shape = { about: 'json'; schema: z.ZodType } | { about: 'text' | 'page' | 'events' }

export type Route<Query = unknown, Body = unknown> = {
  method: 'GET' | 'POST'
  path: string
  who: Who
  pace: Pace
  /** What it does, in `texts`; a route without a name is a page, and not in the description. */
  name?: keyof Words['gateway']['say']['routes']
  /** The most bytes that a body may have; 0 = it has none. */
  cap: number
  query?: z.ZodType<Query>
  body?: z.ZodType<Body>
  /** The handler reads the body itself; `body` is for the description only. */
  readsItself?: true
  /** What it answers when all is well. Faults are the same everywhere. */
  answers: Record<number, Shape>
  faults?: readonly number[]
  handle(call: Call<Query, Body>): Promise<Answer | Fault> | Answer | Fault
}

/** Any route, as the door sees it: it has validated what it hands over. */
export type AnyRoute = Omit<Route, 'handle' | 'query' | 'body'> & {
  query?: z.ZodType
  body?: z.ZodType
  handle(call: Call<never, never>): Promise<Answer | Fault> | Answer | Fault
}

/** A route that another room made, knowing no more of the door than this. Its words stand in the door's texts. */
export type OtherRoute = Omit<AnyRoute, 'name' | 'handle'> & {
  name: string
  handle(call: never): Promise<Answer | (Omit<Fault, 'fault'> & { fault: string })>
}

export const route = <Query, Body>(made: Route<Query, Body>): AnyRoute => made

export const KiB = 1024
export const MiB = 1024 * 1024
/** Room for the longest text in any writing, as JSON writes it. */
export const API_CAP = 64 * KiB
