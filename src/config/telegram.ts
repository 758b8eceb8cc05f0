import type { Findings } from './findings.ts'
import { isTokenName } from './given.ts'
import type { Values } from './schema.ts'
import type { Config } from './shape.ts'

const TELEGRAM = 'https://api.telegram.org'
const FORWARD_PATH = '/api/v1/webhooks/telegram'
// Telegram's own are longer; stand-ins of a test need not be.
const TOKEN_SHAPE = /^\d+:[\w-]{8,}$/

/** `MI_BOT_TELEGRAM_BOT_TOKEN` belongs to the assistant `mi-bot`. */
export const tokenName = (assistant: string): string =>
  `${assistant.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_TELEGRAM_BOT_TOKEN`
const assistantOf = (name: string): string =>
  name
    .replace(/_?TELEGRAM_BOT_TOKEN$/, '')
    .toLowerCase()
    .replaceAll('_', '-')

type Place = { given: ReadonlyMap<string, string>; image: boolean; onlyPolling: boolean }

export function takeTelegram(values: Values, place: Place, findings: Findings): Config['telegram'] {
  const { say, fault, warn } = findings
  const secret = values.TELEGRAM_WEBHOOK_SECRET
  if (secret && !/^[\w-]{1,256}$/.test(secret)) fault('TELEGRAM_WEBHOOK_SECRET', say.webhookSecretShape)
  if (values.TELEGRAM_MODE === 'webhook') {
    if (!secret) fault('TELEGRAM_WEBHOOK_SECRET', say.webhookNeeds)
    if (!values.PUBLIC_URL) fault('PUBLIC_URL', say.webhookNeeds)
    else if (values.TELEGRAM_API_ROOT === TELEGRAM && !values.PUBLIC_URL.startsWith('https:'))
      fault('PUBLIC_URL', say.webhookHttps)
  }
  const listed = values.TELEGRAM_ALLOWLIST.length > 0
  if (values.TELEGRAM_ACCESS === 'allowlist' && !listed) fault('TELEGRAM_ALLOWLIST', say.allowlistNeeds)
  if (values.TELEGRAM_ACCESS !== 'allowlist' && listed) warn('TELEGRAM_ALLOWLIST', say.allowlistIdle)
  if (place.onlyPolling && place.image && !values.LOCAL_API_URL) warn('LOCAL_API_URL', say.forwardHere)
  return {
    tokens: takeTokens(values, place.given, findings),
    apiRoot: values.TELEGRAM_API_ROOT,
    mode: values.TELEGRAM_MODE,
    webhookSecret: secret,
    access: values.TELEGRAM_ACCESS,
    allowlist: values.TELEGRAM_ALLOWLIST,
    forwardTo: forwardTo(values),
  }
}

/** An address that names only the server is given the door's usual path. */
function forwardTo({ LOCAL_API_URL: given, PORT }: Values): string {
  if (!given) return `http://127.0.0.1:${PORT}${FORWARD_PATH}`
  return new URL(given).pathname === '/' ? given + FORWARD_PATH : given
}

function takeTokens(values: Values, given: ReadonlyMap<string, string>, { say, fault }: Findings): Map<string, string> {
  const tokens = new Map<string, string>()
  const names = new Map<string, string>()
  const bots = new Map<string, string>()
  const unnamed = values.ASSISTANTS?.length === 1 ? values.ASSISTANTS[0]! : 'aegen'
  for (const [name, token] of given) {
    if (!isTokenName(name)) continue
    if (!TOKEN_SHAPE.test(token)) {
      fault(name, say.tokenShape)
      continue
    }
    const assistant = assistantOf(name) || unnamed
    const sameAssistant = names.get(assistant)
    const bot = token.slice(0, token.indexOf(':'))
    const sameBot = bots.get(bot)
    if (sameAssistant && tokens.get(assistant) !== token) fault(name, say.tokenDiffers(sameAssistant))
    else if (!sameAssistant && sameBot) fault(name, say.tokenTwice(sameBot))
    tokens.set(assistant, token)
    names.set(assistant, name)
    bots.set(bot, name)
  }
  return tokens
}

/**
 * The token of each of these assistants; `spare` are variables that belong to none of them. The nameless one is AEGEN's,
 * or the only assistant's, and only who has read the assistants' folder knows whether there is only one.
 */
export function tokensFor(
  config: Pick<Config, 'telegram'>,
  assistants: readonly string[],
): { tokens: ReadonlyMap<string, string>; spare: readonly string[] } {
  const tokens = new Map<string, string>()
  const left = new Map(config.telegram.tokens)
  const known = new Map([...left.keys()].map((name) => [tokenName(name), name]))
  for (const assistant of assistants) {
    const named = known.get(tokenName(assistant)) ?? (assistants.length === 1 ? 'aegen' : undefined)
    const token = named && left.get(named)
    if (!token) continue
    tokens.set(assistant, token)
    left.delete(named)
  }
  return { tokens, spare: [...left.keys()].map(tokenName) }
}
