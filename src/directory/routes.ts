import { z } from 'zod'
import { isChatId } from './employee.ts'
import type { Desk, Outcome } from './desk.ts'
import { DAYS } from './desk.ts'
import type { HrFault } from './fault.ts'
import { LEVELS, type Say } from './say.ts'
import { ANSWER } from './routes-answer.ts'

/*
 * The three routes as plain data and functions, in the shape of the door's route table, so that the house puts them there.
 * Validation and keys are the door's.
 */

// A year and its leap day.
const MOST_DAYS = 366
const MOST_NAMED_CHATS = 50
const LONGEST_ALERT = 12_000
const CAP = 64 * 1024

const days = z.int().min(1).max(MOST_DAYS)
const chat = z
  .union([z.string().max(65), z.int()])
  .transform(String)
  .refine(isChatId)
const chat_ids = z.array(chat).min(1).max(MOST_NAMED_CHATS)
const dry_run = z.boolean()

const upcomingBody = z.strictObject({ days: days.default(DAYS), chat_ids: chat_ids.optional(), dry_run: dry_run.default(false) })
const upcomingQuery = z.strictObject({
  days: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(days)
    .default(DAYS),
})
const alertBody = z.strictObject({
  text: z.string().trim().min(1).max(LONGEST_ALERT),
  level: z.enum(LEVELS).default('info'),
  chat_ids: chat_ids.optional(),
  dry_run: dry_run.default(false),
})

type Fault = { status: number; fault: 'hr_unavailable' | 'no_chat'; details?: unknown }
type Answer = { status: number; headers: Record<string, string>; body: string }

const answerOf = (outcome: Outcome, say: Say): Answer | Fault => {
  if (outcome.ok)
    return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(outcome.told) }
  if (outcome.why === 'no_chat') return { status: 400, fault: 'no_chat', details: { variable: 'CCM_CHAT_IDS' } }
  return { status: 503, fault: 'hr_unavailable', details: faultDetails(outcome.fault, say) }
}

export const faultDetails = ({ code, what }: HrFault, say: Say) => ({
  variable: 'HR_DATABASE_URL',
  why: code,
  check: say.faults[code](what ?? ''),
})

/** `answersIn` = the words of whoever asks; the text of a message is in the company's language. */
export function directoryRoutes({ desk, sayIn }: { desk: Desk; sayIn: (language: 'es' | 'en') => Say }) {
  const common = { who: 'key', pace: 'api', answers: { 200: { about: 'json', schema: ANSWER } }, faults: [400, 503] } as const
  const both = (path: string, name: string, what: 'hires' | 'birthdays') => [
    {
      ...common,
      method: 'POST' as const,
      path,
      name,
      cap: CAP,
      body: upcomingBody,
      handle: async ({ body, visit }: { body: z.output<typeof upcomingBody>; visit: { language: 'es' | 'en' } }) =>
        answerOf(await desk.about(what, body), sayIn(visit.language)),
    },
    {
      ...common,
      method: 'GET' as const,
      path,
      name: `${name}_preview`,
      cap: 0,
      query: upcomingQuery,
      handle: async ({ query, visit }: { query: z.output<typeof upcomingQuery>; visit: { language: 'es' | 'en' } }) =>
        answerOf(await desk.preview(what, query), sayIn(visit.language)),
    },
  ]
  return [
    ...both('/telegram/proximos-ingresos', 'upcoming_hires', 'hires'),
    ...both('/telegram/proximos-cumpleanos', 'upcoming_birthdays', 'birthdays'),
    {
      ...common,
      method: 'POST' as const,
      path: '/telegram/alerta',
      name: 'alert',
      cap: CAP,
      body: alertBody,
      handle: async ({ body, visit }: { body: z.output<typeof alertBody>; visit: { language: 'es' | 'en' } }) =>
        answerOf(await desk.alert(body.text, body.level, body), sayIn(visit.language)),
    },
  ]
}
