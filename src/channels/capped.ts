import { CouldNotAsk } from '../foundation/index.ts'

/** The whole text of an answer, unless it is larger than we are ready to hold. */
export async function readCapped(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw new CouldNotAsk(`answer larger than ${maxBytes} bytes`, 'unknown')
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
