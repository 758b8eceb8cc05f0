import { messageOf, type Clock } from '../foundation/index.ts'

export type State = 'ok' | 'degraded' | 'failing'
export type PartReport = { state: State; [detail: string]: unknown }
export type Health = { status: State; parts: Record<string, PartReport> }

export type Part = {
  name: string
  /** Without it this process cannot work: its failure makes the whole fail. */
  essential: boolean
  check(): Promise<PartReport> | PartReport
}

const PATIENCE_MS = 2_000
// Many watchers ask; the parts are asked once.
const FRESH_MS = 1_000

export function openHealth({ clock, parts }: { clock: Clock; parts: readonly Part[] }) {
  let last: { at: number; report: Promise<Health> } | undefined

  const ask = async (part: Part): Promise<PartReport> => {
    const over = new AbortController()
    const late = clock.sleep(PATIENCE_MS, over.signal).then((): PartReport => ({ state: 'failing', why: 'no_answer' }))
    try {
      return await Promise.race([Promise.resolve().then(() => part.check()), late])
    } catch (error) {
      return { state: 'failing', why: reasonOf(error) }
    } finally {
      over.abort()
    }
  }

  const look = async (): Promise<Health> => {
    const reports = await Promise.all(parts.map(ask))
    const states = parts.map((part, i): State => (part.essential || reports[i]!.state === 'ok' ? reports[i]!.state : 'degraded'))
    const status = states.includes('failing') ? 'failing' : states.includes('degraded') ? 'degraded' : 'ok'
    return { status, parts: Object.fromEntries(parts.map((part, i) => [part.name, reports[i]!])) }
  }

  return (): Promise<Health> => {
    if (!last || clock.monotonic() - last.at >= FRESH_MS) last = { at: clock.monotonic(), report: look() }
    return last.report
  }
}

// A driver's message may carry an address or a user's name: /health is open to everyone.
const reasonOf = (error: unknown): string => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/i.test(code)
    ? code
    : messageOf(error).includes('timeout')
      ? 'timeout'
      : 'error'
}

/** A loop that has not come round for this long does not work. */
export function loopPart(name: string, beat: () => number, clock: Clock, patienceMs = 60_000): Part {
  return {
    name,
    essential: true,
    check: () => {
      const silent = clock.monotonic() - beat()
      return silent > patienceMs ? { state: 'failing', silent_s: Math.round(silent / 1000) } : { state: 'ok' }
    },
  }
}
