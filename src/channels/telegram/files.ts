import { Refused } from '../../foundation/index.ts'
import type { BotApi } from './bot-api.ts'
import { numberIn, recordIn, textIn } from '../hostile.ts'

export type TelegramFile = { name: string; bytes: number | null; body: ReadableStream<Uint8Array> }

// What Telegram's own server gives to bots.
export const FILE_MAX_BYTES = 20 * 1024 * 1024
// 20 MB over a slow line.
const TIMEOUT_MS = 5 * 60_000

/** The file as a stream that ends with an error above the cap. Read it to its end or cancel it. */
export async function openFile(
  api: BotApi,
  fileId: string,
  maxBytes = FILE_MAX_BYTES,
  signal?: AbortSignal,
): Promise<TelegramFile> {
  const { result } = await api.ask('getFile', { file_id: fileId }, signal ? { signal } : {})
  const file = recordIn(result)
  const path = textIn(file?.['file_path'])
  const bytes = numberIn(file?.['file_size']) ?? null
  if (!path) throw new Refused('telegram_file', 'the file has no path')
  if (bytes !== null && bytes > maxBytes) throw new Refused('too_large', `${bytes} bytes, more than ${maxBytes}`)
  const body = await api.download(path, { maxBytes, timeoutMs: TIMEOUT_MS, ...(signal && { signal }) })
  return { name: path.split('/').at(-1)!, bytes, body }
}
