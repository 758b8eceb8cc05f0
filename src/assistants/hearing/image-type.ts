import type { ImageType } from '../model.ts'

// In hexadecimal: JPEG, PNG, GIF87a or GIF89a, RIFF with a WEBP in it.
const SIGNS: readonly [type: ImageType, sign: RegExp][] = [
  ['image/jpeg', /^ffd8ff/],
  ['image/png', /^89504e470d0a1a0a/],
  ['image/gif', /^474946383[79]61/],
  ['image/webp', /^52494646.{8}57454250/],
]

/** By its first bytes; names and what a phone says of it count for nothing. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const begins = Buffer.from(bytes.subarray(0, 12)).toString('hex')
  return SIGNS.find(([, sign]) => sign.test(begins))?.[0]
}
