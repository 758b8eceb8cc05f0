import { PARTS, readCorpus, type Case } from './corpus.ts'
import { signs, type Level } from './signs.ts'

/** `node src/care/measure.ts [--tuning]`: how the rules do on the cases, each miss and each false alarm by name. */

export type Figures = { cases: number; right: number; missed: number; lowered: number; alarms: number; worries: number }
export type Wrong = { one: Case; seen: Level }

export function measured(cases: readonly Case[]): { figures: Figures; wrong: Wrong[] } {
  const seen = cases.map((one) => ({ one, seen: signs(one.lines).level }))
  const count = (from: Level, to: Level) => seen.filter((s) => s.one.level === from && s.seen === to).length
  const wrong = seen.filter((s) => s.one.level !== s.seen)
  return {
    figures: {
      cases: cases.length,
      right: cases.length - wrong.length,
      missed: count('danger', 'none') + count('concern', 'none'),
      lowered: count('danger', 'concern'),
      alarms: count('none', 'danger') + count('concern', 'danger'),
      worries: count('none', 'concern'),
    },
    wrong,
  }
}

export const tableOf = (cases: readonly Case[]): string[] => {
  const parts = PARTS.map((part) => [part, cases.filter((c) => c.part === part)] as const)
  const hard = ({ kind }: Case) => !['plain', 'typo', 'split'].includes(kind)
  const rows = parts.flatMap(([name, own]) => [
    [`${name}, plain`, own.filter((c) => !hard(c))] as const,
    [`${name}, hard`, own.filter(hard)] as const,
  ])
  return [
    '| part | cases | right | missed | danger seen as concern | false alarm | needless concern |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(([name, own]) => {
      const f = measured(own).figures
      return `| ${name} | ${f.cases} | ${f.right} | ${f.missed} | ${f.lowered} | ${f.alarms} | ${f.worries} |`
    }),
  ]
}

if (import.meta.main) {
  const all = readCorpus()
  const cases = process.argv.includes('--tuning') ? all.filter((one) => one.part === 'tuning') : all
  const lines = [
    ...tableOf(cases),
    '',
    ...measured(cases).wrong.map(
      ({ one, seen }) => `${one.part} ${one.kind} ${one.level} seen as ${seen}: ${one.lines.join(' // ')}`,
    ),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
