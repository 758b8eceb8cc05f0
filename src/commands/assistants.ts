import { readFileSync } from 'node:fs'
import { sayFor, WrongUse, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { asJson, brief, clockFace, table } from './shown.ts'
import { withDoor } from './with-door.ts'

type Setting = { name: string; value: unknown; from: 'file' | 'team'; file: unknown; set_at: string | null }
type Page = { items: Setting[] }

const pathOf = (assistant: string) => `/api/v1/assistants/${encodeURIComponent(assistant)}/settings`

export const show = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const page = await ask.get<Page>(pathOf(call.words[0]!))
    tell(call, page, config.zone)
    return 0
  })

export const set = (call: Call): Promise<ExitCode> => {
  const [assistant, name, ...rest] = call.words as [string, string, ...string[]]
  return change(call, assistant, name, valueOf(call, rest.join(' ')))
}

export const reset = (call: Call): Promise<ExitCode> => change(call, call.words[0]!, call.words[1]!, null)

const change = (call: Call, assistant: string, name: string, value: unknown): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { value: page } = await ask.post<Page>(pathOf(assistant), { name, value })
    if (!call.options.json) call.terminal.out(sayFor(call).settings[value === null ? 'reset' : 'done'](name, assistant))
    tell(call, page, config.zone)
    return 0
  })

/** JSON as it stands, `@path` what is in a file, anything else is text. */
function valueOf(call: Call, typed: string): unknown {
  if (typed.startsWith('@')) {
    try {
      return readFileSync(typed.slice(1), 'utf8').trim()
    } catch {
      throw new WrongUse(sayFor(call).settings.noFile(typed.slice(1)))
    }
  }
  try {
    return JSON.parse(typed) as unknown
  } catch {
    return typed
  }
}

function tell({ terminal, options, language }: Call, page: Page, zone: string): void {
  if (options.json) return terminal.out(asJson(page))
  const { settings: say } = sayFor({ language })
  const { minute } = clockFace(zone)
  const rows = page.items.map(({ name, value, from, set_at }) => [
    name,
    from === 'team' ? say.team(set_at ? minute(set_at) : '') : say.file,
    value === null ? say.unset : brief(typeof value === 'string' ? value : JSON.stringify(value), 90),
  ])
  table(say.columns, rows).forEach(terminal.out)
}
