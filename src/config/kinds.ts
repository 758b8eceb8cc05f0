import { isIP } from 'node:net'
import type { Words } from '../texts/index.ts'

export type Say = Words['config']['say']

/** What a text given by the operator was not. Never carries the text itself: it may be a secret in the wrong place. */
export class Wrong {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}
export type Kind<T> = (text: string, say: Say) => T | Wrong

export const text: Kind<string> = (given) => given

export const integer =
  (min: number, max: number): Kind<number> =>
  (given, say) => {
    const value = /^-?\d{1,15}$/.test(given) ? Number(given) : Number.NaN
    return value >= min && value <= max ? value : new Wrong(say.notInteger(min, max))
  }

export const amount: Kind<number> = (given, say) =>
  /^\d{1,9}(\.\d{1,6})?$/.test(given) ? Number(given) : new Wrong(say.notAmount)

/** Whatever the case; `also` are other words for the same thing. */
export const choice =
  <const T extends string>(choices: readonly T[], also: Readonly<Record<string, T>> = {}): Kind<T> =>
  (given, say) => {
    const word = given.toLowerCase()
    const found = choices.find((one) => one.toLowerCase() === word) ?? (Object.hasOwn(also, word) ? also[word] : undefined)
    return found ?? new Wrong(say.notChoice(choices))
  }

export const listOf =
  <T>(kind: Kind<T>): Kind<readonly T[]> =>
  (given, say) => {
    const values: T[] = []
    for (const part of given.split(',').map((one) => one.trim())) {
      if (part === '') continue
      const value = kind(part, say)
      if (value instanceof Wrong) return value
      values.push(value)
    }
    return values
  }

/** Without the last slash, so that a path can be put behind it. */
export const webAddress: Kind<string> = (given, say) => {
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') return new Wrong(say.notUrl(['http:', 'https:']))
  if (url.username || url.password) return new Wrong(say.passwordInUrl)
  return url.href.replace(/\/+$/, '')
}

/** An address that may carry a password, so its variable is a secret. */
export const address =
  (...schemes: string[]): Kind<string> =>
  (given, say) => {
    const url = URL.parse(given)
    return url && schemes.includes(url.protocol) && (url.hostname !== '' || url.host !== '')
      ? given
      : new Wrong(say.notUrl(schemes))
  }

export const assistantName: Kind<string> = (given, say) => {
  const name = given.toLowerCase()
  return /^[a-z][a-z0-9-]{0,63}$/.test(name) ? name : new Wrong(say.notName)
}

export const chat: Kind<string> = (given, say) => (/^(-?\d{1,20}|@\w{3,64})$/.test(given) ? given : new Wrong(say.notChat))

export const origin: Kind<string> = (given, say) => {
  const url = URL.parse(given)
  const bare = url && /^https?:$/.test(url.protocol) && /^https?:\/\/[^/?#@]+\/?$/i.test(given)
  return bare ? url.origin : new Wrong(say.notOrigin)
}

/** An address, or a network as 172.18.0.0/16. */
export const network: Kind<string> = (given, say) => {
  const [address = '', bits, more] = given.split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return family !== 0 && fits && more === undefined ? given : new Wrong(say.notNetwork)
}

export const zone: Kind<string> = (given, say) => {
  // Some systems write it with a colon in front (POSIX).
  const name = given.replace(/^:/, '')
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name
  } catch {
    return new Wrong(say.notZone)
  }
}
