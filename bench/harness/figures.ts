/** One measurement: names to numbers. What could not be measured is left out. */
export type Figures = Record<string, number>

export type Spread = { median: number; min: number; max: number; n: number }

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const median = sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN, n: sorted.length }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function until(condition: () => boolean, maxMs: number): Promise<boolean> {
  const start = performance.now()
  while (!condition()) {
    if (performance.now() - start > maxMs) return false
    await pause(2)
  }
  return true
}

/** Calls `work(0…n-1)`, at most `width` at once, until `maxMs` have passed; returns how many were done. */
export async function atOnce(n: number, width: number, work: (i: number) => Promise<unknown>, maxMs = Infinity): Promise<number> {
  const end = performance.now() + maxMs
  let next = 0
  const caller = async () => {
    while (next < n && performance.now() < end) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(width, n) }, caller))
  return next
}

/** The same, with the throughput and the latencies each caller saw. */
export async function paced(n: number, width: number, work: (i: number) => Promise<unknown>, maxMs = Infinity): Promise<Figures> {
  const seen: number[] = []
  const start = performance.now()
  const one = async (i: number) => {
    const from = performance.now()
    await work(i)
    seen.push(performance.now() - from)
  }
  const done = await atOnce(n, width, one, maxMs)
  const ms = performance.now() - start
  return { per_s: (done / ms) * 1000, p50_ms: percentile(seen, 0.5), p99_ms: percentile(seen, 0.99) }
}

export const latencies = (seen: readonly number[]): Figures => ({
  p50_ms: percentile(seen, 0.5),
  p99_ms: percentile(seen, 0.99),
  max_ms: percentile(seen, 1),
})

export const prefixed = (prefix: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value]))
