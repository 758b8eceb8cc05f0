import type { Random } from './random.ts'

/** When something goes wrong: on which methods, how often, how many times. */
export type FaultRule<Kind extends string> = {
  kind: Kind
  /** Method names, any case; none = every method. */
  methods?: string[]
  token?: string
  chat?: number
  /** From 0 to 1; none = always. */
  chance?: number
  /** At most so many times; none = until cleared. */
  count?: number
  /** The first so many matching calls go well. */
  skip?: number
  /** For kinds that wait. */
  ms?: number
  /** For `flood`, in seconds. */
  retryAfter?: number
}

export type StandingFault<Kind extends string> = FaultRule<Kind> & { id: number; struck: number; seen: number }

export type Faults<Kind extends string> = {
  add(rule: FaultRule<Kind>): number
  clear(id?: number): void
  list(): StandingFault<Kind>[]
  /** The first rule among these kinds that strikes this call, if any; counts it. */
  strike(kinds: readonly Kind[], call: Struck): StandingFault<Kind> | undefined
}

type Struck = { method: string; token?: string; chat?: number }

const MOST_RULES = 1000

export function openFaults<Kind extends string>(random: Random): Faults<Kind> {
  let rules: StandingFault<Kind>[] = []
  let lastId = 0

  const concerns = (rule: StandingFault<Kind>, { method, token, chat }: Struck) =>
    (!rule.methods || rule.methods.some((m) => m.toLowerCase() === method.toLowerCase())) &&
    (rule.token === undefined || rule.token === token) &&
    (rule.chat === undefined || rule.chat === chat) &&
    (rule.count === undefined || rule.struck < rule.count)

  return {
    add(rule) {
      if (rules.length >= MOST_RULES) throw new RangeError(`more than ${MOST_RULES} fault rules`)
      lastId += 1
      rules.push({ ...rule, id: lastId, struck: 0, seen: 0 })
      return lastId
    },
    clear(id) {
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id)
    },
    list: () => rules.map((rule) => ({ ...rule })),
    strike(kinds, call) {
      for (const rule of rules) {
        if (!kinds.includes(rule.kind) || !concerns(rule, call)) continue
        rule.seen += 1
        if (rule.seen <= (rule.skip ?? 0)) continue
        if (rule.chance !== undefined && random.next() >= rule.chance) continue
        rule.struck += 1
        return { ...rule }
      }
      return undefined
    },
  }
}
