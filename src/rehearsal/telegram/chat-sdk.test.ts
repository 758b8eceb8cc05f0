import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTelegramAdapter } from '@chat-adapter/telegram'
import { Chat, type Lock, type QueueEntry, type StateAdapter } from 'chat'
import { systemClock } from '../../foundation/index.ts'
import { until } from '../until.ts'
import { openFakeTelegram } from '../index.ts'
import { ANA, TOKEN } from './test-stage.ts'

/** The least the Chat SDK needs to remember, in memory. */
function openState(): StateAdapter {
  const values = new Map<string, unknown>()
  const lists = new Map<string, unknown[]>()
  const queues = new Map<string, QueueEntry[]>()
  const locks = new Map<string, Lock>()
  const subscribed = new Set<string>()
  const done = Promise.resolve()
  return {
    connect: () => done,
    disconnect: () => done,
    async acquireLock(threadId, ttlMs) {
      if (locks.has(threadId)) return null
      const lock = { threadId, token: `lock ${threadId}`, expiresAt: Date.now() + ttlMs }
      locks.set(threadId, lock)
      return lock
    },
    extendLock: async (lock) => locks.get(lock.threadId)?.token === lock.token,
    releaseLock: async (lock) => void (locks.get(lock.threadId)?.token === lock.token && locks.delete(lock.threadId)),
    forceReleaseLock: async (threadId) => void locks.delete(threadId),
    appendToList: async (key, value) => void lists.set(key, [...(lists.get(key) ?? []), value]),
    getList: async <T>(key: string) => (lists.get(key) ?? []) as T[],
    get: async <T>(key: string) => (values.get(key) ?? null) as T | null,
    set: async (key, value) => void values.set(key, value),
    setIfNotExists: async (key, value) => !values.has(key) && Boolean(values.set(key, value)),
    delete: async (key) => void values.delete(key),
    enqueue: async (threadId, entry) => queues.set(threadId, [...(queues.get(threadId) ?? []), entry]).get(threadId)!.length,
    dequeue: async (threadId) => queues.get(threadId)?.shift() ?? null,
    queueDepth: async (threadId) => queues.get(threadId)?.length ?? 0,
    subscribe: async (threadId) => void subscribed.add(threadId),
    unsubscribe: async (threadId) => void subscribed.delete(threadId),
    isSubscribed: async (threadId) => subscribed.has(threadId),
  }
}

test('TG-CLIENT · the Chat SDK’s Telegram adapter polls and answers', async (t) => {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN] })
  t.after(() => telegram.close())
  const adapter = createTelegramAdapter({
    botToken: TOKEN,
    apiBaseUrl: telegram.url,
    mode: 'polling',
    userName: 'rehearsal_1001_bot',
  })
  const chat = new Chat({
    userName: 'rehearsal_1001_bot',
    adapters: { telegram: adapter },
    state: openState(),
    logger: 'silent',
    concurrency: 'queue',
  })
  chat.onDirectMessage(async (thread, message) => {
    await thread.post(`Recibí *${message.text}*`)
  })
  await chat.initialize()
  t.after(() => adapter.stopPolling())
  telegram.people.say('hola. ¿todo bien?', ANA)
  const heard = await until(() => telegram.people.heard(ANA.id)[0], 'the answer')
  assert.match(heard.text ?? '', /hola\. ¿todo bien\?/)
})
