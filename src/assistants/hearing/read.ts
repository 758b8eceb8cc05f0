import { Stopped } from '../answer.ts'
import { Spent } from '../budget/allowance.ts'
import { isSpoken, type Piece } from '../join.ts'
import type { Scene, TurnTools } from '../turn.ts'
import { declined, download, sayings, type Sorry } from './fetching.ts'
import { isTextDocument, soundKind, textIn } from './kinds.ts'
import { isPhoto, lookAt } from './look.ts'

/*
 * What was sent as a file, made readable before the turn is taken: a voice note becomes its words, a text document is read
 * into this one turn as data, a photo is shown to a model that sees. Words that were heard are stored at once as what was said, so that a turn that is taken
 * again listens to nothing twice, and whatever erases what was said erases them. Documents and photos are kept nowhere.
 * Whatever cannot be read is declined with a sentence that says why; the rest of the turn goes on.
 */

// What Telegram gives to bots, and as much as one listens to patiently.
const SOUND_MAX_BYTES = 20 * 1024 * 1024
const SOUND_MAX_SECONDS = 10 * 60
const DOCUMENT_MAX_BYTES = 512 * 1024
const DOCUMENT_MAX_CHARS = 12_000
// A quiet phone's Ogg, in case nobody says how long it is.
const BYTES_PER_SECOND = 2_000

/** Pieces get their words; what is left unread is told in the sentences given back, each once. */
export async function readAttachments(scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<string[]> {
  const waiting = scene.joined.said.filter(({ heard }) => heard.attachments.length > 0)
  if (waiting.length === 0) return []
  const sees = tools.modelOf(scene.assistant, scene.person).sees === true
  const sorry = new Set<Sorry>()
  const still = waiting.some((piece) => isWork(piece) || (sees && isPhoto(piece)))
    ? scene.channel.working?.(scene.turn.assistant, scene.turn.chatId, scene.turn.thread ?? undefined)
    : undefined
  try {
    const photos = sees ? waiting.filter(isPhoto) : []
    for (const piece of waiting) {
      if (photos.includes(piece)) continue
      const why = await readOne(piece, scene, tools, signal)
      // What came with words is answered by them; the model is told what it cannot see.
      if (why === 'cannotSee' && piece.heard.text.trim() !== '') continue
      if (why) sorry.add(why === 'cannotSee' && sees ? 'cannotSeeThat' : why)
    }
    for (const why of await lookAt(photos, scene, tools, signal)) sorry.add(why)
  } finally {
    still?.()
  }
  const say = sayings(scene)
  return [...sorry].map((why) => say[why])
}

const isWork = ({ heard }: Piece) => heard.attachments.some((a) => a.fileId && (isSpoken(a) || isTextDocument(a)))

async function readOne(piece: Piece, scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry | undefined> {
  const [attached] = piece.heard.attachments
  if (!attached) return undefined
  if (isSpoken(attached)) return listen(piece, scene, tools, signal)
  if (attached.type !== 'document') return 'cannotSee'
  return isTextDocument(attached) ? readDocument(piece, scene, tools, signal) : 'cannotRead'
}

async function listen(piece: Piece, scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry | undefined> {
  const attached = piece.heard.attachments[0]!
  const ears = tools.earsOf?.(scene.assistant, scene.person)
  if (!ears || !scene.channel.openFile || !attached.fileId) return 'cannotHear'
  const kind = soundKind(attached)
  if (!kind) return 'cannotHearKind'
  if ((attached.bytes ?? 0) > SOUND_MAX_BYTES || (attached.seconds ?? 0) > SOUND_MAX_SECONDS) return 'tooLong'
  try {
    const bytes = await download(attached.fileId, SOUND_MAX_BYTES, scene, tools, signal)
    const seconds = attached.seconds ?? Math.ceil(bytes.length / BYTES_PER_SECOND)
    const heard = await ears.hear({ bytes, ...kind, seconds }, { language: scene.language, signal })
    if (heard === '') return 'heardNothing'
    const text = [piece.heard.text.trim(), heard].filter(Boolean).join('\n')
    if (!(await tools.conversations.heardAs(scene.turn, piece.message.seq, text))) throw new Stopped('the turn is no longer ours')
    piece.heard = { ...piece.heard, text, attachments: [] }
    piece.spoken = true
    return undefined
  } catch (error) {
    if (error instanceof Spent) return 'noMoreToday'
    return declined(error, 'couldNotHear', scene, tools, signal)
  }
}

async function readDocument(piece: Piece, scene: Scene, tools: TurnTools, signal: AbortSignal): Promise<Sorry | undefined> {
  const attached = piece.heard.attachments[0]!
  // Rules would take its words for the person's own.
  if (tools.modelOf(scene.assistant, scene.person).offline) return 'cannotSee'
  if (!scene.channel.openFile || !attached.fileId) return 'cannotRead'
  if ((attached.bytes ?? 0) > DOCUMENT_MAX_BYTES) return 'documentTooLong'
  try {
    const text = textIn(await download(attached.fileId, DOCUMENT_MAX_BYTES, scene, tools, signal))
    if (text === undefined) return 'cannotRead'
    if (text.length > DOCUMENT_MAX_CHARS) return 'documentTooLong'
    piece.document = { name: attached.name ?? '', text }
    piece.heard = { ...piece.heard, attachments: [] }
    return undefined
  } catch (error) {
    return declined(error, 'couldNotRead', scene, tools, signal)
  }
}
