import { isChatId, type Employee } from './employee.ts'
import type { Occasion } from './upcoming.ts'

/** Chats that hear of some areas only, besides those that hear of everybody. */
export type AreaChat = { chat: string; areas: readonly string[] }

export type Wanted = { named: readonly string[] | undefined; standard: readonly string[]; areaChats: readonly AreaChat[] }

// A column full of different chats would write to each: beyond this it is a mistake, and said.
export const MOST_CHATS = 100

export type Hearers = { chats: Map<string, readonly Occasion[]>; unreachable: Employee[]; tooMany: Occasion[] }

/** Who hears of whom. Chats that a request names are all that is written to, and hear everything. */
export function hearersOf(occasions: readonly Occasion[], { named, standard, areaChats }: Wanted): Hearers {
  const hear = new Map<string, Set<Occasion> | 'all'>((named ?? standard).map((chat) => [chat, 'all']))
  const unreachable: Employee[] = []
  const tooMany = new Set<Occasion>()
  const tell = (chat: string, occasion: Occasion) => {
    const heard = hear.get(chat)
    if (heard === 'all') return
    if (heard) heard.add(occasion)
    else if (hear.size < MOST_CHATS) hear.set(chat, new Set([occasion]))
    else tooMany.add(occasion)
  }
  for (const { chat, areas } of named ? [] : areaChats) {
    const wanted = new Set(areas.map(folded))
    for (const one of occasions) if (one.person.area !== null && wanted.has(folded(one.person.area))) tell(chat, one)
  }
  for (const one of named ? [] : occasions) {
    const { chat } = one.person
    if (chat === null) continue
    if (isChatId(chat)) tell(chat, one)
    else unreachable.push(one.person)
  }
  const chats = new Map(
    [...hear].map(([chat, heard]) => [chat, heard === 'all' ? occasions : occasions.filter((one) => heard.has(one))]),
  )
  return { chats, unreachable, tooMany: [...tooMany] }
}

/** Lower case without accents: people write "Administracion" as they please. */
export const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ').trim().toLowerCase()
