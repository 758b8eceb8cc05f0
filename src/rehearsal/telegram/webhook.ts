import type { WebhookInfo } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import type { Random } from '../random.ts'
import { rememberAllowed } from './allowed.ts'
import type { Args } from './args.ts'
import { openDelivery, type Delivery, type Hook } from './delivery.ts'
import { openPost, type PostAnswer } from './post.ts'
import type { Waiting } from './queue.ts'
import { badRequest, tooMany } from './refusal.ts'
import { DEFAULT_UPDATES, type Bot } from './world.ts'

export type Webhooks = {
  isSet(bot: Bot): boolean
  setWebhook(bot: Bot, args: Args): true
  deleteWebhook(bot: Bot, args: Args): true
  getWebhookInfo(bot: Bot): WebhookInfo
  wake(bot: Bot, one: Waiting): void
  /** The bot is no more. */
  drop(bot: Bot): void
  close(): void
}

type Set = { hook: Hook; delivery: Delivery }

const SET_AGAIN_MS = 1000

/** Any address and port is allowed, as with the official server's `--local`. */
export function openWebhooks({
  clock,
  random,
  throwOutPoll,
  strikes,
  carryOut,
}: {
  clock: Clock
  random: Random
  throwOutPoll: (bot: Bot) => void
  strikes: (bot: Bot, kind: 'reorder' | 'duplicate') => boolean
  carryOut: (bot: Bot, answer: PostAnswer) => void
}): Webhooks {
  const set = new Map<Bot, Set>()
  const nextSetAt = new WeakMap<Bot, number>()
  const post = openPost()

  const drop = (bot: Bot) => {
    set.get(bot)?.delivery.close()
    set.delete(bot)
  }
  const dropPending = (bot: Bot, args: Args) => {
    if (args.flag('drop_pending_updates')) bot.queue.clear()
  }

  const deleteWebhook = (bot: Bot, args: Args): true => {
    drop(bot)
    dropPending(bot, args)
    return true
  }

  return {
    isSet: (bot) => set.has(bot),
    drop,
    wake: (bot, one) => set.get(bot)?.delivery.add(one),
    setWebhook(bot, args) {
      const url = args.text('url')
      if (url === '') return deleteWebhook(bot, args)
      const now = clock.monotonic()
      if (now < (nextSetAt.get(bot) ?? 0)) throw tooMany(1)
      nextSetAt.set(bot, now + SET_AGAIN_MS)
      const hook = readHook(url, args)
      const was = set.get(bot)?.hook
      rememberAllowed(bot, args)
      const same =
        was &&
        was.url === hook.url &&
        was.secret === hook.secret &&
        was.maxConnections === hook.maxConnections &&
        was.ip === hook.ip
      if (same && !args.flag('drop_pending_updates')) return true
      throwOutPoll(bot)
      drop(bot)
      dropPending(bot, args)
      const delivery = openDelivery({
        bot,
        hook,
        clock,
        random,
        post,
        strikes: (kind) => strikes(bot, kind),
        onMethod: (answer) => carryOut(bot, answer),
        onGone: () => drop(bot),
      })
      set.set(bot, { hook, delivery })
      return true
    },
    deleteWebhook,
    getWebhookInfo(bot) {
      const hook = set.get(bot)?.hook
      return {
        url: hook?.url ?? '',
        has_custom_certificate: false,
        pending_update_count: bot.queue.size(),
        ...(hook && { max_connections: hook.maxConnections }),
        ...(hook?.ip && { ip_address: hook.ip }),
        ...(hook?.lastErrorAt !== undefined && { last_error_date: hook.lastErrorAt, last_error_message: hook.lastError }),
        ...(bot.allowed !== DEFAULT_UPDATES && { allowed_updates: [...bot.allowed] }),
      }
    },
    close() {
      for (const bot of set.keys()) drop(bot)
      post.close()
    },
  }
}

function readHook(url: string, args: Args): Hook {
  const secret = args.text('secret_token')
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `https://${url}`
  if (!URL.canParse(withScheme) || !/^https?:$/.test(new URL(withScheme).protocol)) {
    throw badRequest('invalid webhook URL specified')
  }
  if (secret.length > 256) throw badRequest('secret token is too long')
  if (!/^[A-Za-z0-9_-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters')
  return {
    url: withScheme,
    secret,
    maxConnections: Math.min(100, Math.max(1, args.whole('max_connections', 40))),
    ip: args.text('ip_address'),
    lastErrorAt: undefined,
    lastError: '',
  }
}
