import type { Message } from '@grammyjs/types'
import type { Stage } from './call.ts'
import { describe, store, type MediaKind } from './media.ts'
import type { Extras, Told, Who } from './person.ts'
import type { Telling } from './telling.ts'

export type FileAbout = { name?: string; type?: string; caption?: string; duration?: number; chat?: number } & Extras
export type AlbumItem = {
  kind: 'photo' | 'video' | 'document' | 'audio'
  bytes: Uint8Array
  name?: string
  type?: string
  caption?: string
}

export type PersonFiles = {
  sendVoice(from: Who, bytes: Uint8Array, about?: FileAbout): Told
  sendDocument(from: Who, bytes: Uint8Array, about?: FileAbout): Told
  sendPhoto(from: Who, bytes: Uint8Array, about?: FileAbout): Told
  /** Several pictures or files as one: separate messages with one `media_group_id`. */
  album(from: Who, items: AlbumItem[], about?: FileAbout): Told[]
}

const NAMES: Record<MediaKind, string> = {
  voice: 'voice.oga',
  document: 'document.bin',
  photo: 'photo.jpg',
  audio: 'audio.mp3',
  video: 'video.mp4',
}

export function openPersonFiles({ files, random }: Stage, { dialogFrom, botsIn, tellOne }: Telling): PersonFiles {
  const sendOne = (kind: MediaKind, from: Who, bytes: Uint8Array, about: FileAbout, more: Partial<Message> = {}): Told => {
    const { dialog, bot } = dialogFrom(from, about.chat, about)
    const owner = bot ?? botsIn(dialog)[0]
    if (!owner) throw new RangeError(`no bot is in group ${dialog.id}`)
    const file = store(files, owner, kind, { name: about.name ?? NAMES[kind], type: about.type ?? '', bytes })
    const caption = about.caption === undefined ? {} : { caption: about.caption }
    return tellOne(from, about.chat, about, { ...describe(kind, file, about.duration ?? 0), ...caption, ...more })
  }
  return {
    sendVoice: (from, bytes, about = {}) => sendOne('voice', from, bytes, about),
    sendDocument: (from, bytes, about = {}) => sendOne('document', from, bytes, about),
    sendPhoto: (from, bytes, about = {}) => sendOne('photo', from, bytes, about),
    album(from, items, about = {}) {
      const album = { media_group_id: String(random.whole(1e15, 9e15)) }
      return items.map(({ kind, bytes, ...item }) => sendOne(kind, from, bytes, { ...about, ...item }, album))
    },
  }
}
