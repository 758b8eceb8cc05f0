import { randomBytes, randomInt, timingSafeEqual, createHash } from 'node:crypto'

/** Letters and digits that survive being read aloud: no 0/O, 1/I/L. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

export const newId = (): string => randomBytes(12).toString('base64url')
export const newSecret = (): string => randomBytes(32).toString('base64url')

export function readableCode(length = 8): string {
  let code = ''
  while (code.length < length) {
    const byte = randomBytes(1)[0]!
    if (byte < READABLE.length * 8) code += READABLE[byte % READABLE.length]
  }
  return code
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Equal in constant time, whatever the lengths. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

/** From 0 to 1, for what should not happen at the same moment everywhere. */
export const chance = (): number => randomInt(2 ** 32) / 2 ** 32
