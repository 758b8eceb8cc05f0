import { processorWork } from '../harness/cpu.ts'
import { paced, prefixed } from '../harness/figures.ts'
import { message } from '../systems/system.ts'
import type { Workload } from './workload.ts'

const CHATS = 2000

/** A message is durable when `send` resolves. One caller, 16 and 200 of them, each waiting for its own before the next. */
export const intake: Workload = async ({ system, quick, postgresPid }) => {
  const send = system.send
  if (!send) return undefined
  let id = 0
  const one = () => send(message(id++, CHATS))
  // By time, not by count: the same for a quick system as for a slow one, and past the growth of the log's first file.
  const during = (ms: number, callers: number) => paced(Infinity, callers, one, quick ? ms / 2 : ms)
  await during(800, 16)
  const c1 = await during(1500, 1)
  const c16 = await during(1500, 16)
  const work = processorWork(postgresPid)
  const before = id
  const c200 = await during(2000, 200)
  return { ...prefixed('c1', c1), ...prefixed('c16', c16), ...prefixed('c200', c200), ...prefixed('c200', work(id - before)) }
}
