import type { Heard } from '../heard.ts'

type Attached = Heard['attachments'][number]

// What the servers of this protocol take, by what a phone says it is.
const SOUNDS: readonly [mime: RegExp, ending: string][] = [
  [/^audio\/(?:x-)?(?:ogg|opus)/, 'ogg'],
  [/^audio\/(?:mpeg|mp3)/, 'mp3'],
  [/^audio\/(?:x-)?(?:mp4|m4a|aac)/, 'm4a'],
  [/^audio\/(?:x-|vnd\.)?wave?/, 'wav'],
  [/^audio\/webm/, 'webm'],
  [/^audio\/(?:x-)?flac/, 'flac'],
]

/** How a sound is named to whoever writes it down; undefined: a kind that nobody reads. Voice notes are always Ogg. */
export function soundKind({ type, mime = '' }: Attached): { ending: string; mime: string } | undefined {
  const known = SOUNDS.find(([kind]) => kind.test(mime.toLowerCase()))
  if (known) return { ending: known[1], mime: mime.toLowerCase().split(';')[0]! }
  return type === 'voice' ? { ending: 'ogg', mime: 'audio/ogg' } : undefined
}

const TEXT_MIME = /^(?:text\/(?!html|rtf)[\w.+-]+|application\/(?:json|yaml|x-yaml|toml|x-ndjson|sql|x-sh))$/
const TEXT_NAME = /\.(?:txt|text|md|markdown|csv|tsv|json|ndjson|ya?ml|toml|ini|log|srt|vtt|ics|sql|tex|org|rst)$/i

export const isTextDocument = ({ type, mime = '', name = '' }: Attached): boolean =>
  type === 'document' && (TEXT_NAME.test(name) || TEXT_MIME.test(mime.toLowerCase().split(';')[0]!))

/** The words of a file that says it is text; undefined when it is none. */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // What spreadsheets of this part of the world still write.
    text = new TextDecoder('windows-1252').decode(bytes)
  }

  const odd = text.match(/(?![\t\n\v\f\r])\p{Cc}/gu)?.length ?? 0
  return odd > text.length / 100 ? undefined : text.trim()
}
