import { systemClock } from '../foundation/index.ts'
import { sayFor, type Call } from './command.ts'
import { healthAt } from './neighbour.ts'
import type { ExitCode } from './outcome.ts'
import { asJson } from './shown.ts'
import { withDoor } from './with-door.ts'

export const link = (call: Call): Promise<ExitCode> =>
  withDoor(call, async ({ ask, config, house }) => {
    const { terminal, options } = call
    const say = sayFor(call).link
    const { value } = await ask.post<{ link: string; expires_at: string }>('/api/v1/access/link')
    // A door that was opened for the moment will be gone; the one that lasts is where the configuration says.
    const lasting = config.http.publicUrl ?? `http://${nameOf(config.http.host)}:${config.http.port}`
    const url = house ? new URL(new URL(value.link).pathname, lasting).href : value.link
    if (options.json) {
      terminal.out(asJson({ link: url, expires_at: value.expires_at }))
      return 0
    }
    terminal.out(say.comeIn(url, Math.max(1, Math.round((Date.parse(value.expires_at) - systemClock.now()) / 60_000))))
    if (house && !(await healthAt(lasting))) terminal.error(say.notRunning)
    return 0
  })

const nameOf = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host)
