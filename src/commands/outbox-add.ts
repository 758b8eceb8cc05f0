import { readFileSync } from 'node:fs'
import { systemClock } from '../foundation/index.ts'
import { sayFor, WrongUse, type Call, type OptionName } from './command.ts'
import { momentIn } from './moment.ts'
import type { ExitCode } from './outcome.ts'
import { asJson, clockFace } from './shown.ts'
import { withDoor } from './with-door.ts'

type Body = Record<string, unknown>

/** By options or as JSON; either way the API decides whether it will do. */
export async function add(call: Call): Promise<ExitCode> {
  const { terminal, options, language } = call
  const say = sayFor(call)
  const given = call.words[0] === undefined ? fromOptions(call) : fromJson(call.words[0], call)
  return withDoor(call, async ({ ask, config }) => {
    const body = { ...given }
    for (const field of ['scheduled_for', 'expires_at']) {
      if (typeof body[field] !== 'string') continue
      const moment = momentIn(body[field], config.zone, language)
      body[field] = moment.text
      if (moment.zoneTaken) terminal.error(say.outbox.zoneTaken(moment.text, config.zone))
    }
    const { status, value } = await ask.post<{ id: string; unchanged?: true }>('/api/v1/outbox', body)
    if (options.json) terminal.out(asJson(value))
    else terminal.out(told(value, status === 201, body['scheduled_for'] as string, config.zone))
    return 0
  })

  function told({ id, unchanged }: { id: string; unchanged?: true }, isNew: boolean, time: string, zone: string): string {
    if (unchanged) return say.outbox.unchanged(id)
    if (!isNew) return say.outbox.replaced(id)
    const later = epochOf(time) > systemClock.now()
    return later ? say.outbox.added(id, clockFace(zone).minute(new Date(epochOf(time)).toISOString())) : say.outbox.addedNow(id)
  }
}

const epochOf = (time: string) =>
  time.includes('[') ? Temporal.ZonedDateTime.from(time).epochMilliseconds : Temporal.Instant.from(time).epochMilliseconds

function fromOptions(call: Call): Body {
  const { options } = call
  const say = sayFor(call).wrong
  const missing = (['assistant', 'chat'] as const).filter((name) => options[name] === undefined).map((name) => `--${name}`)
  if (missing.length > 0) throw new WrongUse(say.missing(missing))
  if ((options.text === undefined) === (options.intent === undefined)) throw new WrongUse(say.textOrIntent)
  const { assistant, chat, channel = 'telegram', kind = 'notice', text, intent, at, expires, key } = options
  return {
    assistant,
    channel,
    chat_id: chat,
    kind,
    ...(text !== undefined && { text }),
    ...(intent !== undefined && { intent }),
    scheduled_for: at ?? rightNow(),
    ...(expires !== undefined && { expires_at: expires }),
    ...(key !== undefined && { key }),
  }
}

function fromJson(word: string, call: Call): Body {
  const say = sayFor(call).wrong
  const others = Object.keys(call.options).filter((name) => (name as OptionName) !== 'json')
  if (others.length > 0) throw new WrongUse(say.jsonOrOptions)
  let value: unknown
  try {
    value = JSON.parse(word === '-' ? readFileSync(0, 'utf8') : word)
  } catch {
    throw new WrongUse(say.notJson)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongUse(say.notJson)
  return { channel: 'telegram', kind: 'notice', scheduled_for: rightNow(), ...value }
}

const rightNow = () => new Date(systemClock.now()).toISOString()
