import type { TestContext } from 'node:test'
import type { ApiError, ApiMethods, ApiSuccess } from '@grammyjs/types'
import { openFakeTelegram, openRehearsalClock, type FakeTelegramOptions } from '../index.ts'
import { until } from '../until.ts'

export const NOON = Date.UTC(2026, 10, 21, 12)
export const TOKEN = '1001:rehearsal-token'
export const ANA = { id: 501, first_name: 'Ana' }
export const LUIS = { id: 502, first_name: 'Luis' }

type Api = ApiMethods<Blob>
export type Reply<T> = { status: number } & (ApiSuccess<T> | ApiError)

/** A fake Telegram on a clock that stands still, one bot, and a plain way to call its methods. */
export async function openStage(t: TestContext, options: Partial<FakeTelegramOptions> = {}) {
  const clock = openRehearsalClock(NOON)
  const telegram = await openFakeTelegram({ clock, bots: [TOKEN], limits: false, ...options })
  t.after(() => telegram.close())

  const call = async <M extends keyof Api>(method: M, args: object = {}, token = TOKEN): Promise<Reply<ReturnType<Api[M]>>> => {
    const res = await fetch(`${telegram.url}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(args),
    })
    return { status: res.status, ...((await res.json()) as ApiSuccess<ReturnType<Api[M]>>) }
  }
  const ok = async <M extends keyof Api>(method: M, args: object = {}, token = TOKEN): Promise<ReturnType<Api[M]>> => {
    const reply = await call(method, args, token)
    if (!reply.ok) throw new Error(`${method}: ${reply.error_code} ${reply.description}`)
    return reply.result
  }
  const refused = async (method: keyof Api, args: object = {}, token = TOKEN): Promise<ApiError> => {
    const reply = await call(method, args, token)
    if (reply.ok) throw new Error(`${method} was not refused`)
    return reply
  }
  /** The texts one poll gives. */
  const texts = async (args: object = {}) => (await ok('getUpdates', args)).map((u) => u.message?.text)
  /** Starts a long poll and returns once it waits. */
  const longPoll = async (args: object = {}) => {
    const before = clock.sleeping()
    const polling = call('getUpdates', { timeout: 50, ...args })
    await until(() => clock.sleeping() > before, 'the poll to wait')
    return { reply: polling }
  }
  return { clock, telegram, call, ok, refused, texts, longPoll, people: telegram.people, faults: telegram.faults }
}

/** Still open after a little while. Only for what must NOT have happened: a slow machine can make it pass, never fail. */
export async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open')
  await new Promise((resolve) => setTimeout(resolve, 20))
  return (await Promise.race([promise, Promise.resolve(open)])) === open
}
