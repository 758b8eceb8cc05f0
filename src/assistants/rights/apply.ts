import type { Care } from '../../care/index.ts'
import type { Conversations } from '../../conversations/index.ts'
import type { Clock, Database, Log, Tx } from '../../foundation/index.ts'
import type { Outbox } from '../../outbox/index.ts'
import type { Erasure, People, Stretch } from '../../people/index.ts'
import { openCalls } from '../calls.ts'
import type { Learning } from '../learning/learn.ts'
import type { openTurnRecords } from '../record.ts'
import type { RightsEffect } from './effect.ts'

export type ApplyOptions = {
  db: Database
  clock: Clock
  log: Log
  people: People
  conversations(): Pick<Conversations<never>, 'eraseHeard' | 'eraseAllHeard' | 'eraseStretch'>
  outbox: Pick<Outbox, 'eraseWords' | 'eraseAllWords' | 'eraseReplies'>
  learning: Pick<Learning, 'dropOf'>
  care?: Pick<Care, 'erase'>
  records: Pick<ReturnType<typeof openTurnRecords>, 'forgetErrors'>
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Carries out what was decided, in the turn's own transaction; and, minute by minute, what takes longer than a turn. */
export function openApplyRights({ db, clock, log, people, conversations, outbox, learning, care, records }: ApplyOptions) {
  const calls = openCalls({ db, clock })

  const eraseWhole = async (tx: Tx, personId: string, until: number): Promise<void> => {
    const rows = await people.rowsOfPerson(tx, personId)
    const chats = await people.addressesOf(personId, tx)
    const heard = await conversations().eraseAllHeard(tx, chats, until)
    const sent = await outbox.eraseAllWords(tx, rows, chats, until)
    for (const id of rows) {
      await learning.dropOf(tx, id)
      await calls.erase(tx, id)
      await care?.erase(tx, id)
    }
    await records.forgetErrors(tx, chats)
    await people.eraseWhole(tx, personId)
    log.info('erased', { heard: heard.length, sent: sent.length, memories: 'all' })
  }

  const erase = async (tx: Tx, what: Pick<Erasure, 'personId' | 'memories' | 'heard' | 'sent'>): Promise<void> => {
    await people.rowsOfPerson(tx, what.personId)
    await conversations().eraseHeard(tx, what.heard)
    await outbox.eraseWords(tx, what.sent)
    await people.eraseOwned(tx, what.personId, what.memories)
    log.info('erased', { heard: what.heard.length, sent: what.sent.length, memories: what.memories.length })
  }

  /** False: what was to be settled is settled already, and nothing follows from it. */
  const carryOut = async (tx: Tx, effect: RightsEffect): Promise<boolean> => {
    const now = clock.now()
    switch (effect.do) {
      case 'ask':
        await people.ask(tx, effect.personId, effect.lane, effect.ask)
        return true
      case 'settle':
        return people.settleAsk(tx, effect.personId, effect.id)
      case 'set':
        await people.set(tx, effect.personId, effect.settings)
        return true
      case 'correct':
        return people.correct(tx, effect.personId, effect.assistant, effect.ref, effect.says)
      case 'confirm':
        return people.confirm(tx, effect.personId, effect.assistant, effect.ref, effect.isSo)
      case 'claim':
        await people.keepClaim(tx, effect.personId, effect.code)
        return true
      case 'join':
        if (typeof (await people.joinByClaim(tx, effect.code, effect.personId)) !== 'string') log.info('joined')
        return true
      case 'ephemeral':
        await people.beginEphemeral(tx, effect.personId, effect.lane, effect.from)
        return true
      case 'remember again': {
        const stretch = await people.endEphemeral(tx, effect.lane)
        if (stretch) await eraseTalk(tx, stretch)
        return true
      }
      case 'forget': {
        const { personId, owned: memories, heard, sent } = effect
        await erase(tx, { personId, memories, heard, sent })
        await people.writeErasure(tx, personId, { whole: false, memories, heard, sent })
        return true
      }
      case 'forget everything':
        await eraseWhole(tx, effect.personId, now)
        await people.writeErasure(tx, effect.personId, { whole: true, memories: [], heard: [], sent: [] })
        return true
    }
  }

  const eraseTalk = async (tx: Tx, { lane, from, to }: Stretch): Promise<number> => {
    await conversations().eraseStretch(tx, lane, from, to)
    const at = lane.lastIndexOf('|')
    const { left } = await outbox.eraseReplies(tx, lane.slice(0, at), lane.slice(at + 1) || null, from, to)
    return left
  }

  const applyErasure = (tx: Tx, one: Erasure) => (one.whole ? eraseWhole(tx, one.personId, one.at - 1) : erase(tx, one))

  return {
    async apply(tx: Tx, effects: readonly RightsEffect[]): Promise<void> {
      for (const effect of effects) if (!(await carryOut(tx, effect))) return
    },

    /**
     * Every minute: talks that are over, questions nobody answered, what was being answered while its person was erased.
     * Tells how many talks left nothing behind.
     */
    async tidy(): Promise<number> {
      let talks = 0
      for (const stretch of await people.overEphemeral())
        await db.transaction(async (tx: Tx) => {
          const left = await eraseTalk(tx, stretch)
          if (left === 0 || stretch.to < clock.now() - HOUR_MS) await people.closeEphemeral(tx, stretch)
          talks++
        })
      await people.forgetAsks()
      const lately = await people.erasuresSince(clock.now() - 15 * MINUTE_MS)
      for (const one of lately.filter((e) => e.whole)) await db.transaction((tx: Tx) => applyErasureQuietly(tx, one))
      return talks
    },

    /** After an older backup was restored: what had been erased since is erased again. */
    async eraseAgain(erasures: readonly Erasure[]): Promise<void> {
      for (const one of erasures) await db.transaction((tx: Tx) => applyErasure(tx, one))
    },
  }

  /** What was heard or written before, and only came to its end after: consent given since stays. */
  async function applyErasureQuietly(tx: Tx, one: Erasure): Promise<void> {
    const rows = await people.rowsOfPerson(tx, one.personId)
    const chats = await people.addressesOf(one.personId, tx)
    await conversations().eraseAllHeard(tx, chats, one.at - 1)
    await outbox.eraseAllWords(tx, rows, chats, one.at - 1)
  }
}

export type ApplyRights = ReturnType<typeof openApplyRights>
