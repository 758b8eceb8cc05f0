import { processorWork } from '../harness/cpu.ts'
import type { Figures } from '../harness/figures.ts'
import { HOT_CHAT, type Handled, type System } from '../systems/system.ts'
import type { Workload } from './workload.ts'

const MESSAGES = 20_000
const CHATS = 2000
const HOT = 50_000
const LONGEST_MS = 6000

/** 20,000 waiting messages of 2,000 chats, handled in order per chat by a handler that does nothing. */
export const ordered: Workload = async ({ system, postgresPid }) => {
  if (!system.fill || !system.drain) return undefined
  await system.fill(MESSAGES, CHATS)
  return drained(system.drain, MESSAGES, postgresPid)
}

/** The same messages; all that wait in a chat may be taken as one turn. */
export const joined: Workload = async ({ system, postgresPid }) => {
  if (!system.fill || !system.drainJoined) return undefined
  await system.fill(MESSAGES, CHATS)
  return drained(system.drainJoined, MESSAGES, postgresPid)
}

/** The same again, with 50,000 messages of one chat in front: what do the others still get? */
export const hot: Workload = async ({ system, postgresPid }) => {
  if (!system.fill || !system.drain) return undefined
  await system.fill(MESSAGES, CHATS, HOT)
  return drained(system.drain, MESSAGES, postgresPid)
}

async function drained(drain: NonNullable<System['drain']>, expected: number, postgresPid: number): Promise<Figures> {
  const last = new Map<number, number>()
  let all = 0
  let done = 0
  let disordered = 0
  let end = 0
  const start = performance.now()
  const over = () => done >= expected || performance.now() - start > LONGEST_MS
  const handled: Handled = (chat, id) => {
    if ((last.get(chat) ?? -Infinity) >= id) disordered++
    last.set(chat, id)
    all++
    if (chat === HOT_CHAT) return
    done++
    end = performance.now()
  }
  const work = processorWork(postgresPid)
  await drain(handled, over)
  return { per_s: done === 0 ? 0 : (done / (end - start)) * 1000, ...work(all), done, disordered }
}
