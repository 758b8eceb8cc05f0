import type { Assistant } from '../assistants/index.ts'
import { laneOf, type Conversations } from '../conversations/index.ts'
import type { Tx } from '../foundation/index.ts'
import type { OutboxOptions } from '../outbox/index.ts'
import type { People } from '../people/index.ts'

type Rooms = {
  assistants: ReadonlyMap<string, Assistant>
  people: Pick<People, 'chatsOf' | 'zoneOf'>
  /** Opened after this. */
  conversations(): Pick<Conversations<never>, 'lastHeard'>
}

/** What the outbox must know of others: when an assistant speaks first, where a person lives, when they last wrote to it. */
export const restraintFor = ({
  assistants,
  people,
  conversations,
}: Rooms): Pick<OutboxOptions, 'hoursOf' | 'restraintOf' | 'heardAt' | 'zoneOf'> => ({
  hoursOf: (assistant) => assistants.get(assistant)?.hours,
  restraintOf: (assistant) => assistants.get(assistant)?.restraint,
  zoneOf: (tx, personId) => people.zoneOf(tx, personId),
  heardAt: async (tx: Tx, personId, assistant) => {
    const chats = await people.chatsOf(tx, personId)
    return conversations().lastHeard(
      tx,
      chats.map(({ channel, chatId }) => laneOf(assistant, channel, chatId)),
    )
  },
})
