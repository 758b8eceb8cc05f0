import type { WorkloadName } from './harness/order.ts'
import { WIDE, type Hands, type Name } from './systems/system.ts'

/** One table of the report: a workload over several systems, in turn, as often as there are repetitions. */
export type Stage = {
  id: string
  title: string
  workload: WorkloadName
  systems: Name[]
  size?: number
  hands?: Hands
  /** What this stage needs in place, put there once and kept for those after it that build on it. */
  future?: number
  reps?: number
}

const PEERS: Name[] = ['pg-boss', 'graphile-worker', 'bullmq-always', 'bullmq-everysec']
/** With so many in the future a look is compared to one among the most. */
export const FEW = 10_000
export const OURS: Name[] = ['ours-postgres', 'ours-sqlite']
const SCHEDULERS: Name[] = ['pg-boss', 'graphile-worker', ...OURS]

export function stages(quick: boolean): Stage[] {
  const most = quick ? 200_000 : 1_000_000
  const many = quick ? '200 000' : '1 000 000'
  const claims = (future: number, title: string): Stage => ({
    id: `claims-${future === most ? 'most' : future}`,
    title: `Claim with ${title} future messages`,
    workload: 'claims',
    systems: SCHEDULERS,
    future,
    reps: quick ? 1 : 3,
  })
  return [
    {
      id: 'intake',
      title: 'Durable intake: 1, 16 and 200 callers at once',
      workload: 'intake',
      systems: [...PEERS, 'raw-postgres', 'raw-sqlite', ...OURS],
    },
    {
      id: 'ordered',
      title: 'Ordered turns: 20 000 messages of 2 000 chats, one message a turn',
      workload: 'ordered',
      systems: ['pg-boss', 'graphile-worker', 'raw-postgres', 'raw-sqlite', ...OURS],
    },
    {
      id: 'ordered-wide',
      title: 'The same in larger pieces: two workers that take 200 at once',
      workload: 'ordered',
      systems: ['pg-boss', 'raw-postgres', 'ours-postgres'],
      hands: WIDE,
    },
    { id: 'joined', title: 'Ordered turns, what waits in a chat is one turn', workload: 'joined', systems: ['pg-boss', ...OURS] },
    {
      id: 'hot',
      title: 'The same turns with 50 000 messages of one chat in front: what the others get',
      workload: 'hot',
      systems: ['raw-postgres', 'raw-postgres-antijoin', ...OURS],
    },
    {
      id: 'wake',
      title: 'From sending to the start of the handler',
      workload: 'wake',
      systems: [...PEERS, 'raw-postgres', 'ours-postgres-far', ...OURS],
    },
    claims(FEW, '10 000'),
    ...(quick ? [] : [claims(100_000, '100 000')]),
    claims(most, many),
    {
      id: 'late',
      title: `How late a scheduled message leaves, ${many} scheduled`,
      workload: 'lateness',
      systems: ['pg-boss', ...OURS],
      future: most,
      reps: quick ? 1 : 3,
    },
    {
      id: 'rest',
      title: `At rest with ${many} scheduled and 10 000 chats`,
      workload: 'rest',
      systems: ['pg-boss', 'graphile-worker', ...OURS],
      future: most,
      reps: 1,
    },
  ]
}
