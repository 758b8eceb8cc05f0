import type { Target } from '../targets.ts'
import type { Stage } from '../stages.ts'
import type { Spread } from './figures.ts'
import type { Results } from './results.ts'

const short = (value: number): string => {
  const size = Math.abs(value)
  if (!Number.isFinite(value)) return '–'
  if (size >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return String(Number(value.toPrecision(size >= 1 ? 3 : 2)))
}

const ranged = (s: Spread): string => (s.n > 1 ? `${short(s.median)} (${short(s.min)}–${short(s.max)})` : short(s.median))

const table = (head: string[], lines: string[][]): string =>
  [
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, i) => (i === 0 ? '---' : '--:')).join(' | ')} |`,
    ...lines.map((l) => `| ${l.join(' | ')} |`),
  ].join('\n')

export function stageTable(stage: Pick<Stage, 'id' | 'title' | 'systems'>, results: Results): string {
  const seen = stage.systems.filter((system) => results.figures(stage.id, system).length > 0)
  if (seen.length === 0) return ''
  const figures = [...new Set(seen.flatMap((system) => results.figures(stage.id, system)))]
  const cell = (system: string, figure: string) => {
    const value = results.spread(stage.id, system, figure)
    return value ? ranged(value) : '–'
  }
  return `### ${stage.title}\n\n${table(
    ['', ...figures],
    seen.map((system) => [system, ...figures.map((f) => cell(system, f))]),
  )}\n`
}

export function targetTable(targets: Target[], results: Results): string {
  const lines = targets.map((target) => {
    const value = target.measured(results)
    const verdict = value ? (target.met(value.median, results) ? 'met' : '**not met**') : 'not measured'
    return [target.id, target.text, value ? `${ranged(value)} ${target.unit}` : '–', verdict]
  })
  return `### Targets\n\n${table(['', 'target', 'measured: median (range)', ''], lines).replace('| --- | --:', '| --- | ---')}\n`
}
