import { CouldNotAsk } from '../../foundation/index.ts'

// No honest event is longer; a line without an end must not fill the memory.
const MOST_LINE_CHARS = 512 * 1024

/** The `data:` of each server-sent event, as text. */
export async function* events(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let bytes = 0
  let rest = ''
  let data: string[] = []
  const line = function* (text: string) {
    if (text === '') {
      if (data.length > 0) yield data.join('\n')
      data = []
    } else if (text.startsWith('data:')) data.push(text.slice(text[5] === ' ' ? 6 : 5))
  }
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new CouldNotAsk('the model said more than is accepted', 'unknown')
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    if (rest.length > MOST_LINE_CHARS) throw new CouldNotAsk('the model sent a line without an end', 'unknown')
    for (const one of lines) yield* line(one)
  }
  // Some servers forget the last empty line.
  yield* line(rest.replace(/\r$/, ''))
  yield* line('')
}
