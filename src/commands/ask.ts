import { CouldNotAsk, Refused } from '../foundation/index.ts'
import type { Language } from '../texts/index.ts'

export type Problem = { field: string; problem: string }
export type Event = { event: string; data: Record<string, unknown> }

/** A door, from outside: every command asks it the same way, whoever opened it. */
export type Ask = {
  url: string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<{ status: number; value: T }>
  /** Server-sent events, until the door ends them. */
  events(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<Event>
}

// A database that is busy is waited for by the door itself, for 15 s.
const PATIENCE_MS = 30_000

export function openAsk({ url, key, language }: { url: string; key: string; language: Language }): Ask {
  const headers = { 'x-api-key': key, 'accept-language': language }

  async function send(method: 'GET' | 'POST', path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const sent =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    let response: Response
    try {
      // The key goes to this door and to no other.
      response = await fetch(url + path, { ...sent, method, redirect: 'error', signal })
    } catch (error) {
      const refused = (error as { cause?: { code?: unknown } }).cause?.code === 'ECONNREFUSED'
      throw new CouldNotAsk(url, refused ? 'no' : 'unknown', error)
    }
    if (!response.ok) throw await refusal(response)
    return response
  }

  async function json<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; value: T }> {
    const response = await send(method, path, body, AbortSignal.timeout(PATIENCE_MS))
    try {
      return { status: response.status, value: (await response.json()) as T }
    } catch (error) {
      throw new CouldNotAsk(url, 'unknown', error)
    }
  }

  return {
    url,
    get: async (path) => (await json<never>('GET', path)).value,
    post: (path, body) => json('POST', path, body),
    async *events(path, body, signal) {
      const response = await send('POST', path, body, signal)
      if (!response.body) throw new CouldNotAsk(url, 'unknown')
      let rest = ''
      try {
        for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
          const parts = (rest + piece).split('\n\n')
          rest = parts.pop()!
          for (const part of parts) {
            const event = eventIn(part)
            if (event) yield event
          }
        }
      } catch (error) {
        throw new CouldNotAsk(url, 'unknown', error)
      }
    },
  }
}

async function refusal(response: Response): Promise<Refused> {
  const told = (await response.json().catch(() => undefined)) as
    | { error?: { code?: string; message?: string; details?: unknown } }
    | undefined
  const { code = `http_${response.status}`, message = `HTTP ${response.status}`, details } = told?.error ?? {}
  return new Refused(code, message, { status: response.status, details: { details } })
}

/** What was wrong field by field, where the door said so. */
export function problemsIn(error: Refused): Problem[] {
  const list = error.details['details']
  return Array.isArray(list) ? (list as Problem[]).filter((one) => typeof one?.problem === 'string') : []
}

function eventIn(part: string): Event | undefined {
  const lines = part.split('\n')
  const value = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
  const data = value('data')
  return data === undefined
    ? undefined
    : { event: value('event') ?? 'message', data: JSON.parse(data) as Record<string, unknown> }
}

/** `?a=1&b=2` of what was given. */
export function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined))
  return query.size === 0 ? '' : `?${query.toString()}`
}
