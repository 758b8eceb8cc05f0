import { openTelegram } from '../../src/channels/index.ts'
import { openCompany, type DirectoryFile } from '../../src/directory/index.ts'
import { openCache, silentLog, systemClock, type Clock, type Database } from '../../src/foundation/index.ts'
import { openFakeTelegram } from '../../src/rehearsal/index.ts'
import { openDoorBench } from '../support/door.ts'
import { PEOPLE, sayIn, ZONE } from './stage.ts'

const TOKEN = '700002:rehearsal-token-for-tests-only-0002'

type Told = {
  queued: { id: string; chat_id: string; people: string[]; unchanged?: true }[]
  text: string
  skipped: unknown[]
  source: unknown
}
type Failed = { error: { code: string; message: string; details: Record<string, string> } }

/** The door, the outbox, the channel and a fake Telegram; the source is what a test says. */
export async function openCcm(
  db: Database,
  url: string | undefined,
  {
    file = {},
    chats = ['501'],
    clock = systemClock,
    delivers = true,
  }: { file?: Partial<DirectoryFile>; chats?: string[]; clock?: Clock; delivers?: boolean } = {},
) {
  const telegram = await openFakeTelegram({ clock: systemClock, bots: [TOKEN], limits: false })
  const channel = openTelegram({
    clock: systemClock,
    log: silentLog,
    apiRoot: telegram.url,
    language: 'es',
    bots: [{ assistant: 'ccm', token: TOKEN, commands: { es: [], en: [] } }],
    onTrouble: () => {},
  })
  const cache = openCache({ log: silentLog, clock })
  const bench = await openDoorBench(db, { clock })
  const company = openCompany({
    file: { people: PEOPLE, ...file },
    assistant: 'ccm',
    folder: '/',
    url,
    zone: ZONE,
    language: 'es',
    chats,
    db,
    clock,
    log: silentLog,
    cache,
    secret: 's'.repeat(32),
    sayIn,
    scheduleIn: (tx, notice) => bench.outbox.scheduleIn(tx, notice),
    split: (text) => channel.split(text, 'plain'),
    personOf: bench.people.find,
  })
  const door = await openDoorBench(db, { clock, moreRoutes: company.routes })
  const delivery = !delivers
    ? undefined
    : bench.outbox
        .delivery({
          log: silentLog,
          send: (message, signal) => channel.send({ ...message, id: `out-${message.id}` }, signal),
          compose: async () => ({ words: '' }),
          pace: () => undefined,
        })
        .work(50)
  return {
    telegram,
    company,
    door,
    post: async (path: string, json: unknown) => {
      const answer = await door.ask(path, { json })
      return { status: answer.status, body: (await answer.json()) as Told & Failed }
    },
    statusOf: async (id: string) => ((await (await door.ask(`/api/v1/outbox/${id}`)).json()) as { status: string }).status,
    async close() {
      await delivery?.stop()
      await door.close()
      await bench.close()
      await company.close()
      await cache.close()
      await telegram.close()
    },
  }
}
