import { CouldNotAsk, Refused } from '../../foundation/index.ts'
import { wordsIn } from '../../texts/index.ts'
import { Stopped } from '../answer.ts'
import type { Scene, TurnTools } from '../turn.ts'
import { isOfTheOutside } from './ears.ts'

/** Why something is left unread, as the person is told. */
export type Sorry = keyof ReturnType<typeof sayings>
export const sayings = (scene: Scene) => wordsIn(scene.language).hearing.say.sorry

const DOWNLOAD_MS = 30_000
const TOO_LARGE = { couldNotHear: 'tooLong', couldNotRead: 'documentTooLong', couldNotSee: 'photoTooBig' } as const

export function declined(
  error: unknown,
  why: keyof typeof TOO_LARGE,
  { turn, correlation }: Scene,
  tools: TurnTools,
  signal: AbortSignal,
): Sorry {
  if (signal.aborted) throw new Stopped('the turn was stopped', { cause: error })
  if (!isOfTheOutside(error)) throw error
  if (error instanceof Refused && error.code === 'too_large') return TOO_LARGE[why]
  tools.log.warn('attachment_not_read', { correlation, assistant: turn.assistant, error })
  return why
}

/** What was sent as a file, whole, within its cap and in time. */
export async function download(
  fileId: string,
  maxBytes: number,
  { channel, turn }: Scene,
  { clock }: TurnTools,
  outer: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const over = new AbortController()
  const done = new AbortController()
  const stop = () => over.abort()
  outer.addEventListener('abort', stop, { once: true })
  if (outer.aborted) over.abort()
  void clock.sleep(DOWNLOAD_MS, done.signal).then(stop)
  try {
    const { body } = await channel.openFile!(turn.assistant, fileId, { maxBytes, signal: over.signal })
    const parts: Uint8Array[] = []
    for await (const part of body) parts.push(part)
    return Uint8Array.from(Buffer.concat(parts))
  } catch (error) {
    if (over.signal.aborted && !isOfTheOutside(error)) throw new CouldNotAsk('the file did not come in time', 'unknown')
    throw error
  } finally {
    outer.removeEventListener('abort', stop)
    done.abort()
  }
}
