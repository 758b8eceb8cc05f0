import type { Spread } from './harness/figures.ts'
import type { At, Results } from './harness/results.ts'

export type Target = {
  id: string
  stages: string[]
  text: string
  unit: string
  measured: (r: Results) => Spread | undefined
  met: (value: number, r: Results) => boolean
}

const PG = 'ours-postgres'
const LITE = 'ours-sqlite'

const least = (id: string, text: string, a: At, b: At, times: number, unit = '×'): Target => ({
  id,
  stages: [...new Set([a[0], b[0]])],
  text,
  unit,
  measured: (r) => r.ratio(a, b),
  met: (value) => value >= times,
})

const most = (id: string, text: string, a: At, b: At, times: number): Target => ({
  ...least(id, text, a, b, times),
  met: (value) => value <= times,
})

const below = (id: string, text: string, at: At, limit: number, unit: string): Target => ({
  id,
  stages: [at[0]],
  text,
  unit,
  measured: (r) => r.spread(...at),
  met: (value) => value <= limit,
})

// T8: the probe runs beside each repetition of the intake.
const withinProbe = (system: string): Target => ({
  id: 'T8',
  stages: ['intake'],
  text: `${system}: durable acknowledgement p99 ≤ 20 × the probe's p99 + 5 ms`,
  unit: '× that limit',
  measured: (r) => {
    const probe = r.spread('probe intake', 'disk', 'p99_ms')
    const ack = r.spread('intake', system, 'c1_p99_ms')
    if (!probe || !ack) return undefined
    const limit = 20 * probe.median + 5
    return { median: ack.median / limit, min: ack.min / limit, max: ack.max / limit, n: ack.n }
  },
  met: (value) => value <= 1,
})

export const targets: Target[] = [
  least('T1', 'intake at 200 concurrent ≥ 15 × pg-boss', ['intake', PG, 'c200_per_s'], ['intake', 'pg-boss', 'c200_per_s'], 15),
  below('T1', 'intake at 200 concurrent p99 ≤ 20 ms', ['intake', PG, 'c200_p99_ms'], 20, 'ms'),
  least('T2', 'ordered turns ≥ 2 × pg-boss strict FIFO (must)', ['ordered', PG, 'per_s'], ['ordered', 'pg-boss', 'per_s'], 2),
  least('T2', 'ordered turns ≥ 3 × pg-boss strict FIFO (aim)', ['ordered', PG, 'per_s'], ['ordered', 'pg-boss', 'per_s'], 3),
  least(
    'T2',
    'in pieces of 200: ordered turns ≥ 2 × pg-boss strict FIFO',
    ['ordered-wide', PG, 'per_s'],
    ['ordered-wide', 'pg-boss', 'per_s'],
    2,
  ),
  least(
    'T2',
    'ordered turns ≥ 60 % of the hand-written lane',
    ['ordered', PG, 'per_s'],
    ['ordered', 'raw-postgres', 'per_s'],
    0.6,
  ),
  least('T2', 'joined turns ≥ 8 × pg-boss strict FIFO', ['joined', PG, 'per_s'], ['ordered', 'pg-boss', 'per_s'], 8),
  least(
    'T3',
    'ordered turns ≥ 20 × graphile-worker named queues',
    ['ordered', PG, 'per_s'],
    ['ordered', 'graphile-worker', 'per_s'],
    20,
  ),
  least('T4', 'SQLite intake one at a time ≥ 4 × pg-boss', ['intake', LITE, 'c1_per_s'], ['intake', 'pg-boss', 'c1_per_s'], 4),
  least(
    'T4',
    'SQLite intake at 16 concurrent ≥ 20 × pg-boss',
    ['intake', LITE, 'c16_per_s'],
    ['intake', 'pg-boss', 'c16_per_s'],
    20,
  ),
  ...[PG, LITE].flatMap((system) => [
    {
      ...most(
        'T5',
        `${system}: idle claim with the most ≤ 1.5 × that with 10 000, looked at in turn`,
        ['claims-most', system, 'in_turn_p50_ms'],
        ['claims-most', system, 'few_in_turn_p50_ms'],
        1.5,
      ),
      // What is set aside there is the other one.
      stages: ['claims-10000', 'claims-most'],
    },
    below('T5', `${system}: idle claim with the most p50 ≤ 0.2 ms`, ['claims-most', system, 'idle_p50_ms'], 0.2, 'ms'),
    below('T6', `${system}: one due among the most, claim p50 ≤ 1 ms`, ['claims-most', system, 'due_p50_ms'], 1, 'ms'),
    below('T6', `${system}: one due among the most, claim p99 ≤ 5 ms (quiet)`, ['claims-most', system, 'due_p99_ms'], 5, 'ms'),
  ]),
  least(
    'T5',
    'idle claim with the most ≥ 200 × quicker than pg-boss',
    ['claims-most', 'pg-boss', 'idle_p50_ms'],
    ['claims-most', PG, 'idle_p50_ms'],
    200,
  ),
  ...[PG, LITE].map((system) =>
    least(
      'T7',
      `${system}: beside a hot chat the others keep ≥ 80 %`,
      ['hot', system, 'per_s'],
      ['ordered', system, 'per_s'],
      0.8,
    ),
  ),
  least('T7', 'beside a hot chat ≥ 50 × the anti-join', ['hot', PG, 'per_s'], ['hot', 'raw-postgres-antijoin', 'per_s'], 50),
  below('T8', 'PostgreSQL: durable acknowledgement p99 ≤ 10 ms (quiet)', ['intake', PG, 'c1_p99_ms'], 10, 'ms'),
  below('T8', 'SQLite: durable acknowledgement p99 ≤ 5 ms (quiet)', ['intake', LITE, 'c1_p99_ms'], 5, 'ms'),
  withinProbe(PG),
  withinProbe(LITE),
  ...[PG, LITE].flatMap((system) => [
    below('T9', `${system}: to the handler p50 ≤ 1.5 ms (one process)`, ['wake', system, 'p50_ms'], 1.5, 'ms'),
    below('T9', `${system}: to the handler p99 ≤ 6 ms (one process)`, ['wake', system, 'p99_ms'], 6, 'ms'),
    most(
      'T9',
      `${system}: to the handler p50 below pg-boss with notify`,
      ['wake', system, 'p50_ms'],
      ['wake', 'pg-boss', 'p50_ms'],
      1,
    ),
    most(
      'T9',
      `${system}: to the handler p50 level with graphile-worker`,
      ['wake', system, 'p50_ms'],
      ['wake', 'graphile-worker', 'p50_ms'],
      1.1,
    ),
  ]),
  below('T9', 'across processes p50 ≤ 4 ms', ['wake', 'ours-postgres-far', 'p50_ms'], 4, 'ms'),
  below('T9', 'across processes p99 ≤ 15 ms', ['wake', 'ours-postgres-far', 'p99_ms'], 15, 'ms'),
  ...[PG, LITE].flatMap((system) => [
    below('T10', `${system}: a scheduled message leaves within 250 ms, p99`, ['late', system, 'p99_ms'], 250, 'ms'),
    below('T14', `${system}: at rest ≤ 1 % of a core`, ['rest', system, 'cpu_pct'], 1, '%'),
  ]),
  ...[LITE, PG].flatMap((system) => [
    below('turn', `${system}: a turn less the model, p50 ≤ 5 ms`, ['turn', system, 'overhead_p50_ms'], 5, 'ms'),
    below('turn', `${system}: a turn less the model, p95 ≤ 15 ms`, ['turn', system, 'overhead_p95_ms'], 15, 'ms'),
    below('turn', `${system}: first word ≤ 3 ms after the model's`, ['turn', system, 'first_p50_ms'], 3, 'ms'),
  ]),
  below('rest', 'whole process at rest ≤ 150 MB', ['process', 'centralita', 'rss_mb'], 150, 'MB'),
  below('start', '`start` answers in ≤ 1.5 s', ['process', 'centralita', 'start_s'], 1.5, 's'),
]
