import type { Scene, TurnTools } from './turn.ts'

/*
 * What a person may watch while the answer grows, where the channel has it: a draft that vanishes by itself. It is never
 * the answer (that is a row of the outbox, put by the closing transaction), is kept nowhere and counts as nothing said.
 * Each showing takes a place in the chat's own budget and leaves room there for the answer; whatever goes wrong with it is
 * nobody's trouble: "typing" goes on.
 */

// Short answers come whole before this.
const FIRST_MS = 700
const APART_MS = 1_500
// Whoever waits for the answer does not wait for its shadow.
const LAST_ONE_MS = 1_000
// Fewer letters are no preview.
const LEAST_CHARS = 24

export type Draft = { add(delta: string): void; end(): Promise<void> }

export function openDraft(
  { turn, channel, group, watchers }: Scene,
  { clock, outbox, draftPace, log }: TurnTools,
): Draft | undefined {
  const { showDraft } = channel
  if (!showDraft || !draftPace || group) return undefined
  const { assistant, chatId } = turn
  // Not zero, and the same for as long as this turn lasts.
  const id = ((turn.messages.at(-1)?.seq ?? 1) % 2_000_000_000) + 1
  const stop = new AbortController()
  const cut = new AbortController()
  let text = ''
  let running: Promise<void> | undefined

  const grow = async () => {
    let shown = ''
    await clock.sleep(FIRST_MS, stop.signal)
    while (!stop.signal.aborted) {
      const now = text.trim()
      if (now !== shown && now.length >= LEAST_CHARS && (await outbox.takePlace(assistant, turn.channel, chatId, draftPace))) {
        if (stop.signal.aborted) return
        const became = await showDraft({ assistant, chatId, thread: turn.thread ?? undefined, id, text: now }, cut.signal)
        if (became === 'never') return
        if (became === 'shown') shown = now
      }
      await clock.sleep(APART_MS, stop.signal)
    }
  }

  return {
    add(delta) {
      text += delta
      running ??= grow().catch((error: unknown) => log.warn('draft_failed', { correlation: watchers.at(-1), error }))
    },
    /** Resolves when none is on its way any more: one that came after the answer would stand below it. */
    async end() {
      if (!running) return
      const over = new AbortController()
      // Nothing new leaves; one that is on its way is waited for a little.
      stop.abort()
      await Promise.race([running, clock.sleep(LAST_ONE_MS, over.signal)])
      over.abort()
      cut.abort()
    },
  }
}
