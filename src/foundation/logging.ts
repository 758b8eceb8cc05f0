/**
 * The writer behind `Log`: one line of JSON for each event, in the operator's language. Nothing that is handed to it can
 * stop the service, write a second line, or bring a secret out.
 */
import { pino, type DestinationStream } from 'pino'
import type { Clock } from './clock.ts'
import type { Log, LogFields } from './log.ts'
import { openLogFile, type LogFile } from './log-files.ts'
import { prettyLine } from './log-pretty.ts'
import { plainError } from './plain-error.ts'
import { cut, newRoom, plainFields, safely, type Plain } from './plain.ts'
import { redactor } from './redact.ts'
import { zonedTime } from './zoned-time.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

export type LogKeys = typeof SPANISH
const SPANISH = {
  level: 'nivel',
  time: 'hora',
  event: 'evento',
  message: 'mensaje',
  correlation: 'correlacion',
  error: 'error',
  type: 'tipo',
  code: 'codigo',
  cause: 'causa',
  stack: 'pila',
  levels: { debug: 'detalle', info: 'info', warn: 'aviso', error: 'error' },
}
const ENGLISH: LogKeys = {
  level: 'level',
  time: 'time',
  event: 'event',
  message: 'message',
  correlation: 'correlation',
  error: 'error',
  type: 'type',
  code: 'code',
  cause: 'cause',
  stack: 'stack',
  levels: { debug: 'debug', info: 'info', warn: 'warn', error: 'error' },
}

export type LogOptions = {
  lang: 'es' | 'en'
  level: Level
  format: 'json' | 'pretty'
  zone: string
  /** Event name → a sentence with {field} places. */
  lines: ReadonlyMap<string, string>
  /** Values that never come out. */
  secrets: readonly string[]
  clock: Clock
  /** Rotated files as well, always JSON. */
  dir?: string
  /** Of the files; several processes on one folder each take their own. */
  name?: string
  stream?: { write(line: string): unknown; isTTY?: boolean; flushSync?(): void }
  /** Lines are written once whoever waits for an answer was served: at the end of this turn of the event loop. */
  beside?: boolean
  /** What each field is called in the operator's language; those that are not here keep their name. */
  fieldNames?: Readonly<Record<string, string>>
}

type Told = { level: Level; event: string; fields: Record<string, Plain>; now: number }

export type OpenLog = Log & {
  /** Lines that could not be written. */
  lost(): number
  close(): void
}

// What a stalled reader of the output may hold back in memory before lines are dropped.
const MOST_WAITING = 4 * 1024 * 1024
const MOST_BESIDE = 200
const LONGEST_IN_SENTENCE = 200
// JSON leaves these as they are, and a terminal or a line reader takes them for commands or line ends.
const UNESCAPED = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const escaped = (line: string) => line.replace(UNESCAPED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

export function openLog(options: LogOptions): OpenLog {
  const keys = options.lang === 'en' ? ENGLISH : SPANISH
  const redact = redactor(options.secrets)
  const time = zonedTime(options.zone)
  const stream = options.stream ?? standardOutput()
  const colour = options.format === 'pretty' && (options.stream ?? process.stdout).isTTY === true
  const reserved = new Set([keys.level, keys.time, keys.event, keys.message])
  const stacks = options.level === 'debug'
  let lost = 0
  let current: Level = 'info'
  let at = 0

  const out: DestinationStream = {
    write(raw) {
      const line = escaped(raw)
      try {
        if (options.format === 'json') stream.write(line)
        else stream.write(prettyLine(JSON.parse(raw) as Record<string, unknown>, keys, current, colour))
      } catch {
        lost++
      }
      file?.write(line)
    },
  }
  const writer = pino(
    {
      level: options.level,
      base: null,
      messageKey: keys.message,
      formatters: { level: (label) => ({ [keys.level]: keys.levels[label as Level] }) },
      timestamp: () => `,"${keys.time}":"${time(at)}"`,
    },
    out,
  )

  const nameOf = (name: string) => {
    const shown = name === 'correlation' ? keys.correlation : name === 'error' ? keys.error : (options.fieldNames?.[name] ?? name)
    return reserved.has(shown) || shown === '__proto__' ? `${shown}_` : shown
  }
  const clean = (fields: LogFields): Record<string, Plain> => {
    const found = plainFields(fields, redact, newRoom())
    const error = safely(() => fields.error)
    if (error !== undefined) found['error'] = plainError(error, redact, keys, stacks)
    return found
  }
  const sentence = (event: string, fields: Record<string, Plain>) =>
    (options.lines.get(event) ?? event).replace(/\{(\w+)\}/g, (_, name: string) => inSentence(fields[name], keys))

  const write = ({ level, event, fields, now }: Told) => {
    try {
      const named: Record<string, Plain> = { [keys.event]: cut(event, redact, 80) }
      for (const [name, value] of Object.entries(fields)) named[nameOf(name)] = value
      current = level
      at = now
      writer[level](named, redact(sentence(event, fields)))
    } catch {
      lost++
    }
  }
  let waiting: Told[] = []
  const writeAll = () => {
    const told = waiting
    waiting = []
    told.forEach(write)
  }
  type Before = () => Record<string, Plain>
  const tell = (level: Level, event: string, before: Before, given?: LogFields) => {
    if (!writer.isLevelEnabled(level)) return
    try {
      waiting.push({ level, event, fields: given ? { ...before(), ...clean(given) } : before(), now: options.clock.now() })
    } catch {
      lost++
      return
    }
    // What goes wrong is written at once, and all before it.
    if (!options.beside || level === 'error' || waiting.length >= MOST_BESIDE) writeAll()
    else if (waiting.length === 1) setImmediate(writeAll)
  }
  const withFields = (before: Before): Log => ({
    debug: (event, fields) => tell('debug', event, before, fields),
    info: (event, fields) => tell('info', event, before, fields),
    warn: (event, fields) => tell('warn', event, before, fields),
    error: (event, fields) => tell('error', event, before, fields),
    with(fields) {
      // Cleaned by the first line that is told: most who ask for a log of their own tell nothing for a while.
      let cleaned: Record<string, Plain> | undefined
      return withFields(() => (cleaned ??= { ...before(), ...clean(fields) }))
    },
  })

  let file: LogFile | undefined
  const log = withFields(() => ({}))
  if (options.dir) {
    file = openLogFile({
      folder: options.dir,
      name: options.name ?? 'centralita',
      clock: options.clock,
      dayOf: (epochMs) => time(epochMs).slice(0, 10),
      // While it is in trouble, the file itself keeps quiet: these lines only reach the output.
      onTrouble: (error) => log.error('log_file_failed', { folder: options.dir, error: error.message }),
      onRecovery: (count) => log.warn('log_file_back', { folder: options.dir, lost: count }),
    })
  }
  if (options.beside) process.once('exit', flush)
  return { ...log, lost: () => lost + (file?.lost() ?? 0), close }

  function flush() {
    writeAll()
    safely(() => stream.flushSync?.())
  }
  function close() {
    flush()
    process.removeListener('exit', flush)
    file?.close()
  }
}

function inSentence(value: Plain | undefined, keys: LogKeys): string {
  if (value === undefined || value === null) return '—'
  const told = typeof value === 'object' && !Array.isArray(value) ? (value[keys.message] ?? value) : value
  const text = typeof told === 'object' ? JSON.stringify(told) : String(told)
  const flat = text.replace(/\s+/g, ' ')
  return flat.length > LONGEST_IN_SENTENCE ? `${flat.slice(0, LONGEST_IN_SENTENCE)}…` : flat
}

/** Never waits for a reader that has stopped reading, and does not mind one that is gone or a disk that is full. */
function standardOutput(): NonNullable<LogOptions['stream']> {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: MOST_WAITING })
  destination.on('error', () => {})
  return destination
}
