import type { MessageEntity } from '@grammyjs/types'
import { listOr, type Args } from '../args.ts'
import { badRequest } from '../refusal.ts'
import { Unparsable, type Parsed } from './builder.ts'
import { detectEntities } from './detect.ts'
import { parseHtml } from './html.ts'
import { parseMarkdown } from './markdown.ts'
import { parseMarkdownV2 } from './markdown-v2.ts'

const MODES: Record<string, (source: string) => Parsed> = {
  html: parseHtml,
  markdownv2: parseMarkdownV2,
  markdown: parseMarkdown,
}

/** The text (or caption) of a call with its markup understood, trimmed and measured as the API does. */
export function readText(args: Args, name: 'text' | 'caption', { most, tooLong }: { most: number; tooLong: string }): Parsed {
  const source = args.text(name)
  // What is not Unicode never reaches a person; the real server says the same.
  if (!source.isWellFormed()) throw badRequest('strings must be encoded in UTF-8')
  const parsed = trim(parse(source, args, name === 'text' ? 'entities' : 'caption_entities'))
  // Telegram's own count may be in code points. UTF-16 units are never fewer, so whoever passes here passes there.
  if (parsed.text.length > most) throw badRequest(tooLong)
  return { text: parsed.text, entities: detectEntities(parsed.text, parsed.entities) }
}

function parse(source: string, args: Args, entitiesName: string): Parsed {
  const mode = args.text('parse_mode').toLowerCase()
  if (mode === '' || mode === 'none') {
    const given = args.has(entitiesName) ? listOr(args.json(entitiesName)) : undefined
    return { text: source, entities: (given ?? []).filter((e) => isEntity(e, source)) as MessageEntity[] }
  }
  const read = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined
  if (!read) throw badRequest('unsupported parse_mode')
  try {
    return read(source)
  } catch (error) {
    if (error instanceof Unparsable) throw badRequest(`can't parse entities: ${error.message}`)
    throw error
  }
}

function isEntity(value: unknown, source: string): boolean {
  const { type, offset, length } = (value ?? {}) as Partial<MessageEntity>
  if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length)) {
    throw badRequest('can\'t parse MessageEntity: Field "offset" must be of type Number')
  }
  return offset! >= 0 && length! > 0 && offset! + length! <= source.length
}

function trim({ text, entities }: Parsed): Parsed {
  const cut = text.length - text.trimStart().length
  const kept = text.trim()
  const moved = entities.map((e) => {
    const from = Math.max(0, e.offset - cut)
    const to = Math.min(kept.length, e.offset + e.length - cut)
    return { ...e, offset: from, length: to - from }
  })
  return { text: kept, entities: moved.filter((e) => e.length > 0) }
}
