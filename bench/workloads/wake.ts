import { latencies, pause, until } from '../harness/figures.ts'
import { message } from '../systems/system.ts'
import type { Workload } from './workload.ts'

const WARM_UP = 150
const GAP_MS = 30
// People who were here before, as nearly everybody was.
const CHATS = 20

/** One message at a time on an idle system: from the call that sends it to the start of its handler. */
export const wake: Workload = async ({ system, quick }) => {
  if (!system.listen) return undefined
  const started = new Map<number, number>()
  await system.listen((_chat, id) => started.set(id, performance.now()))
  const n = WARM_UP + (quick ? 60 : 150)
  const sent: number[] = []
  for (let id = 0; id < n; id++) {
    sent.push(performance.now())
    await system.send!(message(id, CHATS))
    await pause(GAP_MS)
  }
  await until(() => started.size >= n, 10_000)
  const took = sent.flatMap((at, id) => (started.has(id) ? [started.get(id)! - at] : [])).slice(WARM_UP)
  return { ...latencies(took), missing: n - started.size }
}
