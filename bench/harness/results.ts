import { spread, type Figures, type Spread } from './figures.ts'

/** Every repetition of every figure, kept whole: ratios are taken within a repetition, where both sides met the same disk. */
export class Results {
  readonly runs: { stage: string; system: string; rep: number; figures: Figures }[] = []
  readonly faults: { stage: string; system: string; rep: number; fault: string }[] = []

  add(stage: string, system: string, rep: number, figures: Figures): void {
    this.runs.push({ stage, system, rep, figures })
  }

  figures(stage: string, system: string): string[] {
    return [...new Set(this.runs.filter((r) => r.stage === stage && r.system === system).flatMap((r) => Object.keys(r.figures)))]
  }

  values(stage: string, system: string, figure: string): Map<number, number> {
    const found = this.runs.filter((r) => r.stage === stage && r.system === system && r.figures[figure] !== undefined)
    return new Map(found.map((r) => [r.rep, r.figures[figure]!]))
  }

  spread(stage: string, system: string, figure: string): Spread | undefined {
    const values = [...this.values(stage, system, figure).values()]
    return values.length ? spread(values) : undefined
  }

  /** Each repetition's `a` over the same repetition's `b`. */
  ratio(a: At, b: At): Spread | undefined {
    const over = this.values(...b)
    const ratios = [...this.values(...a)].flatMap(([rep, value]) => (over.get(rep) ? [value / over.get(rep)!] : []))
    return ratios.length ? spread(ratios) : undefined
  }
}

/** stage, system, figure */
export type At = [stage: string, system: string, figure: string]
