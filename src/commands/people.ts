import { queryOf } from './ask.ts'
import { sayFor, WrongUse, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { asJson, brief, clockFace, plain, table } from './shown.ts'
import { withDoor } from './with-door.ts'

type Known = {
  address: string
  name: string | null
  username: string | null
  consent_at: string | null
  blocked_at: string | null
  met_at: string
  access: { assistant: string; state: string; code: string | null }[]
}

export const list = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config }) => {
    const { options, terminal } = call
    const { people: say, more, words } = sayFor(call)
    const page = await ask.get<{ items: Known[]; next: string | null }>(
      `/api/v1/people${queryOf({ limit: options.limit, cursor: options.from })}`,
    )
    if (options.json) terminal.out(asJson(page))
    else if (page.items.length === 0) terminal.out(say.none)
    else {
      const { minute } = clockFace(config.zone)
      const rows = page.items.map((one) => [
        brief(one.address, 40),
        brief([one.name, one.username && `@${one.username}`].filter(Boolean).join(' '), 40),
        [
          ...one.access.map(({ assistant, state, code }) => say.access(brief(assistant, 20), words[state] ?? state, code)),
          ...(one.blocked_at ? [say.blocked] : one.consent_at ? [say.consented] : []),
        ].join(', '),
        minute(one.met_at),
      ])
      table(say.columns, rows).forEach(terminal.out)
      if (page.next) terminal.out(more(`centralita people list --from ${page.next}`))
    }
    return 0
  })

export const approve = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask }) => {
    const [first, address] = call.words as [string, string | undefined]
    const body = address === undefined ? { code: first.trim().toUpperCase() } : { assistant: first, address }
    const { value } = await ask.post<{ assistant: string; address: string; name: string | null }>('/api/v1/people/approve', body)
    const who = plain(value.name ?? value.address)
    call.terminal.out(call.options.json ? asJson(value) : sayFor(call).people.approved(who, value.assistant))
    return 0
  })

export const deny = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask }) => {
    const [assistant, address] = call.words as [string, string]
    const { value } = await ask.post<{ assistant: string; address: string }>('/api/v1/people/deny', { assistant, address })
    call.terminal.out(call.options.json ? asJson(value) : sayFor(call).people.denied(plain(value.address), value.assistant))
    return 0
  })

const DAYS = 7

export async function invite(call: Call): Promise<ExitCode> {
  const say = sayFor(call)
  const { label, days: typed = String(DAYS), json } = call.options
  const days = Number(typed)
  if (!Number.isInteger(days)) throw new WrongUse(say.wrong.needsValue('--days'))
  const assistant = call.words[0]!
  return withDoor(
    call,
    async ({ ask }) => {
      const body = { assistant, days, ...(label !== undefined && { label }) }
      const { value } = await ask.post<{ code: string; link: string | null }>('/api/v1/people/invite', body)
      if (json) call.terminal.out(asJson(value))
      else call.terminal.out(value.link ? say.people.invited(value.link, days) : say.people.invitedNoBot(value.code, assistant))
      return 0
    },
    { meetsBots: true },
  )
}
