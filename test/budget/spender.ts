/** One process that spends as long as there is room: holds, calls, settles, again. Killed at any moment by whoever started it. */
import { openAllowance } from '../../src/assistants/index.ts'
import { openDatabase, silentLog, systemClock } from '../../src/foundation/index.ts'
import { CALL, PURSE, SPENDERS } from './purse.ts'

const { DB_URL, DB_FILE, MODEL_URL, PERSON } = process.env
const db = DB_URL ? openDatabase({ engine: 'postgres', url: DB_URL }) : openDatabase({ engine: 'sqlite', file: DB_FILE! })
const allowance = openAllowance({ db, clock: systemClock, log: silentLog, zone: 'UTC' })

async function spend(): Promise<void> {
  for (;;) {
    const held = await allowance.reserve({ ...PURSE, personId: PERSON! }, 'a-model', CALL, false).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'budget_spent') return undefined
      throw error
    })
    if (!held) return
    await fetch(MODEL_URL!, { method: 'POST' })
    allowance.settle(held, 'a-model', CALL)
  }
}
await Promise.all(Array.from({ length: SPENDERS }, spend))
await allowance.idle()
await db.close()
