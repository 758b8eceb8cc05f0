import type { File } from '@grammyjs/types'
import type { Clock } from '../../foundation/index.ts'
import type { Random } from '../random.ts'
import { badRequest } from './refusal.ts'
import type { Bot } from './world.ts'

/** Files sent by either side. A file's id works only for the bot it was given to; its path works for an hour. */
export type StoredFile = {
  id: string
  unique: string
  token: string
  folder: string
  name: string
  type: string
  bytes: Uint8Array
}
export type Files = {
  put(bot: Bot, about: { folder: string; name: string; type: string; bytes: Uint8Array }): StoredFile
  find(bot: Bot, id: string): StoredFile | undefined
  getFile(bot: Bot, id: string): File
  /** The bytes behind a path, while it lasts. */
  download(bot: Bot, path: string): StoredFile | undefined
}

const PATH_LIFE_MS = 3_600_000
export const MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024
export const MOST_UPLOAD_BYTES = 50 * 1024 * 1024
// What all files together may take; the oldest go first.
const MOST_KEPT_BYTES = 512 * 1024 * 1024

export function openFiles(clock: Clock, random: Random): Files {
  const files = new Map<string, StoredFile>()
  const paths = new Map<string, { file: StoredFile; until: number }>()
  let kept = 0
  let pathCount = 0
  const find = (bot: Bot, id: string) => {
    const file = files.get(id)
    return file?.token === bot.token ? file : undefined
  }
  return {
    find,
    put(bot, about) {
      const unique = `AQAD${random.letters(12)}`
      const file = { ...about, id: `AgACAgQAAx${random.letters(40)}`, unique, token: bot.token }
      files.set(file.id, file)
      kept += file.bytes.length
      while (kept > MOST_KEPT_BYTES && files.size > 1) {
        const oldest: StoredFile = files.values().next().value!
        files.delete(oldest.id)
        kept -= oldest.bytes.length
      }
      return file
    },
    getFile(bot, id) {
      if (id === '') throw badRequest('file_id not specified')
      const file = find(bot, id)
      if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable')
      if (file.bytes.length > MOST_DOWNLOAD_BYTES) throw badRequest('file is too big')
      const ending = /\.[A-Za-z0-9]{1,8}$/.exec(file.name)?.[0] ?? ''
      const path = `${file.folder}/file_${++pathCount}_${random.letters(6)}${ending}`
      for (const [old, { until }] of paths) if (until <= clock.monotonic()) paths.delete(old)
      paths.set(path, { file, until: clock.monotonic() + PATH_LIFE_MS })
      return { file_id: file.id, file_unique_id: file.unique, file_size: file.bytes.length, file_path: path }
    },
    download(bot, path) {
      const found = paths.get(path)
      return found && found.file.token === bot.token && found.until > clock.monotonic() ? found.file : undefined
    },
  }
}
