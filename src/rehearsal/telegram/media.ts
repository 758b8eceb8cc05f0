import type { Message } from '@grammyjs/types'
import type { Upload } from '../http/body.ts'
import type { Call, Stage } from './call.ts'
import { MOST_UPLOAD_BYTES, type Files, type StoredFile } from './files.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { Bot } from './world.ts'

export type MediaKind = 'voice' | 'document' | 'photo' | 'audio' | 'video'

const FOLDERS: Record<MediaKind, string> = {
  voice: 'voice',
  document: 'documents',
  photo: 'photos',
  audio: 'music',
  video: 'videos',
}
const TYPES: Partial<Record<MediaKind, string>> = {
  voice: 'audio/ogg',
  photo: 'image/jpeg',
  audio: 'audio/mpeg',
  video: 'video/mp4',
}

export const isMediaKind = (value: unknown): value is MediaKind => typeof value === 'string' && Object.hasOwn(FOLDERS, value)

/** The media of one send: uploaded now, or named by an id the bot already has. */
export function mediaOf(stage: Stage, call: Call, kind: MediaKind, upload: Upload | undefined, named: string): Partial<Message> {
  if (!isMediaKind(kind)) throw badRequest("can't parse InputMedia: unsupported type specified")
  const duration = call.args.whole('duration', 0)
  if (upload) {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty')
    if (upload.bytes.length > MOST_UPLOAD_BYTES) throw new Refusal(413, 'Request Entity Too Large')
    return describe(kind, store(stage.files, call.bot, kind, upload), duration)
  }
  if (named === '') throw badRequest(`there is no ${kind} in the request`)
  // Nothing outside this machine is ever asked.
  if (/^https?:/i.test(named)) throw badRequest('failed to get HTTP URL content')
  const known = stage.files.find(call.bot, named)
  if (!known) throw badRequest('wrong remote file identifier specified: Wrong string length')
  return describe(kind, known, duration)
}

export function store(files: Files, bot: Bot, kind: MediaKind, upload: Upload): StoredFile {
  const type =
    upload.type && upload.type !== 'application/octet-stream' ? upload.type : (TYPES[kind] ?? 'application/octet-stream')
  return files.put(bot, { folder: FOLDERS[kind], name: upload.name, type, bytes: upload.bytes })
}

export function describe(kind: MediaKind, file: StoredFile, duration: number): Partial<Message> {
  const common = { file_id: file.id, file_unique_id: file.unique, file_size: file.bytes.length }
  if (kind === 'photo') {
    return { photo: [{ ...common, width: 320, height: 240 }] }
  }
  const named = { ...common, mime_type: file.type }
  if (kind === 'voice') return { voice: { ...named, duration } }
  if (kind === 'audio') return { audio: { ...named, duration, file_name: file.name } }
  if (kind === 'video') return { video: { ...named, duration, width: 320, height: 240, file_name: file.name } }
  return { document: { ...named, file_name: file.name } }
}
