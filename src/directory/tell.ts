import type { HrFault } from './fault.ts'
import type { Proposal } from './propose.ts'
import type { Say } from './say.ts'
import type { Finding } from './sources/source.ts'

const MARK = { ok: '✅', warn: '⚠️', bad: '❌' } as const

/** What `doctor hr` prints. */
export function lookLines(
  { findings, proposals }: { findings: readonly Finding[]; proposals: readonly Proposal[] },
  say: Say,
): string[] {
  const steps = findings.map((finding) => `${MARK[finding.state]} ${say.findings(finding)}`)
  const [best] = proposals
  if (findings.some((one) => one.state === 'bad' && one.step !== 'rows' && one.step !== 'grants')) return steps
  return [...steps, '', ...(best ? [`ℹ️ ${say.proposed(best.table)}`, '', best.lines] : [`ℹ️ ${say.nothingProposed}`])]
}

export const faultLine = ({ code, what }: HrFault, say: Say): string => say.faults[code](what ?? '')
