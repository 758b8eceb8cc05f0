import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { messageOf, newSecret } from '../foundation/index.ts'
import { whyUnreadable } from './files.ts'
import type { Findings } from './findings.ts'

export type KeyName = 'ADMIN_API_KEY' | 'SESSION_SECRET_KEY' | 'INTERNAL_API_KEY'
const NAMES: readonly KeyName[] = ['ADMIN_API_KEY', 'SESSION_SECRET_KEY', 'INTERNAL_API_KEY']
const SHORTEST = 24
const FEWEST_DIFFERENT = 10
// Words that a person leaves in place from a document or an example file; a random key has none of them.
const EXAMPLE =
  /change.?(me|this)|cambia.?me|c[a\u00e1]mbiame|random.?(string|secret|key)|your.?(secret|key|api)|example|ejemplo|placeholder/i

function whyWeak(key: string, { say }: Findings): string | undefined {
  if (EXAMPLE.test(key)) return say.keyExample
  if (key.length < SHORTEST) return say.keyShort(SHORTEST)
  return new Set(key).size < FEWEST_DIFFERENT ? say.keyPlain(FEWEST_DIFFERENT) : undefined
}

export type KeyPlace = {
  image: boolean
  /** Which ones this process cannot work without. */
  needed: readonly KeyName[]
  folder: string
  /** Make and keep those that are missing; otherwise missing ones last as long as the process. */
  keep: boolean
}

export function takeKeys(given: ReadonlyMap<string, string>, place: KeyPlace, findings: Findings): Record<KeyName, string> {
  const { say, fault } = findings
  const seen = new Map<string, string>()
  const webhookSecret = given.get('TELEGRAM_WEBHOOK_SECRET')
  if (webhookSecret) seen.set(webhookSecret, 'TELEGRAM_WEBHOOK_SECRET')
  for (const name of NAMES) {
    const key = given.get(name)
    if (key === undefined) {
      if (place.image && place.needed.includes(name)) fault(name, say.keyMissing)
      continue
    }
    const weak = whyWeak(key, findings)
    if (weak) fault(name, weak)
    const twin = seen.get(key)
    if (twin) fault(name, say.keyRepeated(twin))
    seen.set(key, name)
  }
  const missing = place.needed.some((name) => !given.has(name))
  const kept = missing && !place.image ? keptKeys(place, findings) : {}
  const key = (name: KeyName) => given.get(name) ?? kept[name] ?? newSecret()
  return {
    ADMIN_API_KEY: key('ADMIN_API_KEY'),
    SESSION_SECRET_KEY: key('SESSION_SECRET_KEY'),
    INTERNAL_API_KEY: key('INTERNAL_API_KEY'),
  }
}

type Kept = Partial<Record<KeyName, string>>

function keptKeys({ folder, keep }: KeyPlace, findings: Findings): Kept {
  const file = join(folder, 'keys.json')
  const found = readKept(file, findings)
  if (found || !keep || findings.faults.length > 0) return found ?? {}
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeOnce(file, JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, newSecret()])), null, 2) + '\n')
  } catch (error) {
    findings.faultLine(findings.say.keysNotKept(file, messageOf(error)))
    return {}
  }
  return readKept(file, findings) ?? {}
}

function readKept(file: string, { say, faultLine, warnLine }: Findings): Kept | undefined {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
    if ((statSync(file).mode & 0o077) !== 0) {
      chmodSync(file, 0o600)
      warnLine(say.keysTightened(file))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    faultLine(say.unreadableFile(file, whyUnreadable(file, error, say)))
    return {}
  }
  const kept = parsed(content)
  const whole = NAMES.every((name) => typeof kept[name] === 'string' && kept[name].length >= SHORTEST)
  if (!whole) faultLine(say.keysDamaged(file))
  return whole ? (kept as Kept) : {}
}

function parsed(content: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Whole or not at all, and the first of two processes wins: a link to a name that exists fails. */
function writeOnce(file: string, content: string) {
  const draft = `${file}.${process.pid}.${newSecret().slice(0, 8)}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(draft, file)
  } catch (error) {
    // Some shared folders have no links; there the later of two processes wins.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') copyFileSync(draft, file)
  } finally {
    unlinkSync(draft)
  }
}
