import { wordsIn } from '../texts/index.ts'
import { queryOf } from './ask.ts'
import { sayFor, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { asJson, brief, clockFace, table } from './shown.ts'
import { withDoor } from './with-door.ts'

type Held = {
  id: string
  assistant: string
  since: string
  until: string
  agreed: null | { person_id: string; addresses: string[]; sign: string }
}

export const list = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal } = call
    const { care: say, more } = sayFor(call)
    const page = await ask.get<{ items: Held[]; next: string | null }>(
      `/api/v1/care${queryOf({ limit: options.limit, cursor: options.from })}`,
    )
    if (options.json) terminal.out(asJson(page))
    else if (page.items.length === 0) terminal.out(say.none)
    else {
      const { minute } = clockFace(config.zone)
      const signs: Record<string, string> = wordsIn(call.language).care.say.prompt.signs
      const rows = page.items.map(({ id, assistant, since, until, agreed }) => [
        id,
        minute(since),
        minute(until),
        brief(assistant, 20),
        agreed ? (signs[agreed.sign] ?? agreed.sign) : say.reserved,
        agreed ? brief(agreed.addresses.join(', '), 60) : say.reserved,
      ])
      table(say.columns, rows).forEach(terminal.out)
      if (page.next) terminal.out(more(`centralita care list --from ${page.next}`))
    }
    return 0
  })

export const lift = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask }) => {
    const { value } = await ask.post<{ id: string }>(`/api/v1/care/${encodeURIComponent(call.words[0]!)}/lift`)
    call.terminal.out(call.options.json ? asJson(value) : sayFor(call).care.lifted(value.id))
    return 0
  })
