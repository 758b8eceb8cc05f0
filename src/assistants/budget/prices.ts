import listed from './prices.json' with { type: 'json' }
import type { Usage } from '../model.ts'

type Price = { in: number; out: number; long?: { above: number; in: number; out: number } }

const prices = new Map<string, Price>(listed.prices.map((one) => [one.model, one]))

/**
 * Dollars per million tokens, which is micros per token. A version's date behind the name changes nothing. What is not
 * listed (a local model, a deployment with a name of its own) has no price: then only its tokens are counted.
 */
export const priceOf = (model: string): Price | undefined =>
  prices.get(model) ?? prices.get(model.replace(/(?:[-@]\d{8}|-\d{4}-\d\d-\d\d|-latest)$/, ''))

/** Micros of a dollar, rounded up. */
export function costOf(model: string, usage: Pick<Usage, 'in' | 'out'>): number | null {
  const price = priceOf(model)
  if (!price) return null
  const { in: perIn, out: perOut } = price.long && usage.in > price.long.above ? price.long : price
  // In whole billionths first: 0.1 × 3 must not round up to one more.
  return Math.ceil(Math.round(usage.in * perIn * 1000 + usage.out * perOut * 1000) / 1000)
}

const sounds = new Map(listed.sound.map((one) => [one.model, one]))

/** Micros of a dollar for so much of listening, rounded up; null where the price is not known. */
export function soundCostOf(model: string, seconds: number): number | null {
  const price = sounds.get(model)
  return price ? Math.ceil((Math.max(price.leastSeconds, seconds) * price.hour * 1_000_000) / 3600) : null
}
