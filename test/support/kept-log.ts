import { openLog, systemClock, type Clock, type Log } from '../../src/foundation/index.ts'
import { logLines } from '../../src/texts/index.ts'

/** Everything that is logged, down to the last detail, kept to be searched. */
export function keptLog(clock: Clock = systemClock): { log: Log; lines: string[] } {
  const lines: string[] = []
  const log = openLog({
    lang: 'es',
    level: 'debug',
    format: 'json',
    zone: 'UTC',
    lines: logLines('es'),
    secrets: [],
    clock,
    stream: { write: (line) => lines.push(line) },
  })
  return { log, lines }
}
