import { queryOf } from './ask.ts'
import { sayFor, WrongUse, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { aligned, asJson, brief, clockFace, plain, table } from './shown.ts'
import { withDoor } from './with-door.ts'

type Item = {
  id: string
  assistant: string
  channel: string
  chat_id: string
  kind: string
  text: string | null
  intent: string | null
  scheduled_for: string
  expires_at: string | null
  sent_at: string | null
  status: string
  reason: string | null
  attempts: number
  decisions: { at: string; what: string; why: string }[]
}

const at = (id: string) => `/api/v1/outbox/${encodeURIComponent(id)}`

export const list = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal } = call
    const { outbox: say, more, words } = sayFor(call)
    const { assistant, chat, kind, status, limit, from } = options
    const filter = { assistant, kind, status, limit }
    const page = await ask.get<{ items: Item[]; next: string | null }>(
      `/api/v1/outbox${queryOf({ ...filter, chat_id: chat, cursor: from })}`,
    )
    if (options.json) terminal.out(asJson(page))
    else if (page.items.length === 0) terminal.out(say.none)
    else {
      const { minute } = clockFace(config.zone)
      const rows = page.items.map((one) => [
        one.id,
        (words[one.status] ?? one.status) +
          (one.reason && one.status !== one.reason ? ` (${words[one.reason] ?? one.reason})` : ''),
        words[one.kind] ?? one.kind,
        minute(one.scheduled_for),
        brief(one.assistant, 20),
        brief(`${one.channel}:${one.chat_id}`, 28),
        brief(one.text ?? `[${one.intent ?? ''}]`, 50),
      ])
      table(say.columns, rows).forEach(terminal.out)
      if (page.next) {
        const flags = Object.entries({ ...filter, chat }).flatMap(([name, value]) =>
          value === undefined ? [] : [`--${name} ${value}`],
        )
        terminal.out(more(['centralita outbox list', ...flags, `--from ${page.next}`].join(' ')))
      }
    }
    return 0
  })

export const show = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal } = call
    const item = await ask.get<Item>(at(call.words[0]!))
    if (options.json) terminal.out(asJson(item))
    else details(item, config.zone, call).forEach(terminal.out)
    return 0
  })

function details(item: Item, zone: string, call: Call): string[] {
  const { outbox: say, words } = sayFor(call)
  const { minute } = clockFace(zone)
  const shown: Record<string, string | number | null | Item['decisions']> = {
    ...item,
    status: words[item.status] ?? item.status,
    reason: item.reason && (words[item.reason] ?? item.reason),
    kind: words[item.kind] ?? item.kind,
    scheduled_for: minute(item.scheduled_for),
    expires_at: item.expires_at && minute(item.expires_at),
    sent_at: item.sent_at && minute(item.sent_at),
  }
  const lines = Object.entries(say.fields).flatMap(([field, label]): [string, string][] => {
    const value = shown[field]
    return value === null || value === undefined || value === '' || typeof value === 'object'
      ? []
      : [[label, plain(String(value))]]
  })
  const decisions = item.decisions.map(
    (one) => `  ${minute(one.at)}  ${words[one.what] ?? one.what}: ${plain(words[one.why] ?? one.why)}`,
  )
  return [...aligned(lines, 14), ...(decisions.length > 0 ? ['', say.decisions, ...decisions] : [])]
}

export const cancel = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask }) => {
    const { value } = await ask.post<Item>(`${at(call.words[0]!)}/cancel`)
    call.terminal.out(call.options.json ? asJson(value) : sayFor(call).outbox.cancelled(value.id))
    return 0
  })

const BECAME = ['sent', 'not_sent', 'again']

export async function settle(call: Call): Promise<ExitCode> {
  const say = sayFor(call)
  const [id, became] = call.words as [string, string]
  if (!BECAME.includes(became)) throw new WrongUse(say.wrong.became(became))
  return withDoor(call, async ({ ask }) => {
    const { value } = await ask.post<Item>(`${at(id)}/settle`, { became })
    call.terminal.out(call.options.json ? asJson(value) : say.outbox.settled(value.id, say.words[value.status] ?? value.status))
    return 0
  })
}
