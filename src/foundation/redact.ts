export type Redact = (text: string) => string

const HIDDEN = '[…]'
// Hiding every "a" because someone's password is "a" would hide the log itself.
const SHORTEST_SECRET = 4

/** What secrets look like, whosever they are. The first group stays. Bounded, so that no text makes the search slow. */
const SHAPES: readonly RegExp[] = [
  // Telegram's token: in an address (/bot123:ABC/) and anywhere else.
  /(\/bot)\d+:[\w-]+/g,
  /()(?<![\d.])\d{3,}:[\w-]{20,}/g,
  /(\b(?:Bearer|Basic)\s+)[^\s"',;]+/gi,
  // user:password@ in any address; the password itself may hold an @.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]{0,200}:)[^\s/"'<>]{1,500}(?=@)/gi,
  /([?&;](?:token|secret|api[-_]?key|key|password|passwd|pwd|access_token|signature|sig)=)[^\s&#"']+/gi,
  /(\b(?:x-api-key|authorization|x-telegram-bot-api-secret-token|cookie|set-cookie)"?\s*[:=]\s*"?)[^\s"',]+/gi,
  /()\b(?:gsk|sk|xox[abp]|ghp|github_pat)[-_][\w-]{16,}/g,
  /()\beyJ[\w-]{8,1000}\.[\w-]{8,1000}\.[\w-]+/g,
  /("[\w-]{0,40}(?:password|secret|token|api_?key)"\s{0,4}:\s{0,4}")[^"]+/gi,
]

/** Names whose whole value is a secret, when it is text; a number of tokens is none. */
export const isSecretName = (name: string): boolean =>
  /(^|[_-])(token|secret|password|passwd|pwd|authorization|cookie|api_?key|credentials?|contrase(\u00f1|n)a)$/i.test(
    name.replace(/([a-z])([A-Z])/g, '$1_$2'),
  )

export function redactor(secrets: readonly string[]): Redact {
  const known = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue
    known.add(secret)
    // As it stands in an address, and as JSON inside a text writes it.
    known.add(encodeURIComponent(secret.toWellFormed()))
    known.add(JSON.stringify(secret).slice(1, -1))
  }
  const longestFirst = [...known].sort((a, b) => b.length - a.length)
  const exact =
    longestFirst.length > 0 ? new RegExp(longestFirst.map((secret) => RegExp.escape(secret)).join('|'), 'g') : undefined
  return (text) => {
    let clean = exact ? text.replace(exact, HIDDEN) : text
    for (const shape of SHAPES) clean = clean.replace(shape, `$1${HIDDEN}`)
    return clean
  }
}
