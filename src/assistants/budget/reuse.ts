import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Cache } from '../../foundation/index.ts'
import type { Model, ModelRequest, Usage } from '../model.ts'

/*
 * An answer that was paid for once may be given again to whoever asks the very same: same model, same prompt, same words.
 * Only where the assistant's file wants it (`reuseMinutes`), and only what has no tool and nothing personal in it: no name,
 * no history, no memory, no plans, no photo. See `isGeneral`. The words themselves may still be anybody's, so what is kept is sealed
 * with a key that only the same question yields: who searches the cache finds neither the question nor the answer.
 */

export type Saved = { tokens: number; micros: number }
export type ReuseOptions = { cache: Pick<Cache, 'get' | 'set'>; onReused?(saved: Saved): void }

type Kept = { text: string; model: string; usage: Usage | null }

export const reusing = (model: Model, { cache, onReused }: ReuseOptions): Model => ({
  ...model,
  async *answer(request) {
    if (!request.reuseMs || request.tools.length > 0 || model.offline || hasImages(request)) return yield* model.answer(request)
    const { place, key } = sealOf(model.name, request)
    const kept = opened(await cache.get(place), key)
    if (kept) {
      const { usage } = kept
      onReused?.({ tokens: (usage?.in ?? 0) + (usage?.out ?? 0), micros: usage?.micros ?? 0 })
      yield { type: 'text', delta: kept.text }
      return yield { type: 'end', reason: 'stop', usage: { in: 0, out: 0, micros: 0, reused: 1 }, model: kept.model }
    }
    let text = ''
    for await (const event of model.answer(request)) {
      if (event.type === 'text') text += event.delta
      // Only what is whole and no more than words.
      if (event.type === 'end' && event.reason === 'stop' && text.trim() !== '') {
        const fresh: Kept = { text, model: event.model ?? model.name, usage: event.usage ?? null }
        await cache.set(place, sealed(fresh, key), request.reuseMs)
      }
      yield event
    }
  },
})

const hasImages = ({ messages }: ModelRequest): boolean => messages.some((one) => one.role === 'user' && one.images?.length)

function sealOf(model: string, { system, messages, maxTokens }: ModelRequest) {
  const asked = JSON.stringify([model, system, messages, maxTokens])
  const hash = (use: string) => createHash('sha256').update(`${use}\n${asked}`).digest()
  return { place: `reuse:${hash('place').toString('base64url')}`, key: hash('key') }
}

function sealed(kept: Kept, key: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(JSON.stringify(kept)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
}

function opened(value: string | null, key: Buffer): Kept | undefined {
  if (value === null) return undefined
  try {
    const all = Buffer.from(value, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, 12)).setAuthTag(all.subarray(12, 28))
    return JSON.parse(Buffer.concat([decipher.update(all.subarray(28)), decipher.final()]).toString('utf8')) as Kept
  } catch {
    // Somebody else's, or damaged: as good as none.
    return undefined
  }
}
