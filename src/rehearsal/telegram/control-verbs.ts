import { z } from 'zod'
import type { RehearsalClock } from '../clock.ts'
import type { FaultRule } from '../faults.ts'
import type { FakeTelegram } from './open.ts'
import { TELEGRAM_FAULTS, type TelegramFault } from './striking.ts'

/** What another process may ask for under `/_rehearsal/`, and the shape in which it must ask. */
export type Verb = (body: unknown) => unknown

const whole = z.number().int()
const person = z.union([
  whole.positive(),
  z.object({
    id: whole.positive(),
    first_name: z.string(),
    last_name: z.string().optional(),
    username: z.string().optional(),
    language_code: z.string().optional(),
  }),
])
const extras = { bot: z.string().optional(), thread: whole.optional(), replyTo: whole.optional(), date: whole.optional() }
const inChat = { from: person, chat: whole, messageId: whole, ...extras }
const file = { name: z.string().optional(), type: z.string().optional(), caption: z.string().optional() }
const oneFile = z.object({
  from: person,
  base64: z.base64(),
  chat: whole.optional(),
  duration: whole.optional(),
  ...file,
  ...extras,
})
const faultRule = z.object({
  kind: z.enum(TELEGRAM_FAULTS as [TelegramFault, ...TelegramFault[]]),
  methods: z.array(z.string()).optional(),
  token: z.string().optional(),
  chat: whole.optional(),
  chance: z.number().min(0).max(1).optional(),
  count: whole.positive().optional(),
  skip: whole.nonnegative().optional(),
  ms: whole.nonnegative().optional(),
  retryAfter: whole.positive().optional(),
})

const verb =
  <T>(shape: z.ZodType<T>, act: (body: T) => unknown): Verb =>
  (body) =>
    act(shape.parse(body))

export function controlVerbs(fake: FakeTelegram, clock: RehearsalClock | undefined): Record<string, Verb> {
  const { people, groups, faults } = fake
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
  return {
    bots: verb(
      z.object({
        token: z.string(),
        username: z.string().optional(),
        first_name: z.string().optional(),
        readsEveryGroupMessage: z.boolean().optional(),
      }),
      ({ token, ...about }) => fake.addBot(token, about).user,
    ),
    forget: verb(z.object({ token: z.string() }), ({ token }) => fake.forgetBot(token)),
    say: verb(
      z.object({ text: z.string().min(1), from: person, chat: whole.optional(), ...extras }),
      ({ text, from, chat, ...rest }) => people.say(text, from, chat, rest),
    ),
    edit: verb(z.object({ text: z.string(), ...inChat }), ({ text, from, chat, messageId, ...rest }) =>
      people.edit(from, chat, messageId, text, rest),
    ),
    press: verb(z.object({ button: z.string(), ...inChat }), ({ button, from, chat, messageId, ...rest }) => ({
      query: people.press(from, chat, messageId, button, rest),
    })),
    react: verb(z.object({ emoji: z.string().optional(), ...inChat }), ({ emoji, from, chat, messageId, ...rest }) =>
      people.react(from, chat, messageId, emoji, rest),
    ),
    stop: verb(z.object({ from: person, draft: whole, ...extras }), ({ from, draft, ...rest }) => people.stop(from, draft, rest)),
    block: verb(z.object({ from: person, ...extras }), ({ from, ...rest }) => people.block(from, rest)),
    unblock: verb(z.object({ from: person, ...extras }), ({ from, ...rest }) => people.unblock(from, rest)),
    sendVoice: verb(oneFile, ({ from, base64, ...about }) => people.sendVoice(from, bytes(base64), about)),
    sendDocument: verb(oneFile, ({ from, base64, ...about }) => people.sendDocument(from, bytes(base64), about)),
    sendPhoto: verb(oneFile, ({ from, base64, ...about }) => people.sendPhoto(from, bytes(base64), about)),
    album: verb(
      z.object({
        from: person,
        chat: whole.optional(),
        items: z
          .array(z.object({ kind: z.enum(['photo', 'video', 'document', 'audio']), base64: z.base64(), ...file }))
          .min(1)
          .max(10),
        ...extras,
      }),
      ({ from, items, ...about }) =>
        people.album(
          from,
          items.map(({ base64, ...item }) => ({ ...item, bytes: bytes(base64) })),
          about,
        ),
    ),
    group: verb(
      z.object({
        title: z.string(),
        members: z.array(person).optional(),
        bots: z.array(z.string()).optional(),
        type: z.enum(['group', 'supergroup']).optional(),
        forum: z.boolean().optional(),
        id: whole.negative().optional(),
      }),
      (about) => ({ chat: groups.group(about) }),
    ),
    topic: verb(z.object({ chat: whole, name: z.string() }), ({ chat, name }) => ({ thread: groups.topic(chat, name) })),
    migrate: verb(z.object({ chat: whole }), ({ chat }) => ({ chat: groups.migrate(chat) })),
    kick: verb(z.object({ chat: whole, bot: z.string().optional() }), ({ chat, bot }) => groups.kick(chat, bot)),
    faults: verb(faultRule, (rule) => ({ id: faults.add(rule as FaultRule<TelegramFault>) })),
    clearFaults: verb(z.object({ id: whole.optional() }), ({ id }) => faults.clear(id)),
    // The way back must be in the request: this door is shut too while it lasts.
    outage: verb(z.object({ ms: whole.positive().max(86_400_000) }), ({ ms }) => void fake.outage(ms)),
    clock: verb(
      z.object({ advance: whole.nonnegative().optional(), setTo: whole.optional(), step: whole.optional() }),
      async ({ advance, setTo, step }) => {
        if (!clock) throw new RangeError('this rehearsal runs on a clock that cannot be set')
        if (step !== undefined) clock.step(step)
        if (setTo !== undefined) await clock.setTo(setTo)
        if (advance !== undefined) await clock.advance(advance)
        return { now: clock.now() }
      },
    ),
  }
}
