import { Queue, Worker } from 'bullmq'
import { type Message, type Place, type System } from './system.ts'

/** Order per chat is a paid feature of BullMQ (groups), so it takes no part in the ordered turns. */
export async function openBullmq({ redis }: Place): Promise<System> {
  const { hostname, port } = new URL(redis)
  const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue<Message>('messages', { connection, defaultJobOptions: { removeOnComplete: true } })
  await queue.waitUntilReady()
  let worker: Worker<Message> | undefined

  return {
    send: (m) => queue.add('message', m),
    async listen(handled) {
      worker = new Worker<Message>('messages', async ({ data }) => handled(data.chat, data.id), { connection, concurrency: 4 })
      await worker.waitUntilReady()
    },
    async close() {
      await worker?.close(true)
      await queue.close()
    },
  }
}
