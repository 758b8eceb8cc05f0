import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Update } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import type { RehearsalClock } from '../clock.ts'
import { openFaults, type Faults } from '../faults.ts'
import { send, sendJson } from '../http/answer.ts'
import { parseForm } from '../http/body.ts'
import { openListener } from '../http/listener.ts'
import { seededRandom } from '../random.ts'
import { readArgs } from './args.ts'
import type { Stage } from './call.ts'
import { openCallbacks } from './callbacks.ts'
import { openControl } from './control.ts'
import { openFiles } from './files.ts'
import { openGroups, type Groups } from './groups.ts'
import { openJournal, type Journal } from './journal.ts'
import { NO_LIMITS, openLimits, TELEGRAM_LIMITS, type LimitNumbers } from './limits.ts'
import { openMethods } from './methods.ts'
import { openPeople, type People } from './person.ts'
import { openPolling } from './polling.ts'
import type { PostAnswer } from './post.ts'
import type { TelegramFault } from './striking.ts'
import { openTelling } from './telling.ts'
import { openTransport } from './transport.ts'
import { openWebhooks } from './webhook.ts'
import { openWorld, TOKEN_SHAPE, type Bot, type World } from './world.ts'

export type FakeTelegram = {
  readonly url: string
  readonly port: number
  readonly clock: Clock
  readonly people: People
  readonly groups: Groups
  readonly faults: Faults<TelegramFault>
  readonly journal: Journal
  addBot(...about: Parameters<World['addBot']>): Bot
  /** The token is revoked: 401 from now on. */
  forgetBot(token: string): void
  waitingUpdates(bot?: string): Update[]
  /** Nobody listens on the port, for so long or until `recover`. */
  outage(ms?: number): Promise<void>
  recover(): Promise<void>
  close(): Promise<void>
}

export type FakeTelegramOptions = {
  clock: Clock
  host?: string
  port?: number
  /** Every random choice comes from it. */
  seed?: number
  /** Telegram's by default; `false` = none. */
  limits?: Partial<LimitNumbers> | false
  bots?: string[]
  /** Any well-formed token is a bot, made at its first call. */
  anyToken?: boolean
  /** How long a pressed button waits for its answer. */
  callbackLifeMs?: number
  /** Needed to drive it over HTTP from another machine. */
  controlKey?: string
}

// Few, so that a standing `duplicate` rule leaves room for new updates in a batch.
const REPEATED = 10
// Telegram gives no number; clients stop their spinner at about this time.
const CALLBACK_LIFE_MS = 15_000

export async function openFakeTelegram(options: FakeTelegramOptions): Promise<FakeTelegram> {
  const { clock, host = '127.0.0.1', port = 0, seed = 1, limits = {}, bots = [], anyToken = false } = options
  const random = seededRandom(seed)
  const world = openWorld({ clock, random })
  const journal = openJournal(clock)
  const faults = openFaults<TelegramFault>(random)
  const stage: Stage = {
    clock,
    random,
    world,
    journal,
    files: openFiles(clock, random),
    limits: openLimits(limits === false ? NO_LIMITS : { ...TELEGRAM_LIMITS, ...limits }, clock, journal),
    callbacks: openCallbacks(clock, options.callbackLifeMs ?? CALLBACK_LIFE_MS),
  }
  const polling = openPolling({
    clock,
    webhookIsSet: (bot) => webhooks.isSet(bot),
    again: (bot) =>
      bot.queue.confirmed().length > 0 && faults.strike(['duplicate'], { method: 'getUpdates', token: bot.token })
        ? bot.queue
            .confirmed()
            .slice(-REPEATED)
            .map((w) => w.update)
        : [],
  })
  const webhooks = openWebhooks({
    clock,
    random,
    throwOutPoll: (bot) => polling.throwOut(bot, 'terminated by setWebhook request'),
    strikes: (bot, kind) => faults.strike([kind], { method: 'webhook', token: bot.token }) !== undefined,
    carryOut: (bot, answer) => void carryOutAnswer(bot, answer),
  })
  const addBot: World['addBot'] = (token, about) => {
    const bot = world.addBot(token, about)
    bot.onUpdate = (one) => (webhooks.isSet(bot) ? webhooks.wake(bot, one) : polling.wake(bot))
    return bot
  }
  const botFor = (token: string) => world.bots.get(token) ?? (anyToken && TOKEN_SHAPE.test(token) ? addBot(token) : undefined)
  const transport = openTransport({ stage, faults, methods: openMethods(stage, polling, webhooks), botFor })

  const carryOutAnswer = async (bot: Bot, { contentType, body }: PostAnswer) => {
    try {
      const args = readArgs(parseForm(contentType, body))
      const method = args.text('method')
      if (method === '' || /^(get|setwebhook$|deletewebhook$|close$|logout$)/i.test(method)) return
      await transport.carryOut({ bot, args, method, gone: new AbortController().signal })
    } catch {
      // As with the real server, nobody hears what became of it.
    }
  }

  const download = (res: ServerResponse, token: string, path: string) => {
    const bot = botFor(token)
    const file = bot && stage.files.download(bot, path)
    if (!file) return sendJson(res, 404, { ok: false, error_code: 404, description: 'Not Found' })
    send(res, 200, file.bytes, { 'content-type': 'application/octet-stream' })
  }

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const at = (req.url ?? '/').indexOf('?')
    const path = decode(at < 0 ? req.url! : req.url!.slice(0, at))
    const query = new URLSearchParams(at < 0 ? '' : req.url!.slice(at))
    const [, token, method] = /^\/bot([^/]*)\/([^/]+)$/.exec(path) ?? []
    if (token !== undefined && method !== undefined) return transport.serve(req, res, { token, method, query })
    const [, owner, filePath] = /^\/file\/bot([^/]+)\/(.+)$/.exec(path) ?? []
    if (owner !== undefined && filePath !== undefined) return download(res, owner, filePath)
    const what = /^\/_rehearsal\/([A-Za-z]+)$/.exec(path)?.[1]
    if (what !== undefined) return control(req, res, what, query)
    sendJson(res, 404, { ok: false, error_code: 404, description: 'Not Found' })
  }

  const listener = await openListener(handle, { host, port, now: clock.now })
  const telling = openTelling(stage)
  const closing = new AbortController()
  for (const token of bots) addBot(token)

  const fake: FakeTelegram = {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`,
    port: listener.port,
    clock,
    people: openPeople(stage, telling),
    groups: openGroups(stage, telling),
    faults,
    journal,
    addBot,
    forgetBot(token) {
      const bot = world.bots.get(token)
      if (!bot) return
      webhooks.drop(bot)
      polling.throwOut(bot, 'terminated by other getUpdates request; make sure that only one bot instance is running')
      world.bots.delete(token)
    },
    waitingUpdates(token) {
      const found = token === undefined ? [...world.bots.values()] : [world.bots.get(token)]
      return found.flatMap((bot) => bot?.queue.peek().map((w) => w.update) ?? [])
    },
    async outage(ms) {
      await listener.goAway()
      if (ms !== undefined) void clock.sleep(ms, closing.signal).then(() => listener.comeBack())
    },
    recover: () => listener.comeBack(),
    async close() {
      closing.abort()
      webhooks.close()
      await listener.close()
    },
  }
  const control = openControl(fake, {
    clock: 'advance' in clock ? (clock as RehearsalClock) : undefined,
    host,
    key: options.controlKey,
  })
  return fake
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
