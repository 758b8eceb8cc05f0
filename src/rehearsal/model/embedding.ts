import { createHash } from 'node:crypto'

/** A vector that is the same for the same words and near for shared ones: each word lights a few fixed places. */
export function embed(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0)
  const words = text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  for (const word of words ?? []) {
    const digest = createHash('sha256').update(word).digest()
    for (let i = 0; i < 4; i++) vector[digest.readUInt32LE(i * 4) % dimensions]! += digest[16 + i]! % 2 === 0 ? 1 : -1
  }
  const length = Math.hypot(...vector)
  return length === 0 ? vector.with(0, 1) : vector.map((x) => x / length)
}

export const asBase64 = (vector: number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString('base64')
