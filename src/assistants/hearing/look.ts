import type { Piece } from '../join.ts'
import type { Scene, TurnTools } from '../turn.ts'
import { declined, download, type Sorry } from './fetching.ts'
import { imageType } from './image-type.ts'

// What every provider takes in one question, and a person may look at together.
const MOST_PHOTOS = 4
const PHOTO_MAX_BYTES = 5 * 1024 * 1024
// In memory for as long as the turn lasts, and once more as the question is written down; sixteen turns may do so at once.
const TOGETHER_MAX_BYTES = 8 * 1024 * 1024
// Of one whose size nobody told.
const UNTOLD_MAX_BYTES = TOGETHER_MAX_BYTES / MOST_PHOTOS

export const isPhoto = ({ heard }: Piece): boolean => heard.attachments[0]?.type === 'photo'

/** The photos of a turn, fetched together; pieces get theirs, and what is left unseen is told. */
export async function lookAt(photos: readonly Piece[], scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry[]> {
  let [places, room] = [MOST_PHOTOS, TOGETHER_MAX_BYTES]
  const seen: { piece: Piece; most: number }[] = []
  const told: Sorry[] = []
  for (const piece of photos) {
    const { bytes: size } = piece.heard.attachments[0]!
    const most = size ?? UNTOLD_MAX_BYTES
    if (most > PHOTO_MAX_BYTES) told.push('photoTooBig')
    else if (places === 0 || most > room) told.push('tooManyPhotos')
    else {
      places--
      room -= most
      seen.push({ piece, most })
    }
  }
  const looked = await Promise.all(seen.map(({ piece, most }) => look(piece, most, scene, tools, signal)))
  return [...new Set([...looked.flatMap((why) => why ?? []), ...told])]
}

async function look(piece: Piece, most: number, scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry | undefined> {
  const { fileId } = piece.heard.attachments[0]!
  if (!scene.channel.openFile || !fileId) return 'couldNotSee'
  try {
    const bytes = await download(fileId, most, scene, tools, signal)
    const type = imageType(bytes)
    if (!type) return 'notAPhoto'
    piece.image = { type, bytes }
    piece.heard = { ...piece.heard, attachments: [] }
    return undefined
  } catch (error) {
    return declined(error, 'couldNotSee', scene, tools, signal)
  }
}
