import { openAccess } from '../../src/access/index.ts'
import { openCare } from '../../src/care/index.ts'
import { openTelegram, openWebChannel } from '../../src/channels/index.ts'
import { openConversations, type Turn } from '../../src/conversations/index.ts'
import {
  openCache,
  openRateLimits,
  silentLog,
  systemClock,
  type Clock,
  type Database,
  type Log,
} from '../../src/foundation/index.ts'
import { openGateway, type GatewayOptions } from '../../src/gateway/index.ts'
import { openOutbox, type Put } from '../../src/outbox/index.ts'
import { openPeople } from '../../src/people/index.ts'
import { wordsIn } from '../../src/texts/index.ts'

export const KEYS = {
  admin: 'clave-maestra-de-la-prueba-9431',
  internal: 'clave-interna-de-la-prueba-7718',
  telegramSecret: 'secreto_del_webhook_de_prueba_5',
}
export const BOT = '4242'

type Preview = Parameters<Parameters<NonNullable<GatewayOptions['watchPreview']>>[1]>[0]

/** A real door, listening, over real rooms; only the turn is scripted: `answer` says what the assistant replies. */
export async function openDoorBench(
  db: Database,
  over: Partial<GatewayOptions> & { clock?: Clock; log?: Log; port?: number } = {},
) {
  const { clock = systemClock, log = silentLog } = over
  const people = openPeople({ db, clock, defaultZone: 'UTC', proactiveLimit: 2 })
  const care = openCare({ db, clock, say: (language) => wordsIn(language).care.say, tell: () => {} })
  const outbox = openOutbox({ db, clock, owner: 'bench', ownerOf: people.ownerOf, mannersOf: care.within(people.mannersOf) })
  const conversations = openConversations<Put[]>({
    db,
    clock,
    owner: 'bench',
    onHeard: async (tx, fresh) => {
      const meetings = fresh.flatMap((m) =>
        m.chatId === undefined ? [] : [{ channel: m.channel, chatId: m.chatId, group: false }],
      )
      if (meetings.length > 0) await people.meet(tx, meetings)
    },
    onClosed: async (tx, closings) => {
      await outbox.put(
        tx,
        closings.flatMap((one) => one.effects),
      )
    },
  })
  const telegram = openTelegram({
    clock,
    log: silentLog,
    apiRoot: 'http://127.0.0.1:9',
    language: 'es',
    bots: [{ assistant: 'aegen', token: `${BOT}:none`, commands: { es: [], en: [] } }],
    onTrouble: () => {},
  })
  const web = openWebChannel('web')
  const access = openAccess({ db, clock, keys: KEYS, sessionSecret: 'firma-de-las-sesiones-de-prueba-1' })
  const limits = openRateLimits({ cache: openCache({ log: silentLog, clock }), clock })
  const watching = new Map<string, (preview: Preview) => void>()
  const approved: string[] = []

  const gateway = openGateway({
    clock,
    log,
    version: '0.0.0',
    access,
    take: limits.take,
    wake: db.wake,
    assistants: {
      list: () => [
        { name: 'aegen', title: 'AEGEN', brain: 'ready' },
        { name: 'ccm', title: 'CCM', brain: 'offline' },
      ],
      has: (name) => name === 'aegen' || name === 'ccm',
      mainOnTelegram: () => 'aegen',
      botIdOf: (name) => (name === 'aegen' ? BOT : undefined),
    },
    channels: ['telegram', 'web'],
    understand: (channel, raw, assistant) => (channel === 'telegram' ? telegram : web).understand(raw, assistant),
    settleMs: () => 0,
    conversations,
    outbox,
    people,
    care,
    watchPreview: (key, listen) => {
      watching.set(key, listen)
      return () => watching.delete(key)
    },
    health: async () => ({ status: 'ok', parts: { database: { state: 'ok' } } }),
    metrics: async () => ({ text: 'centralita_up 1\n', contentType: 'text/plain; version=0.0.4' }),
    onApproved: ({ address }) => approved.push(address),
    inviteLink: (assistant, code) => (assistant === 'aegen' ? `https://t.me/aegen_bot?start=${code}` : undefined),
    checkAnswers: true,
    ...over,
  })
  const { port, address } = await gateway.listen(over.port ?? 0, '127.0.0.1')

  const replyTo = (turn: Turn, text: string): Put => ({
    assistant: turn.assistant,
    channel: turn.channel,
    chatId: turn.chatId,
    kind: 'reply',
    text,
    correlation: turn.messages.at(-1)!.sourceKey,
  })

  return {
    gateway,
    port,
    address,
    access,
    conversations,
    outbox,
    people,
    care,
    approved,
    /** Ends what waits, as a worker would: with a reply, or parked. */
    async answer(words: ((turn: Turn) => string) | { parked: string }): Promise<Turn[]> {
      const turns = await conversations.claim(20)
      const parked = typeof words === 'function' ? undefined : words.parked
      await Promise.all(
        turns.map((turn) =>
          conversations.close({
            turn,
            endings: turn.messages.map(({ seq }) =>
              parked === undefined ? { seq, outcome: 'answered' as const } : { seq, outcome: 'parked' as const, reason: parked },
            ),
            effects: typeof words === 'function' ? [replyTo(turn, words(turn))] : [],
          }),
        ),
      )
      if (turns.length > 0) db.wake.signal('outbox')
      return turns
    },
    preview: (sourceKey: string, shown: Preview) => watching.get(sourceKey)?.(shown),
    watching: () => [...watching.keys()],
    ask: (path: string, { json, key = KEYS.admin, ...init }: Ask = {}) =>
      fetch(address + path, {
        redirect: 'manual',
        ...init,
        ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }),
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    close: () => gateway.close(),
  }
}

type Ask = Omit<RequestInit, 'headers'> & { json?: unknown; key?: string; headers?: Record<string, string> }
export type DoorBench = Awaited<ReturnType<typeof openDoorBench>>

export type Told = { event: string; data: Record<string, unknown> }

/** Reads server-sent events to their end. */
export async function eventsOf(answer: Response): Promise<Told[]> {
  return (await answer.text()).split('\n\n').flatMap((part): Told[] => {
    const event = /^event: (.*)$/m.exec(part)?.[1]
    return event ? [{ event, data: JSON.parse(/^data: (.*)$/m.exec(part)![1]!) as Record<string, unknown> }] : []
  })
}

/** Looks again until it is so; a test that waits in vain fails by its own limit. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = 20_000,
): Promise<T> {
  const end = systemClock.monotonic() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (systemClock.monotonic() > end) throw new Error('it did not come to pass')
    await systemClock.sleep(20)
  }
}
