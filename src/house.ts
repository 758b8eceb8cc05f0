/**
 * Builds every room once and introduces them to each other: the one place. Rooms get functions of their neighbours, never
 * the neighbours; what must become true together is joined here, in one transaction.
 */
import { accessMigrations, openAccess } from './access/index.ts'
import {
  assistantMigrations,
  costOf,
  loadAssistants,
  openApplyRights,
  openAllowance,
  openEarsOf,
  openEffects,
  openLearning,
  openModelOf,
  openTurnRecords,
  openTurns,
  type Assistant,
  type Effects,
} from './assistants/index.ts'
import { openTelegram, openWebChannel, type Channel } from './channels/index.ts'
import { tokensFor, type Config } from './config.ts'
import { conversationMigrations, openConversations } from './conversations/index.ts'
import { directoryMigrations } from './directory/index.ts'
import {
  migrate,
  Misconfigured,
  newId,
  openCache,
  openRateLimits,
  reachDatabase,
  type Clock,
  type Database,
  type Log,
  type Migration,
  type Tx,
} from './foundation/index.ts'
import { careMigrations } from './care/index.ts'
import type { Arrival } from './gateway/index.ts'
import { openCaring } from './house/care.ts'
import { restraintFor } from './house/restraint.ts'
import { openAdjusting } from './house/adjusting.ts'
import { openCompanies } from './house/companies.ts'
import { openKeeping, retentionDays } from './house/keeping.ts'
import { openMetrics, openOperator } from './monitoring/index.ts'
import { openOutbox, outboxMigrations } from './outbox/index.ts'
import { openPeople, peopleMigrations, type AccessMode, type Approved } from './people/index.ts'
import { openScrubbing } from './house/scrubbing.ts'
import { openSending, PRIVATE_PACE } from './house/sending.ts'
import { prefixOf } from './house/redis-prefix.ts'
import { wordsIn, type Language } from './texts/index.ts'

export const migrations: Migration[] = [
  ...peopleMigrations,
  ...conversationMigrations,
  ...outboxMigrations,
  ...assistantMigrations,
  ...accessMigrations,
  ...directoryMigrations,
  ...careMigrations,
]

export type HouseOptions = {
  config: Config
  clock: Clock
  log: Log
  version: string
  /** Told when this process can no longer trust its database file. */
  onFatal: (error: Error) => void
}

export async function openHouse({ config, clock, log, version, onFatal }: HouseOptions) {
  const { lang } = config.log
  const db = await reachDatabase(
    config.database.engine === 'sqlite'
      ? { ...config.database, onFatal }
      : { ...config.database, onLost: (error) => log.warn('database_lost', { error }) },
    { clock, log },
  )
  const applied = await migrate(db, migrations, version, clock.now())
  if (applied.length > 0) log.info('migrated', { migrations: applied.length })

  const assistants = await loadAssistants(config.folders.assistants, { only: config.assistants, language: lang })
  refuseWhatLacks(config, assistants, lang)
  const { tokens, spare } = tokensFor(config, [...assistants.keys()])
  for (const name of spare) log.warn('token_without_assistant', { assistant: name })
  const mainOnTelegram = tokens.has('aegen') ? 'aegen' : tokens.size === 1 ? [...tokens.keys()][0] : undefined

  const cache = openCache({ redisUrl: config.cache.redisUrl, log, clock, prefix: prefixOf(config.keys.session) })
  const limits = openRateLimits({ cache, clock, salt: config.keys.session })
  const owner = newId()
  const people = openPeople({
    db,
    clock,
    defaultZone: config.zone,
    zoneGiven: config.zoneGiven,
    proactiveLimit: config.proactiveDailyLimit,
    onZone: (tx, personId, was, zone) => outbox.rezone(tx, personId, was, zone),
    onJoined: async (tx, from, to) => {
      await outbox.joinPersons(tx, from, to)
      await learning.moveOwner(tx, from, to)
      await allowance.joinPersons(tx, from, to)
      await care.joined(tx, from, to)
    },
  })

  const onMoved = async (tx: Tx, channel: string, from: string, to: string) => {
    await people.moved(tx, channel, from, to)
    await conversations.moveChat(tx, channel, from, to)
  }
  const { care, ...caring } = openCaring({ config, db, clock, log, operator: () => operator, outbox: () => outbox })
  const outbox = openOutbox({
    db,
    clock,
    owner,
    ownerOf: people.ownerOf,
    mannersOf: care.within(people.mannersOf),
    ...restraintFor({ assistants, people, conversations: () => conversations }),
    only: config.assistants,
    onBlocked: (tx, channel, chatId) => people.blocked(tx, channel, chatId, true),
    onMoved,
  })
  const records = openTurnRecords({ db })
  const allowance = openAllowance({
    db,
    clock,
    log,
    zone: config.zone,
    onSpent: ({ assistant, scope }) => operator.tell({ cause: 'budget_spent', subject: assistant, details: { scope } }),
    onCall: (about) => metrics.model(about),
  })
  const modelOf = openModelOf({
    llm: config.llm,
    budget: config.budget,
    clock,
    allowance,
    cache,
    onReused: (about) => metrics.reused(about),
  })
  const rights = openApplyRights({
    db,
    clock,
    log,
    people,
    conversations: () => conversations,
    outbox,
    learning: { dropOf: (tx, personId) => learning.dropOf(tx, personId) },
    care,
    records,
  })
  const conversations = openConversations<Effects>({
    db,
    clock,
    owner,
    only: config.assistants,
    lookUp: people.lookUp,
    onHeard: async (tx, fresh, found) => {
      const meetings = (fresh as Arrival[]).flatMap((m) =>
        m.chatId === undefined ? [] : [{ channel: m.channel, chatId: m.chatId, group: m.heard?.group ?? false, ...namesIn(m) }],
      )
      if (meetings.length === 0) return
      const owners = await people.meet(tx, meetings, found)
      await outbox.hold(tx, [...owners.values()])
    },
    onClosed: openEffects({
      db,
      clock,
      log,
      outbox,
      people,
      rights,
      care,
      learning: { enqueue: (tx, lessons) => learning.enqueue(tx, lessons) },
      onMoved: async (tx, channel, from, to) => {
        await outbox.chatMoved(tx, channel, from, to)
        await onMoved(tx, channel, from, to)
      },
    }),
  })

  const learning = openLearning({
    db,
    clock,
    log,
    owner,
    people,
    conversations,
    outbox,
    assistants,
    modelOf,
    only: config.assistants,
  })

  const operator = openOperator({
    clock,
    log,
    language: lang,
    webhook: config.operator.webhook,
    toChat: config.operator.chat && mainOnTelegram ? toOperator(mainOnTelegram, config.operator.chat) : undefined,
  })
  function toOperator(assistant: string, chatId: string) {
    return async (text: string, key: string) => {
      const put = { assistant, channel: 'telegram', chatId, kind: 'notice' as const, text, key, correlation: key }
      return (await outbox.schedule(put)).outcome === 'created'
    }
  }

  const telegram = openTelegram({
    clock,
    log,
    apiRoot: config.telegram.apiRoot,
    language: lang,
    bots: [...tokens].map(([assistant, token]) => ({ assistant, token, commands: commandsOf() })),
    onTrouble: (what, { assistant }) => what === 'token_refused' && operator.tell({ cause: 'token_refused', subject: assistant }),
  })
  const channels = new Map<string, Channel>([
    ['telegram', telegram],
    ['web', openWebChannel('web')],
    ['terminal', openWebChannel('terminal')],
  ])

  const companies = openCompanies(assistants, { config, db, clock, log, cache, outbox, people, telegram })
  const settings = await openAdjusting({ db, clock, log, assistants, language: lang })
  const scrubbing = openScrubbing({ db, clock, log, erasedAt: people.lastErasure })
  const links = new Map<string, string>()

  const metrics = openMetrics(async () => {
    const [backlog, parked, counts] = [await conversations.backlog(), await conversations.countParked(), await outbox.counts()]
    const oldestWaitMs = backlog.oldestReadyAt === null ? 0 : clock.now() - backlog.oldestReadyAt
    return { conversations: backlog.conversations, oldestWaitMs, parked, outbox: counts }
  })

  const turns = openTurns({
    db,
    clock,
    log,
    conversations,
    outbox,
    people,
    care,
    onCare: caring.onCare,
    channels,
    assistants,
    language: lang,
    modelOf,
    pressSecret: config.keys.session,
    draftPace: PRIVATE_PACE,
    earsOf: openEarsOf({ transcription: config.transcription, budget: config.budget, clock, allowance }),
    costOf,
    accessOf: (assistant: Assistant, channel: string): AccessMode =>
      channel === 'telegram' ? (assistant.access ?? accessIn(config)) : { mode: 'open' },
    retentionOf: (assistant: Assistant) => retentionDays(config, assistant),
    onParked: (about) => operator.tell({ cause: 'parked', subject: about.assistant, details: { id: `in-${about.seq}` } }),
    onAsked: (about) => operator.tell({ cause: 'access_asked', subject: about.assistant }),
    onTurn: (about) => metrics.turn(about.assistant, about.outcome, about.seconds),
  })

  const delivery = openSending({ config, log, outbox, channels, turns, metrics, operator })

  const access = openAccess({
    db,
    clock,
    keys: { admin: config.keys.admin, internal: config.keys.internal, telegramSecret: config.telegram.webhookSecret },
    sessionSecret: config.keys.session,
  })

  return {
    config,
    clock,
    log,
    version,
    db,
    cache,
    limits,
    access,
    assistants,
    companies,
    settings,
    tokens,
    mainOnTelegram,
    channels,
    telegram,
    people,
    outbox,
    care,
    conversations,
    records,
    turns,
    learning,
    delivery,
    operator,
    metrics,

    /** Every minute: what takes longer than a turn. Those joined lately may have had something on its way. */
    async tidy(): Promise<void> {
      await scrubbing.soon(await rights.tidy())
      await caring.tidy()
      await settings.refresh()
      for (const { from, to } of await people.joinedSince(clock.now() - 3_600_000))
        await db.transaction(async (tx: Tx) => {
          await outbox.joinPersons(tx, from, to)
          await allowance.joinPersons(tx, from, to)
          await care.joined(tx, from, to)
        })
    },

    /** After an older backup was restored. */
    eraseAgain: rights.eraseAgain,

    /** Messages that were joined share one answer: under whose correlation it stands. */
    async answeredWith(sourceKey: string): Promise<string> {
      const heard = await conversations.find({ sourceKey })
      const last = /^joined in-(\d+)$/.exec(heard?.reason ?? '')?.[1]
      return (last && (await conversations.find({ seq: Number(last) }))?.sourceKey) || sourceKey
    },

    async introduceBots() {
      const met = await telegram.introduce()
      for (const one of met) if (one.ok) links.set(one.assistant, one.link)
      return met
    },

    inviteLink: (assistant: string, code: string): string | undefined => {
      const link = links.get(assistant)
      return link && `${link}?start=${code}`
    },

    /** Whoever was let in wants to know, and what waited for it may go. */
    async welcome({ assistant, channel, chatId, personId }: Approved): Promise<void> {
      const person = await people.find(channel, chatId)
      const text = wordsIn(person?.language?.startsWith('en') ? 'en' : 'es').cli.say.youAreIn
      const correlation = `approval:${assistant}:${channel}:${chatId}`
      await db.transaction((tx) => outbox.put(tx, [{ assistant, channel, chatId, kind: 'reply', text, correlation }]))
      db.wake.signal('outbox')
      await outbox.lookAgain(personId)
    },

    forget: openKeeping({ scrubbing, config, clock, assistants, conversations, outbox, records, allowance, care, companies }),

    async close(): Promise<void> {
      await allowance.idle()
      settings.close()
      for (const company of companies.values()) await company.close()
      await cache.close()
      await db.close()
    },
  }
}

export type House = Awaited<ReturnType<typeof openHouse>>

/** Each assistant's file says what it needs: in the image nothing starts half set up, elsewhere it is said. */
function refuseWhatLacks(config: Config, assistants: ReadonlyMap<string, Assistant>, lang: Language): void {
  const { missingVariable } = wordsIn(lang).cli.say
  const faults = [...assistants.values()].flatMap(({ name, needs }) =>
    needs.filter((variable) => !config.isSet(variable)).map((variable) => missingVariable(name, variable)),
  )
  if (faults.length > 0 && config.image) throw new Misconfigured(faults)
}

const accessIn = ({ telegram }: Config): AccessMode =>
  telegram.access === 'allowlist' ? { mode: 'allowlist', list: telegram.allowlist } : { mode: telegram.access }

function namesIn({ heard }: Arrival) {
  if (!heard || heard.group) return {}
  const { name, username, language } = heard.from ?? {}
  return { name, username, language }
}

function commandsOf() {
  const list = (language: 'es' | 'en') => wordsIn(language).assistants.say.commands.menu
  return { es: [...list('es')], en: [...list('en')] }
}

export { retentionDays }
export type { Database }
