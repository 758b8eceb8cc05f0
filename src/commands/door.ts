import type { Heard } from '../channels/index.ts'
import { openGateway } from '../gateway/index.ts'
import type { House } from '../house.ts'
import type { Health } from '../monitoring/index.ts'

export type Door = { url: string; entryLink(): Promise<string>; close(): Promise<void> }

// The parts of one album, or of a text that the telephone cut, come within this.
const PARTS_MS = 700
const isPart = ({ albumId, text }: Heard) => albumId !== undefined || text.length >= 4_000

/** Opens the HTTP door of a house. */
export async function openDoor(
  house: House,
  health: () => Promise<Health>,
  where: { host: string; port: number },
): Promise<Door> {
  const { config, clock, log, assistants, telegram, turns } = house
  const brain = config.llm.provider === 'offline' ? 'offline' : 'ready'
  const gateway = openGateway({
    clock,
    log,
    version: house.version,
    access: house.access,
    take: house.limits.take,
    wake: house.db.wake,
    publicUrl: config.http.publicUrl,
    corsOrigins: config.http.corsOrigins,
    trustedProxies: config.http.trustedProxies,
    assistants: {
      list: () => [...assistants.values()].map(({ name, title }) => ({ name, title, brain })),
      has: (name) => assistants.has(name),
      mainOnTelegram: () => house.mainOnTelegram,
      botIdOf: (name) => telegram.botId(name),
    },
    channels: [...house.channels.keys()],
    understand: (channel, raw, assistant) =>
      house.channels.get(channel)?.understand(raw, assistant) ?? { ok: false, reason: 'unknown_channel' },
    settleMs: (heard: Heard, channel: string) => {
      if (channel !== 'telegram' || !['text', 'voice', 'photo', 'file', 'edit'].includes(heard.kind)) return 0
      return isPart(heard) ? Math.max(config.debounceMs, PARTS_MS) : config.debounceMs
    },
    conversations: house.conversations,
    outbox: house.outbox,
    people: house.people,
    care: house.care,
    settings: house.settings,
    correlationOf: house.answeredWith,
    turnsOf: house.records.turnsOf,
    watchPreview: turns.watch,
    health,
    metrics: async () => ({ text: await house.metrics.text(), contentType: house.metrics.contentType }),
    onApproved: (approved) => void house.welcome(approved).catch((error: unknown) => log.error('welcome_failed', { error })),
    inviteLink: house.inviteLink,
    onAnswer: house.metrics.http,
    // The paths are fixed names of the users' own: one company answers them.
    moreRoutes: [...house.companies.values()][0]?.routes ?? [],
  })
  const { port } = await gateway.listen(where.port, where.host)
  const host = where.host === '0.0.0.0' || where.host === '::' ? '127.0.0.1' : where.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    url,
    entryLink: () => gateway.entryLink(config.http.publicUrl ?? url),
    close: () => gateway.close(),
  }
}
