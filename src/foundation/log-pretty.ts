import type { LogKeys } from './logging.ts'

const DIM = '\u001b[2m'
const RESET = '\u001b[0m'
const COLOUR: Readonly<Record<string, string>> = { warn: '\u001b[33m', error: '\u001b[31m', info: '\u001b[36m', debug: DIM }

// A terminal obeys these: they would move its cursor, change its title or turn its text around.
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const oneLine = (text: string) => text.replace(OBEYED, ' ')

/** One line of JSON as a person reads it in a terminal; a stack follows it, indented. */
export function prettyLine(line: Record<string, unknown>, keys: LogKeys, level: string, colour: boolean): string {
  const paint = (code: string, text: string) => (colour && code ? code + text + RESET : text)
  const { [keys.level]: word, [keys.time]: time, [keys.event]: event, [keys.message]: message, ...fields } = line
  let stack = ''
  const rest = Object.entries(fields).map(([name, value]) => {
    if (name === keys.error && typeof value === 'object' && value !== null) {
      const { [keys.stack]: frames, ...told } = value as Record<string, unknown>
      stack = typeof frames === 'string' ? frames : ''
      return `${name}=${shown(told)}`
    }
    return `${oneLine(name)}=${shown(value)}`
  })
  const head = `${paint(DIM, oneLine(String(time)).slice(11, 19))} ${paint(COLOUR[level] ?? '', oneLine(String(word)).padEnd(6))}`
  const tail = rest.length > 0 ? paint(DIM, ` · ${rest.join(' ')}`) : ''
  const frames = stack
    ? `\n${stack
        .split('\n')
        .map((frame) => `    ${oneLine(frame)}`)
        .join('\n')}`
    : ''
  return `${head} ${oneLine(String(message ?? event))}${tail}${frames}\n`
}

const shown = (value: unknown) => oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
