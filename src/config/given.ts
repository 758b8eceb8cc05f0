import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { whyUnreadable } from './files.ts'
import type { Findings } from './findings.ts'
import { isFormer, takeFormer } from './former.ts'
import { nearest } from './nearest.ts'
import { isVariable, variable, variables } from './schema.ts'

export type Env = Readonly<Record<string, string | undefined>>

// Telegram's, Groq's and Google's secrets stay under 4 KB; an address with options too.
const LONGEST_VALUE = 8192

const OURS = /^(TELEGRAM|LLM|EMBEDDINGS|PROACTIVE|OPERATOR)_/
const SHARED =
  /^(POSTGRES|REDIS|TWILIO|TELNYX|AZURE_SPEECH|GROQ|TRANSCRIPTION|LOG|CACHE|BUDGET|RETENTION|DATABASE|SESSION|CORS|ASSISTANTS)_/
// What the official images of PostgreSQL and Redis, and our compose file, read from the same `.env`.
const THEIRS = /^(POSTGRES_(INITDB_ARGS|INITDB_WALDIR|HOST_AUTH_METHOD|IMAGE)|REDIS_(IMAGE|ARGS))$/
// Kubernetes puts the addresses of its services into every process: REDIS_PORT=tcp://10.0.0.1:6379.
const LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)$/
const TOKEN = /^(?:[A-Z][A-Z0-9_]*_)?TELEGRAM_BOT_TOKEN$/

export const isTokenName = (name: string): boolean => TOKEN.test(name)
const isKnown = (name: string) => isVariable(name) || isTokenName(name)
const isSecret = (name: string) => isTokenName(name) || (isVariable(name) && variable(name).secret === true)

/** Every known name with what it says: empty ones out, files read, former names translated. */
export function takeGiven(env: Env, cwd: string, findings: Findings): Map<string, string> {
  const { say, fault, warn } = findings
  const given = new Map<string, string>()
  for (const [name, raw] of Object.entries(env)) {
    const value = bare(raw ?? '')
    if (value === '' || name === 'CENTRALITA_IMAGE' || THEIRS.test(name) || LINK.test(name)) continue
    if (name.endsWith('_PORT') && value.startsWith('tcp://')) continue
    const stem = name.replace(/_FILE$/, '')
    if (stem !== name && isSecret(stem)) {
      if (bare(env[stem] ?? '') !== '') fault(stem, say.bothGiven(name))
      else {
        const secret = secretFrom(resolve(cwd, value), name, findings)
        if (secret !== undefined) given.set(stem, secret)
      }
    } else if (isKnown(name) || isFormer(name)) given.set(name, value)
    else complain(name, findings)
  }
  takeFormer(given, findings)
  for (const [name, value] of given) {
    const why = value.length > LONGEST_VALUE ? say.tooLong(LONGEST_VALUE) : hasControls(value) ? say.controlCharacters : undefined
    if (!isKnown(name) || why) given.delete(name)
    if (isKnown(name) && why) fault(name, why)
  }
  return given

  function complain(name: string, { say: words }: Findings) {
    const upper = name.toUpperCase()
    const near = nearest(
      upper,
      variables.map(([known]) => known),
    )
    if (OURS.test(name)) fault(name, words.unknown(near.name))
    else if (SHARED.test(name)) warn(name, words.unknownShared(near.name))
    else if (/_TELEGRAM_BOT_/.test(name)) warn(name, words.unknownShared('<…>_TELEGRAM_BOT_TOKEN'))
    else if (near.name.length >= 8 && near.edits <= 2) warn(name, words.unknownShared(near.name))
  }
}

/** `docker run --env-file` hands the quotes over as part of the value. */
function bare(value: string): string {
  const text = value.trim()
  const quoted = text.length >= 2 && /^(["']).*\1$/s.test(text)
  return quoted ? text.slice(1, -1).trim() : text
}

// oxlint-disable-next-line no-control-regex
const hasControls = (value: string) => /[\u0000-\u001f\u007f]/.test(value)

function secretFrom(file: string, name: string, { say, fault }: Findings): string | undefined {
  try {
    const content = readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .trim()
    if (content === '') fault(name, say.emptyFile(file))
    else if (content.length > LONGEST_VALUE) fault(name, say.fileTooBig(file))
    else return content
  } catch (error) {
    fault(name, say.unreadableFile(file, whyUnreadable(file, error, say)))
  }
  return undefined
}
