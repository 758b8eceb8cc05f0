import { createHmac, timingSafeEqual } from 'node:crypto'

/*
 * What a button under a promise carries: what it does, to which promise, and a signature over the chat, the promise and
 * the time it had when the button was drawn. So it works in its own chat only, cannot be made up, and is spent as soon as
 * the promise moves, goes out or is taken back: pressing it again finds another time than the one that was signed.
 *
 *   p:h:<key>:<signature>     one hour later      p:d:… the same hour of the next day      p:u:… taken back
 */
export type PlanOp = 'hour' | 'day' | 'undo'
export type PlanPress = { op: PlanOp; key: string; signature: string }
export type Place = { assistant: string; channel: string; chatId: string }

const LETTERS = { hour: 'h', day: 'd', undo: 'u' } as const
const OPS = { h: 'hour', d: 'day', u: 'undo' } as const
// With the rest below Telegram's 64 bytes.
const KEY = /^[\w-]{1,36}$/
const PRESS = /^p:([hdu]):([\w-]{1,36}):([\w-]{16})$/

export const mayHaveButtons = (key: string | null | undefined): key is string => KEY.test(key ?? '')

export function planPressIn(data: string | undefined): PlanPress | undefined {
  const found = PRESS.exec(data ?? '')
  return found ? { op: OPS[found[1] as keyof typeof OPS], key: found[2]!, signature: found[3]! } : undefined
}

export const planData = (op: PlanOp, key: string, at: number, place: Place, secret: string): string =>
  `p:${LETTERS[op]}:${key}:${signed(op, key, at, place, secret)}`

export function isSignedBy({ op, key, signature }: PlanPress, at: number, place: Place, secret: string): boolean {
  return timingSafeEqual(Buffer.from(signed(op, key, at, place, secret)), Buffer.from(signature))
}

const signed = (op: PlanOp, key: string, at: number, { assistant, channel, chatId }: Place, secret: string): string =>
  createHmac('sha256', `buttons under promises|${secret}`)
    .update(JSON.stringify([op, key, at, assistant, channel, chatId]))
    .digest('base64url')
    .slice(0, 16)
