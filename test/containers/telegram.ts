import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Undone } from './box.ts'
import { systemClock } from '../../src/foundation/index.ts'
import { openFakeTelegram, type FakeTelegram } from '../../src/rehearsal/index.ts'
import { attempt, docker, must, until } from './docker.ts'
import { newKey, openStack, uniqueName, type StackOptions } from './stack.ts'

export const TOKEN = '1001:rehearsal-token'

/**
 * A stack whose Telegram is the rehearsal's. It runs in this process and listens on the host's end of a network of its own,
 * which only the roles that need Telegram join: so it lives on while containers, and the engine itself, come and go.
 */
export async function openStackWithTelegram(t: Undone, { shapes = [], env = {}, ...rest }: StackOptions = {}) {
  const network = uniqueName('telegram')
  await docker('network', 'create', network)
  t.after(() => attempt('docker', ['network', 'rm', network]))
  const gateway = await must('docker', ['network', 'inspect', '-f', '{{(index .IPAM.Config 0).Gateway}}', network])
  const telegram = await openFakeTelegram({
    clock: systemClock,
    host: gateway,
    bots: [TOKEN],
    limits: false,
    controlKey: newKey(),
  })
  t.after(() => telegram.close())

  const joins = shapes.includes('split') ? ['app', 'polling', 'assistant', 'outbox'] : ['app', 'polling']
  const file = join(process.env['TMPDIR'] ?? '/tmp', `${network}.yml`)
  writeFileSync(
    file,
    JSON.stringify({
      services: Object.fromEntries(joins.map((name) => [name, { networks: { telegram: null } }])),
      networks: { telegram: { external: true, name: network } },
    }),
  )
  const stack = await openStack(t, {
    ...rest,
    shapes: [...shapes, file],
    env: {
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_ACCESS: 'open',
      ASSISTANTS: 'aegen',
      DEBOUNCE_MS: '100',
      ...env,
    },
  })
  return { ...stack, telegram, people: telegram.people }
}

/** Each person says one word, a moment apart; `asked` are those who have spoken. */
export function crowd(telegram: FakeTelegram, { first = 9000, everyMs = 400 } = {}) {
  const asked: number[] = []
  const timer = setInterval(() => {
    const id = first + asked.length
    telegram.people.say(`hola, soy ${id}`, { id, first_name: `P${id}` }, undefined, { bot: TOKEN })
    asked.push(id)
  }, everyMs)
  const answersTo = (id: number) => telegram.journal.sent.filter((sent) => sent.chat === id).length
  return {
    asked,
    answersTo,
    stop: () => clearInterval(timer),
    /** Ends the talking; every person has an answer. */
    async allAnswered(limitMs = 180_000): Promise<void> {
      clearInterval(timer)
      const without = () => asked.filter((id) => answersTo(id) === 0)
      await until(() => without().length === 0, 'every message to be answered', limitMs).catch((error: Error) => {
        throw new Error(`${error.message}: ${without().length} of ${asked.length} are not (${without().slice(0, 5).join(', ')})`)
      })
    },
    /** Persons with a second answer that no unclear outcome explains. */
    twice: () =>
      asked.filter((id) => telegram.journal.sent.filter((sent) => sent.chat === id && sent.answer === 'delivered').length > 1),
  }
}
