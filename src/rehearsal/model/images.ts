/** Images inside a question, in OpenAI's words: `{ type: 'image_url', image_url: { url: 'data:image/png;base64,…' } }`. */
export type ImagePart = { type: 'image_url'; image_url: { url: string } }

const TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
const DATA = /^data:([\w/+.-]+);base64,([A-Za-z0-9+/]+={0,2})$/
const SIGNS = ['FFD8FF', '89504E47', '47494638', '52494646']

type Message = { role: string; content?: unknown }
const parts = ({ content }: Message): { type?: unknown; image_url?: { url?: unknown } }[] =>
  Array.isArray(content) ? content : []

export const imagesIn = (messages: readonly Message[]): unknown[] =>
  messages.flatMap((message) => parts(message).filter((part) => part?.type === 'image_url'))

/** As a script reads it: an image is more than a line. */
export function imageTold(part: unknown): string | undefined {
  const url = (part as Partial<ImagePart> | null)?.image_url?.url
  const found = typeof url === 'string' ? DATA.exec(url) : undefined
  return found ? `[${found[1]}, ${Buffer.from(found[2]!, 'base64').length} bytes]` : undefined
}

/** What OpenAI's servers complain of. Nothing is ever fetched: an address of elsewhere is refused. */
export function imageFault(messages: readonly Message[]): string | undefined {
  for (const [n, message] of messages.entries()) {
    for (const part of parts(message)) {
      if (part?.type !== 'image_url') continue
      if (message.role !== 'user') return `messages[${n}]: image_url is only supported in messages of the role 'user'`
      const found = DATA.exec(String(part.image_url?.url))
      const wrong = found ? dataFault(found[1]!, found[2]!) : 'expected a base64-encoded data URL with an image'
      if (wrong) return `messages[${n}].image_url: ${wrong}`
    }
  }
  return undefined
}

export function dataFault(type: string, base64: string): string | undefined {
  if (!TYPES.includes(type)) return `unsupported image type ${type}`
  const begins = Buffer.from(base64.slice(0, 16), 'base64').toString('hex').toUpperCase()
  return SIGNS[TYPES.indexOf(type)] === SIGNS.find((sign) => begins.startsWith(sign)) ? undefined : `the data is no ${type}`
}
