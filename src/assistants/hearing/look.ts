import type { Piece } from '../join.ts'
import type { Scene, TurnTools } from '../turn.ts'
import { declined, download, type Sorry } from './fetching.ts'
import { imageType } from './image-type.ts'

// What every provider takes in one question, and a person may look at together.
const MOST_PHOTOS = 4
const PHOTO_MAX_BYTES = 5 * 1024 * 1024

export const isPhoto = ({ heard }: Piece): boolean => heard.attachments[0]?.type === 'photo'

/** The photos of a turn, fetched together; pieces get theirs, and what is left unseen is told. */
export async function lookAt(photos: readonly Piece[], scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry[]> {
  const told = await Promise.all(photos.slice(0, MOST_PHOTOS).map((piece) => look(piece, scene, tools, signal)))
  return [...told.flatMap((why) => why ?? []), ...(photos.length > MOST_PHOTOS ? (['tooManyPhotos'] as const) : [])]
}

async function look(piece: Piece, scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry | undefined> {
  const { fileId, bytes: size = 0 } = piece.heard.attachments[0]!
  if (!scene.channel.openFile || !fileId) return 'couldNotSee'
  if (size > PHOTO_MAX_BYTES) return 'photoTooBig'
  try {
    const bytes = await download(fileId, PHOTO_MAX_BYTES, scene, tools, signal)
    const type = imageType(bytes)
    if (!type) return 'notAPhoto'
    piece.image = { type, bytes }
    piece.heard = { ...piece.heard, attachments: [] }
    return undefined
  } catch (error) {
    return declined(error, 'couldNotSee', scene, tools, signal)
  }
}
