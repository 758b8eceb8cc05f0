/** One measurement of one system in a process of its own. Started by run.ts; the line it prints last is the result. */
import { RESULT, type Order, type WorkloadName } from './harness/order.ts'
import { openers } from './systems/open.ts'
import { intake } from './workloads/intake.ts'
import { claims, fillFuture, lateness, rest } from './workloads/schedule.ts'
import { hot, joined, ordered } from './workloads/turns.ts'
import { wake } from './workloads/wake.ts'
import type { Workload } from './workloads/workload.ts'

const workloads: Record<WorkloadName, Workload> = { intake, ordered, joined, hot, wake, fillFuture, claims, lateness, rest }

const { system: name, workload, place, few: fewPlace, ...setting } = JSON.parse(process.argv[2] ?? '') as Order
const system = await openers[name](place)
const few = fewPlace && (await openers[name](fewPlace))
const figures = await workloads[workload]({ system, ...(few && { few }), ...setting })
const known = figures && Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)))
console.log(RESULT + JSON.stringify(known ?? null))
// A peer that does not close in time must not hold up the run: its database is thrown away.
await Promise.race([Promise.all([system.close(), few?.close()]), new Promise((resolve) => setTimeout(resolve, 3000))])
process.exit(0)
