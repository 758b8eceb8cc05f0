import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Cache } from '../foundation/index.ts'
import type { Employee } from './employee.ts'

/*
 * The last good answer, where other processes and the next start find it. Redis is shared with others, so it holds people
 * only sealed: packed, encrypted and signed with a key of this installation's own. A value that somebody else wrote, cut or
 * mixed up is as good as none. It is cut in pieces because the cache refuses big values.
 */

const PIECE = 240_000
const MOST_PIECES = 200
const UNPACKED_MOST = 200 * 1024 * 1024
const [pack, unpack] = [promisify(gzip), promisify(gunzip)]

export type Kept = { people: Employee[]; at: number }

export function openSealed(cache: Cache, secret: string, name: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `directory ${name}`, 32))
  const place = (piece: number, id: string) => `directory:${name}:${id}:${piece}`
  const head = `directory:${name}`

  return {
    async keep({ people, at }: Kept, livesMs: number): Promise<void> {
      const text = JSON.stringify({ at, people: people.map((p) => [p.id, p.name, p.entry, p.leaving, p.birth, p.area, p.chat]) })
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const packed = await pack(text, { level: 1 })
      const whole = Buffer.concat([iv, cipher.update(packed), cipher.final(), cipher.getAuthTag()]).toString('base64')
      const pieces = Math.ceil(whole.length / PIECE)
      if (pieces > MOST_PIECES) return
      // Pieces of two answers never mix: each answer has places of its own, and the head is written last.
      const id = randomBytes(6).toString('base64url')
      for (let n = 0; n < pieces; n++) await cache.set(place(n, id), whole.slice(n * PIECE, (n + 1) * PIECE), livesMs)
      const before = parsedHead(await cache.get(head))
      await cache.set(head, JSON.stringify({ id, pieces, at }), livesMs)
      if (before) for (let n = 0; n < before.pieces; n++) await cache.delete(place(n, before.id))
    },

    /** When the one that is kept was read from the source. */
    keptAt: async (): Promise<number | undefined> => parsedHead(await cache.get(head))?.at,

    async take(): Promise<Kept | undefined> {
      const known = parsedHead(await cache.get(head))
      if (!known) return undefined
      const pieces: string[] = []
      for (let n = 0; n < known.pieces; n++) {
        const piece = await cache.get(place(n, known.id))
        if (piece === null) return undefined
        pieces.push(piece)
      }
      try {
        const whole = Buffer.from(pieces.join(''), 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(0, 12))
        decipher.setAuthTag(whole.subarray(-16))
        const packed = Buffer.concat([decipher.update(whole.subarray(12, -16)), decipher.final()])
        const { at, people } = JSON.parse((await unpack(packed, { maxOutputLength: UNPACKED_MOST })).toString()) as {
          at: number
          people: [string, string, string | null, string | null, string | null, string | null, string | null][]
        }
        return {
          at,
          people: people.map(([id, name, entry, leaving, birth, area, chat]) => ({
            id,
            name,
            entry,
            leaving,
            birth,
            area,
            chat,
          })),
        }
      } catch {
        return undefined
      }
    },
  }
}

function parsedHead(text: string | null): { id: string; pieces: number; at: number } | undefined {
  try {
    const { id, pieces, at } = JSON.parse(text ?? 'null') as { id?: unknown; pieces?: unknown; at?: unknown }
    const whole =
      typeof id === 'string' && Number.isInteger(pieces) && (pieces as number) <= MOST_PIECES && typeof at === 'number'
    return whole ? { id: id as string, pieces: pieces as number, at: at as number } : undefined
  } catch {
    return undefined
  }
}
