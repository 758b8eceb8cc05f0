import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import type { TestContext } from 'node:test'
import type { Log, LogFields } from '../../foundation/index.ts'
import { openFakeTelegram, openRehearsalClock, type FakeTelegramOptions, type RehearsalClock } from '../../rehearsal/index.ts'

export const NOON = Date.UTC(2026, 10, 21, 12)
export const TOKEN = '1001:rehearsal-token-of-aegen'
export const OTHER_TOKEN = '1002:rehearsal-token-of-andrea'
export const ANA = { id: 501, first_name: 'Ana' }
export const LUIS = { id: 502, first_name: 'Luis' }

export type Line = { level: string; event: string; fields: LogFields }

/** A log that keeps its lines, errors written out whole as a careless writer would. */
export function keptLog(): Log & { lines: Line[]; events(): string[]; everything(): string } {
  const lines: Line[] = []
  const make = (base: LogFields): Log => {
    const at =
      (level: string) =>
      (event: string, fields: LogFields = {}) =>
        void lines.push({ level, event, fields: { ...base, ...fields } })
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      with: (fields) => make({ ...base, ...fields }),
    }
  }
  return {
    ...make({}),
    lines,
    events: () => lines.map(({ event }) => event),
    everything: () => inspect(lines, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
  }
}

export async function openStage(t: TestContext, options: Partial<FakeTelegramOptions> = {}) {
  const clock = openRehearsalClock(NOON)
  const telegram = await openFakeTelegram({ clock, bots: [TOKEN], limits: false, ...options })
  t.after(() => telegram.close())
  return { clock, telegram, people: telegram.people, faults: telegram.faults, log: keptLog() }
}

/** Lets virtual time pass in steps until something holds. */
export async function passUntil(clock: RehearsalClock, look: () => boolean, what: string, stepMs = 1000): Promise<void> {
  const stop = AbortSignal.timeout(60_000)
  while (!look()) {
    if (stop.aborted) throw new Error(`waited in vain for ${what}`)
    await clock.advance(stepMs)
    // Real time for what crosses a socket.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export type Handler = (req: IncomingMessage, res: ServerResponse, body: string) => void

/** A plain server, for answers that no decent server gives. */
export async function openServer(t: TestContext, handle: Handler) {
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk: Buffer) => (body += chunk.toString()))
    req.on('end', () => handle(req, res, body))
    req.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  t.after(() => server.listening && close())
  return {
    port: (server.address() as AddressInfo).port,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close,
  }
}
