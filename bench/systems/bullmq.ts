import { Queue, Worker } from 'bullmq'
import { message, type Message, type Place, type System } from './system.ts'

/** Order per chat is a paid feature of BullMQ (groups), so it takes no part in the ordered turns. */
export async function openBullmq({ redis }: Place): Promise<System> {
  const { hostname, port } = new URL(redis)
  const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue<Message>('messages', { connection, defaultJobOptions: { removeOnComplete: true } })
  await queue.waitUntilReady()
  let worker: Worker<Message> | undefined
  let have = 0
  let left: (id: number) => void = () => {}

  return {
    send: (m) => queue.add('message', m),
    async listen(handled) {
      worker = new Worker<Message>('messages', async ({ data }) => handled(data.chat, data.id), { connection, concurrency: 4 })
      await worker.waitUntilReady()
    },
    async fillFuture(n) {
      for (have = await queue.getDelayedCount(); have < n; have += 2000) {
        const batch = Array.from({ length: 2000 }, (_, j) => ({ name: 'm', data: message(have + j, 2000), opts: { delay: 86_400_000 + (have + j) * 7 } }))
        await queue.addBulk(batch)
      }
    },
    async sendLater(id, inMs, tell) {
      left = tell
      worker ??= new Worker<Message>('messages', async ({ data }) => left(data.id), { connection, concurrency: 4 })
      const at = Date.now() + inMs
      await queue.add('later', message(id, 2000), { delay: inMs })
      return at
    },
    async close() {
      await worker?.close(true)
      await queue.close()
    },
  }
}
