import { newId, sha256, type Clock, type Database, type Log, type Tx } from '../foundation/index.ts'
import { today, type Calendar } from './calendar.ts'
import { hearersOf, type AreaChat } from './chats.ts'
import type { Answer, Directory } from './directory.ts'
import { no, type HrFault, type Read } from './fault.ts'
import { messageOf, rangeOf } from './message.ts'
import type { Level, Say } from './say.ts'
import { MOST_SKIPPED, upcoming, type Occasion, type Skipped, type What } from './upcoming.ts'

/** The outbox, as far as this room must know it. */
export type Notice = {
  assistant: string
  channel: string
  chatId: string
  kind: 'notice'
  text: string
  format: 'plain'
  key: string
  correlation: string
  expiresAt?: number
}
export type ScheduleIn = (tx: Tx, notice: Notice) => Promise<{ id: number; outcome: 'created' | 'replaced' | 'unchanged' }>

export type DeskOptions = {
  directory: Directory
  db: Database
  clock: Clock
  log: Log
  say: Say
  calendar: Calendar
  assistant: string
  /** CCM_CHAT_IDS. */
  chats: readonly string[]
  areaChats?: readonly AreaChat[]
  /** Does the mapping name a column with chats? */
  personChats?: boolean
  scheduleIn: ScheduleIn
  /** How the channel cuts a long text. */
  split: (text: string) => string[]
  channel?: string
}

export type Asked = { days?: number | undefined; chat_ids?: readonly string[] | undefined; dry_run?: boolean | undefined }
export type Queued = { id: string | null; chat_id: string; people: string[]; unchanged?: true; text?: string }
export type Told = {
  dry_run: boolean
  text: string
  queued: Queued[]
  skipped: Skipped[]
  skipped_more?: number
  source: { age_s: number; stale: boolean } | null
}
export type Outcome =
  | { ok: true; told: Told }
  | { ok: false; why: 'no_chat' }
  | { ok: false; why: 'hr_unavailable'; fault: HrFault }

export const DAYS = 7
const NAMES: Record<What, string> = { birthdays: 'cumpleanos', hires: 'ingresos' }

/** What the three routes and the schedules do: who is meant, what they are told, and the outbox, in one step. */
export function openDesk(options: DeskOptions) {
  const { directory, db, clock, log, say, calendar, assistant, scheduleIn, split, channel = 'telegram' } = options
  const areaChats = options.areaChats ?? []

  type Piece = { chatId: string; key: string; text: string; people: string[]; expiresAt?: number | undefined }

  /** All or none; `mine` false = somebody else did this already, and nothing is put. */
  async function put(pieces: readonly Piece[], mine: (tx: Tx) => Promise<boolean>): Promise<Queued[] | undefined> {
    // Chats in one order everywhere, so that two calls never wait for each other crosswise.
    const sorted = [...pieces].sort((a, b) => (a.chatId < b.chatId ? -1 : a.chatId > b.chatId ? 1 : 0))
    const done = await db.transaction<never, Queued[] | undefined>(async (tx) => {
      if (!(await mine(tx as Tx))) return undefined
      const queued: Queued[] = []
      for (const { chatId, key, text, people, expiresAt } of sorted) {
        const { id, outcome } = await scheduleIn(tx as Tx, {
          assistant,
          channel,
          chatId,
          kind: 'notice',
          text,
          format: 'plain',
          key,
          correlation: `notice-${newId()}`,
          ...(expiresAt !== undefined && { expiresAt }),
        })
        queued.push({ id: `out-${id}`, chat_id: chatId, people, ...(outcome === 'unchanged' && { unchanged: true }) })
      }
      return queued
    })
    if (done && done.length > 0) db.wake.signal('outbox')
    return done
  }

  function composed(what: What, answer: Answer, asked: Asked, { on, whole }: { on: Temporal.PlainDate; whole: boolean }) {
    const { days = DAYS, chat_ids } = asked
    const { roster, stale, ageMs } = answer
    const list = upcoming(what, roster, { from: on, days, whole }, calendar)
    const tell = (occasions: readonly Occasion[]) =>
      messageOf({ what, occasions, from: list.from, to: list.to, today: on.toString(), staleMs: stale ? ageMs : undefined, say })
    const all = tell(list.occasions)
    const { chats, unreachable, tooMany } = hearersOf(list.occasions, { named: chat_ids, standard: options.chats, areaChats })
    const left: Skipped[] = [
      ...list.skipped,
      ...unreachable.map(({ name }): Skipped => ({ name, reason: 'bad_chat' })),
      ...[...new Set([...all.leftOut, ...tooMany])].map(({ person }): Skipped => ({ name: person.name, reason: 'no_room' })),
    ]
    const more = list.skippedMore + Math.max(0, left.length - MOST_SKIPPED)
    const text = all.parts.map((part) => part.text).join('\n\n') || say.none[what](rangeOf(list.from, list.to, say), null)
    const pieces: (Piece & { own: boolean })[] = []
    for (const [chatId, occasions] of chats) {
      const own = occasions.length !== list.occasions.length
      const parts = own ? tell(occasions).parts : all.parts
      const key = `hr:${NAMES[what]}:${on.toString()}:${listHash(occasions)}`
      parts.forEach((part, n) => pieces.push({ chatId, key: `${key}:${n + 1}`, ...part, own }))
    }
    const told: Omit<Told, 'queued' | 'dry_run'> = {
      text,
      skipped: left.slice(0, MOST_SKIPPED),
      ...(more > 0 && { skipped_more: more }),
      source: { age_s: Math.round(ageMs / 1000), stale },
    }
    return { told, pieces }
  }

  const someoneHears = (named: readonly string[] | undefined) =>
    (named ?? options.chats).length > 0 || areaChats.length > 0 || options.personChats === true

  async function about(what: What, asked: Asked): Promise<Outcome> {
    if (!someoneHears(asked.chat_ids)) return { ok: false, why: 'no_chat' }
    return answered(what, asked, today(clock.now(), calendar.zone))
  }

  async function answered(what: What, asked: Asked, on: Temporal.PlainDate): Promise<Outcome> {
    const startedAt = clock.monotonic()
    const people = await directory.people()
    if (!people.ok) return { ok: false, why: 'hr_unavailable', fault: people.fault }
    const { told, pieces } = composed(what, people.value, asked, { on, whole: true })
    const dryRun = asked.dry_run ?? false
    const queued = dryRun ? pieces.map(shownOnly) : ((await put(pieces, async () => true)) ?? [])
    const ms = Math.round(clock.monotonic() - startedAt)
    log.info('directory_told', { what: NAMES[what], dry_run: dryRun, messages: queued.length, skipped: told.skipped.length, ms })
    return { ok: true, told: { dry_run: dryRun, ...told, queued } }
  }

  return {
    about,

    /** What would be told, to whom; a chat is not needed for looking. */
    preview: (what: What, asked: Asked): Promise<Outcome> =>
      answered(what, { ...asked, dry_run: true }, today(clock.now(), calendar.zone)),

    /** Needs no source. */
    async alert(text: string, level: Level, { chat_ids, dry_run = false }: Omit<Asked, 'days'>): Promise<Outcome> {
      const chats = chat_ids ?? options.chats
      if (chats.length === 0) return { ok: false, why: 'no_chat' }
      const whole = say.levels[level](
        text
          .replaceAll(/[^\P{Cc}\n\t]/gu, '')
          .toWellFormed()
          .trim(),
      )
      const parts = split(whole)
      const day = today(clock.now(), calendar.zone).toString()
      const key = `hr:alerta:${day}:${sha256(`${level}\n${text}`).slice(0, 16)}`
      const pieces = [...new Set(chats)].flatMap((chatId) =>
        parts.map((part, n) => ({ chatId, key: `${key}:${n + 1}`, text: part, people: [], own: false })),
      )
      const queued = dry_run ? pieces.map(shownOnly) : ((await put(pieces, async () => true)) ?? [])
      log.info('directory_told', { what: 'alerta', dry_run, messages: queued.length, skipped: 0 })
      return { ok: true, told: { dry_run, text: whole, queued, skipped: [], source: null } }
    },

    /**
     * What a schedule does on its day, once: `mine` is asked inside the transaction. Undefined = the source is away and
     * there is nothing kept: worth another try.
     */
    async run(
      what: What,
      { days, chat_ids }: Asked,
      { on, until }: { on: Temporal.PlainDate; until: number },
      mine: (tx: Tx, messages: number) => Promise<boolean>,
    ): Promise<Read<{ messages: number; mine: boolean }>> {
      if (!someoneHears(chat_ids)) return no('unset', 'CCM_CHAT_IDS')
      const people = await directory.people()
      if (!people.ok) return people
      const { pieces } = composed(what, people.value, { days, chat_ids }, { on, whole: false })
      const queued = await put(
        pieces.map((piece) => ({ ...piece, expiresAt: until })),
        (tx) => mine(tx, pieces.length),
      )
      return { ok: true, value: { messages: queued?.length ?? 0, mine: queued !== undefined } }
    },
  }
}

export type Desk = ReturnType<typeof openDesk>

const shownOnly = ({ chatId, people, text, own }: { chatId: string; people: string[]; text: string; own: boolean }): Queued => ({
  id: null,
  chat_id: chatId,
  people,
  // A chat that hears of some areas only reads another text than the one above.
  ...(own && { text }),
})

const listHash = (occasions: readonly Occasion[]): string =>
  sha256(JSON.stringify(occasions.map(({ person, date }) => [person.id, person.name, date]))).slice(0, 16)
