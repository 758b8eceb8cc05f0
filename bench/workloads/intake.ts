import { atOnce, paced, prefixed } from '../harness/figures.ts'
import { message } from '../systems/system.ts'
import type { Workload } from './workload.ts'

const CHATS = 2000
const WARM_UP = 300
// A slow disk must not make the run endless: what was done in this time is what is counted.
const LONGEST_MS = 4000

/** A message is durable when `send` resolves. One caller, 16 and 200 of them, each waiting for its own before the next. */
export const intake: Workload = async ({ system, quick }) => {
  const send = system.send
  if (!send) return undefined
  let id = 0
  const one = () => send(message(id++, CHATS))
  await atOnce(WARM_UP, 16, one, LONGEST_MS)
  const share = quick ? 0.5 : 1
  return {
    ...prefixed('c1', await paced(1000 * share, 1, one, LONGEST_MS)),
    ...prefixed('c16', await paced(6000 * share, 16, one, LONGEST_MS)),
    ...prefixed('c200', await paced(20_000 * share, 200, one, LONGEST_MS)),
  }
}
