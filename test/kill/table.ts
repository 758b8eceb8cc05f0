import type { RunResult } from './run.ts'

/** The run in figures, for a person. */
export function table({ seed, counts, kills, struck, findings, accidents, drainedInMs }: RunResult): string {
  const killed = Object.entries(kills)
  const found = new Map<string, number>()
  for (const { what } of findings) found.set(what, (found.get(what) ?? 0) + 1)
  const none = 'none'
  const rows: [string, string | number][] = [
    ['seed', seed],
    ['kills', `${killed.reduce((sum, [, n]) => sum + n, 0)} (${killed.map(([name, n]) => `${name} ${n}`).join(', ')})`],
    [
      'faults of Telegram',
      struck
        .filter((s) => s.times > 0)
        .map((s) => `${s.method} ${s.kind} ${s.times}`)
        .join(', ') || none,
    ],
    ['messages said', counts.said],
    ['answers accepted', `${counts.answers} (${counts.joined} to joined messages)`],
    ['copies after a lost answer', counts.repeatedAfterFault],
    ['copies after a kill', counts.repeatedAfterKill],
    ['proactive accepted', counts.proactive],
    [
      'plans',
      Object.entries(counts.plans)
        .map(([status, n]) => `${status} ${n}`)
        .join(', '),
    ],
    ['resting in doubt', counts.inDoubt],
    ['parked', counts.parked],
    ['came to rest', drainedInMs === undefined ? 'not in time' : `${(drainedInMs / 1000).toFixed(1)} s after the last fault`],
    ['ended by themselves', accidents.join(', ') || none],
    [
      'found',
      [...found].map(([what, n]) => `${n} ${what}`).join(', ') || 'nothing: 0 lost, 0 out of order, 0 in a wrong chat, 0 doubled',
    ],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}
