/*
 * `validar ccm`: the three routes and what must go wrong, tried on the running system over HTTP, as the team's own plan asks
 * for it. Without `real` nothing is sent: every call is a dry run. With it one notice goes to the standard chats, and what
 * became of it is told.
 */

/** One call to the running house; `key: false` = without a key. Rejects when nothing answers. */
export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  options?: { body?: unknown; key?: boolean; raw?: string },
) => Promise<{ status: number; body: unknown; ms: number }>

export type ValidationSay = {
  title: string
  mode: { dry: string; real: string }
  checks: Record<CheckName, string>
  answered(status: number, ms: number): string
  expected(status: string): string
  nobodyAnswers: string
  people(count: number, skipped: number): string
  age(seconds: number): string
  stale(seconds: number): string
  noChat: string
  unavailable(why: string, check: string): string
  sent(id: string, status: string): string
  part(name: string, state: string, why: string): string
  summary(ok: number, warn: number, info: number): string
}

export const CHECKS = [
  'health',
  'hires',
  'birthdays',
  'alert',
  'previews',
  'without_key',
  'bad_days',
  'bad_chat',
  'bad_json',
  'unknown_field',
  'injection',
  'real_alert',
] as const
export type CheckName = (typeof CHECKS)[number]

type Mark = '✅' | '⚠️' | 'ℹ️'
export type Line = { mark: Mark; check: CheckName; text: string; details: string[] }
export type ValidationReport = { ok: boolean; lines: Line[]; markdown: string }

type Answered = { status: number; body: Record<string, unknown>; ms: number }
type Options = { ask: Ask; say: ValidationSay; real?: boolean; now: string; wait: (ms: number) => Promise<void> }

const INJECTION = `'; DROP TABLE empleados; -- <script>alert(1)</script>`

export async function validation({ ask, say, real = false, now, wait }: Options): Promise<ValidationReport> {
  const lines: Line[] = []
  const note = (mark: Mark, check: CheckName, ...details: string[]) =>
    lines.push({ mark, check, text: say.checks[check], details })
  const call = async (...args: Parameters<Ask>): Promise<Answered | undefined> => {
    try {
      const { status, body, ms } = await ask(...args)
      return { status, ms, body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {} }
    } catch {
      return undefined
    }
  }
  const refused = async (check: CheckName, expected: readonly number[], ...args: Parameters<Ask>) => {
    const got = await call(...args)
    if (!got) note('⚠️', check, say.nobodyAnswers)
    else if (expected.includes(got.status)) note('✅', check, say.answered(got.status, got.ms))
    else note('⚠️', check, say.answered(got.status, got.ms), say.expected(expected.join(' / ')))
  }
  const told = async (check: CheckName, ...args: Parameters<Ask>) => {
    const got = await call(...args)
    if (!got) return note('⚠️', check, say.nobodyAnswers)
    const first = say.answered(got.status, got.ms)
    if (got.status === 200) return note(...said(check, got, first))
    const { code, details } = errorIn(got.body)
    if (code === 'no_chat') note('⚠️', check, first, say.noChat)
    else if (code === 'hr_unavailable')
      note('⚠️', check, first, say.unavailable(textIn(details['why']), textIn(details['check'])))
    else note('⚠️', check, first, say.expected('200'))
  }
  const said = (check: CheckName, { body }: Answered, first: string): [Mark, CheckName, ...string[]] => {
    const queued = listIn(body['queued'])
    const people = new Set(queued.flatMap((one) => listIn((one as { people?: unknown }).people)))
    const source = body['source'] as { age_s?: number; stale?: boolean } | null
    const age = source ? [source.stale ? say.stale(source.age_s ?? 0) : say.age(source.age_s ?? 0)] : []
    return [source?.stale ? '⚠️' : '✅', check, first, say.people(people.size, listIn(body['skipped']).length), ...age]
  }

  const health = await call('GET', '/health', { key: false })
  if (!health) note('⚠️', 'health', say.nobodyAnswers)
  else {
    const parts = Object.entries((health.body['parts'] ?? {}) as Record<string, { state?: string; why?: string }>)
    const well = health.status === 200 && health.body['status'] === 'ok'
    note(
      well ? '✅' : '⚠️',
      'health',
      say.answered(health.status, health.ms),
      ...parts.map(([name, { state, why }]) => say.part(name, state ?? '?', why ?? '')),
    )
  }
  await told('hires', 'POST', '/telegram/proximos-ingresos', { body: { days: 7, dry_run: true } })
  await told('birthdays', 'POST', '/telegram/proximos-cumpleanos', { body: { days: 7, dry_run: true } })
  await told('alert', 'POST', '/telegram/alerta', { body: { text: say.title, level: 'info', dry_run: true } })
  await told('previews', 'GET', '/telegram/proximos-cumpleanos?days=30')
  await refused('without_key', [401], 'POST', '/telegram/alerta', { body: { text: 'x', dry_run: true }, key: false })
  await refused('bad_days', [400], 'POST', '/telegram/proximos-ingresos', { body: { days: -1, dry_run: true } })
  await refused('bad_chat', [400], 'POST', '/telegram/alerta', { body: { text: 'x', chat_ids: [INJECTION], dry_run: true } })
  await refused('bad_json', [400], 'POST', '/telegram/alerta', { raw: '{"text":' })
  await refused('unknown_field', [400], 'POST', '/telegram/alerta', { body: { text: 'x', dry_run: true, html: true } })
  await told('injection', 'POST', '/telegram/alerta', { body: { text: INJECTION, chat_ids: ['1'], dry_run: true } })
  if (real) await reallySent()
  else note('ℹ️', 'real_alert', say.mode.dry)

  async function reallySent() {
    const got = await call('POST', '/telegram/alerta', { body: { text: `${say.title} · ${now}`, level: 'info' } })
    const ids = listIn(got?.body['queued']).map((one) => textIn((one as { id?: unknown }).id))
    if (!got || got.status !== 200 || ids.length === 0)
      return note('⚠️', 'real_alert', got ? say.answered(got.status, got.ms) : say.nobodyAnswers)
    for (const id of ids) {
      let status = 'pending'
      for (let n = 0; n < 60 && (status === 'pending' || status === 'sending'); n++) {
        const item = await call('GET', `/api/v1/outbox/${id}`)
        status = textIn(item?.body['status']) || 'pending'
        if (status === 'pending' || status === 'sending') await wait(500)
      }
      note(status === 'sent' ? '✅' : '⚠️', 'real_alert', say.sent(id, status))
    }
  }

  const count = (mark: Mark) => lines.filter((line) => line.mark === mark).length
  const markdown = [
    `# ${say.title}`,
    '',
    `${now} · ${real ? say.mode.real : say.mode.dry}`,
    '',
    ...lines.flatMap(({ mark, text, details }) => [`- ${mark} **${text}**`, ...details.map((detail) => `  - ${detail}`)]),
    '',
    say.summary(count('✅'), count('⚠️'), count('ℹ️')),
    '',
  ].join('\n')
  return { ok: count('⚠️') === 0, lines, markdown }
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')
const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function errorIn(body: Record<string, unknown>): { code: string; details: Record<string, unknown> } {
  const error = (body['error'] ?? {}) as { code?: string; details?: Record<string, unknown> }
  return { code: error.code ?? '', details: error.details ?? {} }
}
