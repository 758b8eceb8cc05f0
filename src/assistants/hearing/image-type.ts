import type { ImageType } from '../model.ts'

const SIGNS: readonly [type: ImageType, sign: RegExp][] = [
  ['image/jpeg', /^\xFF\xD8\xFF/],
  ['image/png', /^\x89PNG\r\n\x1A\n/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
]

/** By its first bytes; names and what a phone says of it count for nothing. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const begins = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return SIGNS.find(([, sign]) => sign.test(begins))?.[0]
}
