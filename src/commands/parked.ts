import { queryOf } from './ask.ts'
import { sayFor, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { aligned, asJson, brief, clockFace, plain, table } from './shown.ts'
import { withDoor } from './with-door.ts'

type Parked = {
  id: string
  correlation: string
  assistant: string
  channel: string
  chat_id: string | null
  kind: string | null
  text: string | null
  reason: string | null
  received_at: string
}

const at = (id: string) => `/api/v1/parked/${encodeURIComponent(id)}`

export const list = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal } = call
    const { parked: say, more } = sayFor(call)
    const page = await ask.get<{ items: Parked[]; next: string | null }>(
      `/api/v1/parked${queryOf({ limit: options.limit, cursor: options.from })}`,
    )
    if (options.json) terminal.out(asJson(page))
    else if (page.items.length === 0) terminal.out(say.none)
    else {
      const { minute } = clockFace(config.zone)
      const rows = page.items.map((one) => [
        one.id,
        minute(one.received_at),
        brief(one.assistant, 20),
        one.chat_id === null ? one.channel : brief(`${one.channel}:${one.chat_id}`, 28),
        brief(reasonOf(one, call), 40),
        brief(one.text, 50),
      ])
      table(say.columns, rows).forEach(terminal.out)
      if (page.next) terminal.out(more(`centralita parked list --from ${page.next}`))
    }
    return 0
  })

export const show = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal, words } = call
    const { parked: say } = sayFor(call)
    const one = await ask.get<Parked & { raw: string | null }>(at(words[0]!))
    if (options.json) {
      terminal.out(asJson(one))
      return 0
    }
    const { minute } = clockFace(config.zone)
    const shown: Record<string, string | null> = { ...one, received_at: minute(one.received_at), reason: reasonOf(one, call) }
    const lines = Object.entries(say.fields).flatMap(([field, label]): [string, string][] =>
      shown[field] ? [[label, plain(shown[field])]] : [],
    )
    aligned(lines, 14).forEach(terminal.out)
    terminal.out('')
    terminal.out(say.raw)
    terminal.out(one.raw === null ? say.forgotten : plain(one.raw))
    return 0
  })

export const replay = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask }) => {
    const { value } = await ask.post<{ id: string }>(`${at(call.words[0]!)}/replay`)
    call.terminal.out(call.options.json ? asJson(value) : sayFor(call).parked.replayed(value.id))
    return 0
  })

/** A reason may be a word of ours or of the channel's, or the fault that stopped the turn. */
function reasonOf({ reason }: Parked, call: Call): string {
  return reason === null ? '' : (sayFor(call).words[reason] ?? reason)
}
