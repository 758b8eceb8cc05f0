import type { Say } from './kinds.ts'

/** What is found while reading. Everything is gathered, so that the operator sees all of it at once. */
export type Findings = {
  say: Say
  fault: (name: string, why: string) => void
  warn: (name: string, why: string) => void
  /** A sentence that names its own subject. */
  faultLine: (line: string) => void
  warnLine: (line: string) => void
  readonly faults: string[]
  readonly warnings: string[]
}

export function openFindings(say: Say): Findings {
  const faults: string[] = []
  const warnings: string[] = []
  return {
    say,
    faults,
    warnings,
    fault: (name, why) => void faults.push(`${name.slice(0, 80)}: ${why}`),
    warn: (name, why) => void warnings.push(`${name.slice(0, 80)}: ${why}`),
    faultLine: (line) => void faults.push(line),
    warnLine: (line) => void warnings.push(line),
  }
}
