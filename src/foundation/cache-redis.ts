import type { Clock } from './clock.ts'
import { messageOf } from './errors.ts'
import type { Log } from './log.ts'

type Client = Awaited<ReturnType<typeof connectable>>

export type Redis = {
  /** undefined = no answer in time, or none to be had. Never rejects. */
  run<T>(command: (client: Client) => Promise<T>): Promise<{ value: T } | undefined>
  works(): boolean
  close(): void
}

// A caller waits at most this long, whatever Redis does.
export const PATIENCE_MS = 250
// After a silence Redis is not asked for this long, so that only one caller in that time waits for nothing.
const PAUSE_MS = 1000
const LONGEST_RECONNECT_MS = 2000
// A connection that stays open and never answers is given up after so many pauses.
const MOST_MISSES = 3
// A Redis that comes and goes says so once in this time.
const SAY_AGAIN_MS = 60_000

/** Loaded only where Redis is used: it costs a third of the start. */
async function connectable(url: string) {
  const { createClient } = await import('redis')
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    // Finds a peer that vanished without a word.
    pingInterval: 10_000,
    socket: { connectTimeout: 2000, reconnectStrategy: (tries) => Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** Math.min(tries, 6)) },
  })
}

type RedisOptions = { url: string; log: Log; clock: Clock; patienceMs: number; onBack: () => Promise<void> }

export function openRedis({ url, log, clock, patienceMs, onBack }: RedisOptions): Redis {
  let client: Client | undefined
  let state: 'starting' | 'works' | 'away' = 'starting'
  let paused: NodeJS.Timeout | undefined
  let misses = 0
  let said = false
  let quietUntil = Number.NEGATIVE_INFINITY
  let closed = false
  let settleFirst = () => {}
  const first = new Promise<void>((resolve) => {
    settleFirst = resolve
  })

  const away = (error: unknown) => {
    settleFirst()
    if (closed || state === 'away') return
    state = 'away'
    if (clock.monotonic() < quietUntil) return
    quietUntil = clock.monotonic() + SAY_AGAIN_MS
    said = true
    log.warn('cache_away', { error: messageOf(error) })
  }
  const back = () => {
    if (closed) return
    const was = state
    state = 'works'
    misses = 0
    settleFirst()
    if (was !== 'away') return
    if (said) log.info('cache_back')
    said = false
    void onBack()
  }
  const connect = async () => {
    const opened = await connectable(url)
    if (closed) return
    client = opened
    opened.on('error', (error) => (client === opened ? away(error) : undefined))
    opened.on('ready', back)
    await opened.connect()
  }
  const drop = () => {
    const old = client
    client = undefined
    try {
      old?.destroy()
    } catch {
      // It was not open.
    }
  }
  connect().catch(away)

  /** One at a time asks whether it answers again; until then nobody waits for it. */
  const probe = () => {
    paused ??= setTimeout(() => {
      paused = undefined
      if (closed || state !== 'away') return
      void ask((ready) => ready.ping()).then((answer) => {
        if (answer) return back()
        if (client?.isReady && ++misses >= MOST_MISSES) {
          misses = 0
          drop()
          connect().catch(away)
        }
        probe()
      })
    }, PAUSE_MS).unref()
  }

  async function ask<T>(command: (ready: Client) => Promise<T>): Promise<{ value: T } | undefined> {
    if (!client?.isReady) {
      away('not connected')
      return undefined
    }
    let timer: NodeJS.Timeout | undefined
    try {
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), patienceMs)
      })
      const asked = command(client).then((value) => ({ value }))
      asked.catch(() => {})
      const answer = await Promise.race([asked, late])
      if (!answer) away('timeout')
      return answer
    } catch (error) {
      away(error)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async run(command) {
      if (closed) return undefined
      if (state === 'starting') {
        let timer: NodeJS.Timeout | undefined
        const patience = new Promise<void>((resolve) => {
          timer = setTimeout(() => {
            away('timeout')
            resolve()
          }, patienceMs)
        })
        await Promise.race([first, patience])
        clearTimeout(timer)
      }
      if (state !== 'works') return undefined
      const answer = await ask(command)
      if (!answer) probe()
      return answer
    },
    works: () => state === 'works' && client?.isReady === true,
    close() {
      closed = true
      clearTimeout(paused)
      settleFirst()
      drop()
    },
  }
}
