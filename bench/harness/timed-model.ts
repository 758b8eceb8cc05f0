import { createServer } from 'node:http'
import { pause } from './figures.ts'

/** When this call reached the model, when its first word left, and when it was done. */
export type Thought = { asked: number; first: number; done: number }

const WORDS = Array.from({ length: 12 }, (_, n) => ` palabra${n}`)
// A model never answers at once; so long, whoever waits for it is idle.
const THINKS_MS = 20
const BETWEEN_MS = 2

/** An OpenAI-compatible model that streams, and notes to the microsecond when it was asked and when it spoke. Loopback only. */
export async function startTimedModel() {
  const thoughts: (Thought & { about: string })[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => void (body += data.toString()))
    request.on('end', () => {
      const asked = performance.now()
      const { messages } = JSON.parse(body) as { messages: { content: unknown }[] }
      const thought = { asked, first: 0, done: 0, about: JSON.stringify(messages.at(-1)?.content ?? '') }
      thoughts.push(thought)
      const id = `c${thoughts.length}`
      const chunk = (delta: object, finish: string | null = null) =>
        response.write(
          `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model: 'timed', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
        )
      void (async () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        await pause(THINKS_MS)
        for (const [n, word] of WORDS.entries()) {
          if (n > 0) await pause(BETWEEN_MS)
          else thought.first = performance.now()
          chunk({ content: word })
        }
        thought.done = performance.now()
        chunk({}, 'stop')
        response.end('data: [DONE]\n\n')
      })()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const asking = (words: string) => thoughts.filter(({ about }) => about.endsWith(`${words}"`))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/v1`,
    /** The first call whose last message ends with these words: whoever learns from them afterwards may be the second. */
    of: (words: string): Thought | undefined => asking(words).find(({ done }) => done > 0),
    times: (words: string) => asking(words).length,
    asked: () => thoughts.length,
    clear: () => void thoughts.splice(0),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
