import { sha256, type Cache, type Clock, type Log } from '../foundation/index.ts'
import { no, type HrFault, type Read } from './fault.ts'
import type { Mapping } from './mapping.ts'
import { peopleFrom, rosterOf, type Roster } from './roster.ts'
import { openSealed, type Kept } from './sealed.ts'
import { proposal, type Proposal } from './propose.ts'
import type { Finding, Source } from './sources/source.ts'

export type DirectoryOptions = {
  /** Undefined when HR_DATABASE_URL is not set: every question is answered with that. */
  source: Source | undefined
  mapping: Mapping
  cache: Cache
  clock: Clock
  log: Log
  /** Seals what is kept outside this process. */
  secret: string
  freshMs?: number
  keepMs?: number
}

/** `stale`: the source is away and this is the last good answer. `ageMs`: since the source gave it. */
export type Answer = { roster: Roster; ageMs: number; stale: boolean }
export type Directory = ReturnType<typeof openDirectory>

const FRESH_MS = 60_000
// Birthdays and dates of entry hardly change in a day; older than this, a list is not worth the name.
const KEEP_MS = 24 * 3_600_000
// A source that is away is not asked again by everybody at once.
const PAUSE_MS = 5_000
const LATER_MS = 50

/** The company's people, never older than told, asked for once however many want them. */
export function openDirectory(options: DirectoryOptions) {
  const { source, mapping, cache, clock, log, secret, freshMs = FRESH_MS, keepMs = KEEP_MS } = options
  // Another mapping or another secret is another list.
  const sealed = openSealed(cache, secret, sha256(JSON.stringify(mapping)).slice(0, 16))
  let last: Roster | undefined
  let failed: { fault: HrFault; until: number } | undefined
  let away: HrFault | undefined
  let asking: Promise<Read<Roster>> | undefined
  let keeping: Promise<void> = Promise.resolve()

  const ageOf = (roster: Roster) => Math.max(0, clock.now() - roster.at)
  const isFresh = (roster: Roster | undefined): roster is Roster => roster !== undefined && ageOf(roster) < freshMs

  /** After the answer went out: packing 10 000 people takes as long as telling of them. */
  async function keep(kept: Kept): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LATER_MS))
    try {
      await sealed.keep(kept, keepMs)
    } catch (error) {
      log.warn('directory_not_kept', { error })
    }
  }

  async function ask(): Promise<Read<Roster>> {
    if (!source) return no('unset', 'HR_DATABASE_URL')
    const keptAt = await sealed.keptAt()
    if (keptAt !== undefined && clock.now() - keptAt < freshMs && (!last || keptAt > last.at)) {
      const kept = await sealed.take()
      if (kept && kept.at <= clock.now()) return { ok: true, value: rosterOf(kept.people, kept.at) }
    }
    const startedAt = clock.monotonic()
    const answer = await source.read()
    if (!answer.ok) return answer
    const at = clock.now()
    const people = await peopleFrom(answer.value, mapping)
    log.info('directory_read', {
      people: people.length,
      rows: answer.value.length,
      ms: Math.round(clock.monotonic() - startedAt),
    })
    // In this process's memory it would only stand twice.
    if (cache.state() !== 'memory') keeping = keeping.then(() => keep({ people, at }))
    return { ok: true, value: rosterOf(people, at) }
  }

  async function refreshed(): Promise<Read<Roster>> {
    if (failed && clock.monotonic() < failed.until) return { ok: false, fault: failed.fault }
    asking ??= ask().finally(() => {
      asking = undefined
    })
    const answer = await asking
    if (answer.ok) {
      last = answer.value
      failed = undefined
      if (away) log.info('directory_back')
      away = undefined
    } else {
      failed = { fault: answer.fault, until: clock.monotonic() + PAUSE_MS }
      const { code, what } = answer.fault
      // Nobody who names no database misses one.
      if (away?.code !== code) {
        if (source) log.warn('directory_away', { code, what })
        else log.info('directory_none', { what })
      }
      away = answer.fault
    }
    return answer
  }

  return {
    /** Those of the last minute; else asked anew; else the last good answer, marked so; else why there is none. */
    async people(): Promise<Read<Answer>> {
      if (isFresh(last)) return { ok: true, value: { roster: last, ageMs: ageOf(last), stale: false } }
      const answer = await refreshed()
      if (answer.ok) return { ok: true, value: { roster: answer.value, ageMs: ageOf(answer.value), stale: false } }
      last ??= await fromCache()
      if (last && ageOf(last) < keepMs) return { ok: true, value: { roster: last, ageMs: ageOf(last), stale: true } }
      return answer
    },

    /** For the operator: how far one gets, what stands there, and the lines that would read it. */
    async lookAt(): Promise<{ findings: Finding[]; proposals: Proposal[] }> {
      if (!source)
        return { findings: [{ step: 'name', state: 'bad', what: 'unset', details: { what: 'HR_DATABASE_URL' } }], proposals: [] }
      const { findings, tables } = await source.look()
      return { findings, proposals: proposal(tables) }
    },

    /** For /health: what is known without asking. */
    state: (): { state: 'ok' | 'degraded'; why?: string; age_s?: number } => ({
      state: away || !source ? 'degraded' : 'ok',
      ...((away || !source) && { why: away?.code ?? 'unset' }),
      ...(last && { age_s: Math.round(ageOf(last) / 1000) }),
    }),

    async close(): Promise<void> {
      await keeping
      await source?.close()
    },
  }

  async function fromCache(): Promise<Roster | undefined> {
    const kept = await sealed.take()
    return kept && kept.at <= clock.now() ? rosterOf(kept.people, kept.at) : undefined
  }
}
