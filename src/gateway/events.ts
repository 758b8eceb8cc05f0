import { ENOUGH, type Clock } from '../foundation/index.ts'

const HEARTBEAT_MS = 10_000
// A preview to somebody who does not read is dropped from here on; what matters is in `done`, and in the outbox.
const UNREAD_MOST = 64

export type Events = {
  readonly gone: AbortSignal
  preview(event: string, data: unknown): void
  send(event: string, data: unknown): void
}

/** Server-sent events. `work` goes on or not when the reader goes: it is told by the signal. */
export function eventStream(clock: Clock, work: (events: Events) => Promise<void>): ReadableStream<Uint8Array> {
  const gone = new AbortController()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          if (!gone.signal.aborted) controller.enqueue(encoder.encode(text))
        }
        const event = (name: string, data: unknown) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
        const beat = async () => {
          while (!gone.signal.aborted) {
            await clock.sleep(HEARTBEAT_MS, gone.signal)
            write(': \n\n')
          }
        }
        // The headers leave at once, before the first word.
        write(': \n\n')
        void beat()
        const end = () => {
          if (gone.signal.aborted) return
          gone.abort(ENOUGH)
          controller.close()
        }
        work({
          gone: gone.signal,
          send: event,
          preview: (name, data) => {
            if ((controller.desiredSize ?? 0) > -UNREAD_MOST) event(name, data)
          },
        }).then(end, (error: unknown) => {
          if (!gone.signal.aborted) controller.error(error)
          gone.abort(ENOUGH)
        })
      },
      cancel() {
        gone.abort(ENOUGH)
      },
    },
    { highWaterMark: 1 },
  )
}
