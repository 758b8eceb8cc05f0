/**
 * Judges a run by what people said, what Telegram accepted and what the database says of it. Knows nothing of how the
 * product works. A message is `n12`, a proactive one `p7`; an answer quotes every number of its turn, and after `|` some
 * that were said before in the same chat.
 */
export type Accepted = { n: number; at: number; chat: number; text: string; isLost: boolean }
export type Row = { id: number; chat: number; kind: string; status: string; text: string; isOpen: boolean }
export type Ended = { text: string; outcome: string | null }

export type Evidence = {
  /** In the order in which they were said. */
  said: readonly { n: number; chat: number }[]
  planned: readonly { p: number; chat: number }[]
  /** What Telegram accepted, in order. `isLost`: the caller did not get the answer. */
  accepted: readonly Accepted[]
  /** Journal numbers of the sends that were under way when their sender was killed. */
  underWay: ReadonlySet<number>
  rows: readonly Row[]
  /** Every message that was heard, and how it ended. */
  ended: readonly Ended[]
  limit: number
  dayOf(at: number): string
}

export type What =
  | 'lost'
  | 'doubled'
  | 'out of order'
  | 'wrong chat'
  | 'over the limit'
  | 'proactive twice'
  | 'never sent'
  | 'hidden doubt'
  | 'stuck'
export type Finding = { what: What; about: string }
export type Verdict = {
  findings: Finding[]
  counts: {
    said: number
    answers: number
    joined: number
    repeatedAfterFault: number
    repeatedAfterKill: number
    inDoubt: number
    parked: number
    proactive: number
    /** What became of the plans, by status. */
    plans: Record<string, number>
  }
}

const numbersIn = (text: string, letter: 'n' | 'p'): number[] =>
  [...text.matchAll(new RegExp(`\\b${letter}(\\d+)\\b`, 'g'))].map((found) => Number(found[1]))
/** What a text answers; what follows the bar is only quoted. */
const answered = (text: string): number[] => numbersIn(text.split('|')[0]!, 'n')

export function check(evidence: Evidence): Verdict {
  const repeats = doubled(evidence)
  const answers = evidence.accepted.filter((one) => answered(one.text).length > 0)
  const findings = [
    ...lost(evidence),
    ...outOfOrder(evidence),
    ...wrongChat(evidence),
    ...repeats.findings,
    ...proactive(evidence),
    ...claims(evidence),
  ]
  return {
    findings,
    counts: {
      said: evidence.said.length,
      answers: answers.length,
      joined: answers.filter((one) => answered(one.text).length > 1).length,
      repeatedAfterFault: repeats.afterFault,
      repeatedAfterKill: repeats.afterKill,
      inDoubt: evidence.rows.filter((row) => row.status === 'in_doubt').length,
      parked: evidence.ended.filter((one) => one.outcome === 'parked').length,
      proactive: evidence.accepted.filter((one) => numbersIn(one.text, 'p').length > 0).length,
      plans: Object.fromEntries(
        Object.entries(
          Object.groupBy(
            evidence.rows.filter((row) => row.kind === 'proactive'),
            (row) => row.status,
          ),
        ).map(([status, rows]) => [status, rows!.length]),
      ),
    },
  }
}

/** Neither answered, nor in a reply that visibly rests unsent or unclear, nor visibly parked or refused. */
function lost({ said, accepted, rows, ended }: Evidence): Finding[] {
  const visible = new Set([
    ...accepted.flatMap(({ chat, text }) => answered(text).map((n) => `${chat}:${n}`)),
    ...rows
      .filter(({ status }) => status === 'in_doubt' || status === 'failed')
      .flatMap(({ chat, text }) => answered(text).map((n) => `${chat}:${n}`)),
  ])
  const resting = new Set(
    ended.filter(({ outcome }) => outcome === 'parked' || outcome === 'refused').flatMap(({ text }) => numbersIn(text, 'n')),
  )
  return said
    .filter(({ n, chat }) => !visible.has(`${chat}:${n}`) && !resting.has(n))
    .map(({ n, chat }) => ({ what: 'lost', about: `n${n} in chat ${chat}` }))
}

function outOfOrder({ said, accepted }: Evidence): Finding[] {
  const place = new Map(said.map(({ n }, index) => [n, index]))
  const seen = new Set<number>()
  const last = new Map<number, number>()
  return accepted.flatMap(({ chat, text }) =>
    answered(text)
      .filter((n) => !seen.has(n) && seen.add(n))
      .flatMap((n): Finding[] => {
        const before = last.get(chat)
        if (before === undefined || place.get(n)! > place.get(before)!) last.set(chat, n)
        else return [{ what: 'out of order', about: `n${n} after n${before} in chat ${chat}` }]
        return []
      }),
  )
}

function wrongChat({ said, planned, accepted }: Evidence): Finding[] {
  const home = new Map<string, number>([
    ...said.map((s) => [`n${s.n}`, s.chat] as const),
    ...planned.map((p) => [`p${p.p}`, p.chat] as const),
  ])
  return accepted.flatMap(({ chat, text }) =>
    (text.match(/\b[np]\d+\b/g) ?? [])
      .filter((number) => home.get(number) !== chat)
      .map((number): Finding => ({ what: 'wrong chat', about: `${number} of chat ${home.get(number)} in chat ${chat}` })),
  )
}

/** A copy is right only after one whose outcome its sender could not know; one number in two different answers never is. */
function doubled({ accepted, underWay }: Evidence) {
  const findings: Finding[] = []
  const copies = new Map<string, Accepted[]>()
  const textOf = new Map<number, string>()
  let afterFault = 0
  let afterKill = 0
  for (const one of accepted) {
    const numbers = answered(one.text)
    if (numbers.length === 0) continue
    for (const n of numbers) {
      const other = textOf.get(n)
      if (other === undefined) textOf.set(n, one.text)
      else if (other !== one.text)
        findings.push({ what: 'doubled', about: `n${n} is answered by "${other}" and by "${one.text}"` })
    }
    const key = `${one.chat} ${one.text}`
    const before = copies.get(key)?.at(-1)
    copies.set(key, [...(copies.get(key) ?? []), one])
    if (!before) continue
    if (underWay.has(before.n)) afterKill++
    else if (before.isLost) afterFault++
    else
      findings.push({
        what: 'doubled',
        about: `"${one.text}" again in chat ${one.chat}, ${one.at - before.at} ms after one that was answered (${new Date(before.at).toISOString()})`,
      })
  }
  return { findings, afterFault, afterKill }
}

function proactive({ accepted, rows, limit, dayOf }: Evidence): Finding[] {
  const sends = accepted.flatMap((one) => numbersIn(one.text, 'p').map((p) => ({ ...one, p })))
  const times = new Map<number, number>()
  const perDay = new Map<string, number>()
  for (const { p, chat, at } of sends) {
    times.set(p, (times.get(p) ?? 0) + 1)
    const day = `chat ${chat} on ${dayOf(at)}`
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
  }
  const ruled = new Map(rows.flatMap((row) => numbersIn(row.text, 'p').map((p) => [p, row] as const)))
  return [
    ...[...times].filter(([, n]) => n > 1).map(([p, n]): Finding => ({ what: 'proactive twice', about: `p${p}, ${n} times` })),
    ...[...perDay].filter(([, n]) => n > limit).map(([day, n]): Finding => ({ what: 'over the limit', about: `${n} to ${day}` })),
    ...[...times.keys()]
      .filter((p) => !['sent', 'in_doubt'].includes(ruled.get(p)?.status ?? 'missing'))
      .map((p): Finding => ({ what: 'hidden doubt', about: `p${p} was accepted, and is ${ruled.get(p)?.status ?? 'missing'}` })),
  ]
}

/** What the database says must be so, and nothing may be left lying. */
function claims({ accepted, rows, ended }: Evidence): Finding[] {
  const there = new Set(accepted.map(({ chat, text }) => `${chat} ${text}`))
  return [
    ...rows
      .filter((row) => row.status === 'sent' && !there.has(`${row.chat} ${row.text}`))
      .map((row): Finding => ({ what: 'never sent', about: `out-${row.id} "${row.text}" is said to be sent` })),
    ...rows
      .filter((row) => row.isOpen)
      .map((row): Finding => ({ what: 'stuck', about: `out-${row.id} "${row.text}" is ${row.status}` })),
    ...ended
      .filter(({ outcome }) => outcome === null)
      .map(({ text }): Finding => ({ what: 'stuck', about: `"${text}" still waits` })),
  ]
}
