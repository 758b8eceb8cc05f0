import { openDatabase, migrate, silentLog } from '../../src/foundation/index.ts'
import { loadAssistants } from '../../src/assistants/index.ts'
import { offlineModel } from '../../src/assistants/offline/brain.ts'
import { openStage } from '../../src/assistants/stage.ts'
import { migrations } from '../../src/house.ts'
import { openRehearsalClock } from '../../src/rehearsal/index.ts'

/*
 * A few days with AEGEN's companion and no key, on a clock that is moved by hand: what a new user says, what they get, and
 * what became of everything that waited for its time. Nothing is written by hand but what the person says.
 */

const ZONE = 'Europe/Madrid'
const CHAT = '5'

export type Line = { at: number; who: 'person' | 'assistant'; text: string }
export type Waited = {
  kind: string
  what: string
  asked: string
  due: string
  became: string
  sentAt: string
  why: string[]
}
export type Story = { lines: Line[]; waited: Waited[] }

const DAYS: readonly [day: string, said: readonly [time: string, text: string][]][] = [
  [
    '2026-11-23',
    [
      ['09:00', '/start'],
      ['09:01', '¿quién eres?'],
      ['09:03', 'hoy no tengo ganas de ir al gimnasio'],
      ['09:05', 'recuérdame mañana a las 8 de la mañana llamar al dentista'],
      ['09:06', 'no, mejor el jueves'],
      ['09:07', 'recuérdame cada lunes y jueves a las 9 de la noche sacar la basura'],
      ['09:08', '¿qué tengo esta semana?'],
      ['20:04', 'al final fui, y bien'],
    ],
  ],
  [
    '2026-11-26',
    [
      ['09:10', 'explícame la teoría de la relatividad'],
      ['09:12', 'hoy tampoco tengo ganas de ir al gimnasio'],
      ['19:00', 'ya he ido al gimnasio'],
      ['21:05', '/misdatos'],
      ['21:06', '/olvidar gimnasio'],
    ],
  ],
]
const LAST = '2026-11-26T22:00'

export const clockTime = (at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainTime().toString({ smallestUnit: 'minute' })
const when = (at: number | null) => {
  if (at === null) return '–'
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE)
  return local.toLocaleString('es', { weekday: 'short', hour: '2-digit', minute: '2-digit' })
}
const momentOf = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds

export async function tellStory(): Promise<Story> {
  const db = openDatabase({ engine: 'sqlite', file: ':memory:' })
  const clock = openRehearsalClock(momentOf(`${DAYS[0]![0]}T08:59`))
  await migrate(db, migrations, 'story', clock.now())
  const aegen = (await loadAssistants(`${import.meta.dirname}/../../assistants`, { only: ['aegen'] })).get('aegen')!
  const { title, persona, welcome } = aegen
  const stage = openStage(db, { clock, model: offlineModel(), file: { title, persona, welcome } })
  const lines: Line[] = []
  const delivery = stage.outbox.delivery({
    log: silentLog,
    send: async ({ text }) => ({ sent: true, messageId: String(lines.push({ at: clock.now(), who: 'assistant', text })) }),
    compose: stage.turns.compose,
    pace: () => undefined,
  })
  const deliver = async () => {
    while ((await stage.outbox.advanceSeries()) > 0);
    for (let taken = await delivery.claim(50); taken.length > 0; taken = await delivery.claim(50))
      await Promise.all(taken.map((one) => delivery.deliver(one, stage.never)))
  }
  const until = async (at: number) => {
    while (clock.now() < at) {
      await clock.setTo(Math.min(at, clock.now() + 60_000))
      await deliver()
    }
  }
  for (const [day, said] of DAYS)
    for (const [time, text] of said) {
      await until(momentOf(`${day}T${time}`))
      lines.push({ at: clock.now(), who: 'person', text })
      await stage.hear(CHAT, text, { from: { id: CHAT, language: 'es' } })
      await stage.crank()
      await stage.study()
      await deliver()
    }
  await until(momentOf(LAST))
  const waited = (await stage.scheduled(CHAT)).map((row): Waited => ({
    kind: row.kind,
    what: row.text ?? row.intent ?? '',
    asked: when(row.put_at),
    due: when(row.scheduled_for),
    became: row.status,
    sentAt: when(row.sent_at),
    why: [...new Set(row.decisions.map(({ why }) => why))],
  }))
  await db.close()
  return { lines, waited }
}
