import { writeFileSync } from 'node:fs'
import { validation, type ValidationAsk } from '../directory/index.ts'
import { systemClock, zonedTime } from '../foundation/index.ts'
import { wordsIn } from '../texts/index.ts'
import { WrongUse, sayFor, type Call } from './command.ts'
import type { ExitCode } from './outcome.ts'
import { withDoor } from './with-door.ts'

const PATIENCE_MS = 30_000

/** `validar ccm`: the three routes and the negative cases, tried on the running system, as a report. */
export async function validate(call: Call): Promise<ExitCode> {
  const { terminal, options, words, language } = call
  const say = sayFor(call).validate
  if (words[0] !== 'ccm') throw new WrongUse(say.onlyCcm)
  return withDoor(call, async ({ ask: door, config }) => {
    const clock = systemClock
    const ask: ValidationAsk = async (method, path, { body, key = true, raw } = {}) => {
      const startedAt = clock.monotonic()
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const response = await fetch(door.url + path, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          ...(key && { 'x-api-key': config.keys.admin }),
          ...(sent !== undefined && { 'content-type': 'application/json' }),
        },
        body: sent,
      })
      const answer: unknown = await response.json().catch(() => undefined)
      return { status: response.status, body: answer, ms: Math.round(clock.monotonic() - startedAt) }
    }
    const report = await validation({
      ask,
      say: wordsIn(language).directory.say.validation,
      real: options.real !== undefined,
      now: zonedTime(config.zone)(clock.now()),
      wait: (ms) => clock.sleep(ms),
    })
    terminal.out(report.markdown)
    if (options.write) {
      writeFileSync(REPORT, `${report.markdown}\n`)
      terminal.error(say.written(REPORT))
    }
    return report.ok ? 0 : 1
  })
}

const REPORT = 'validacion-ccm.md'
