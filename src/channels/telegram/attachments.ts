import type { Attachment } from '../index.ts'
import { cappedName, listIn, numberIn, recordIn } from '../hostile.ts'

const NAME_MAX = 255
const FILE_ID_MAX = 512
// Whoever looks at it takes no more; what is larger comes smaller from Telegram too.
const PHOTO_MAX_BYTES = 5 * 1024 * 1024
const PICTURE = /^image\/(?:jpe?g|png|webp|gif)$/i

// An animation comes a second time as a document, a video with its cover: the first that is there counts.
const KINDS: readonly [field: string, type: Attachment['type']][] = [
  ['voice', 'voice'],
  ['audio', 'audio'],
  ['animation', 'video'],
  ['video', 'video'],
  ['video_note', 'video'],
  ['document', 'document'],
  ['sticker', 'sticker'],
]
const WITHOUT_FILE = [
  'poll',
  'dice',
  'game',
  'story',
  'invoice',
  'paid_media',
  'checklist',
  'giveaway',
  'live_photo',
  'rich_message',
]

export function attachmentsIn(message: Record<string, unknown>): Attachment[] {
  for (const [field, type] of KINDS) {
    const file = recordIn(message[field])
    if (!file) continue
    const about = aboutFile(file)
    // A picture that was sent as a file, so that nobody makes it smaller.
    return [{ type: type === 'document' && PICTURE.test(about.mime ?? '') ? 'photo' : type, ...about }]
  }
  const photo = largest(listIn(message['photo']))
  if (photo) return [{ type: 'photo', ...aboutFile(photo) }]
  const place = recordIn(message['location']) ?? recordIn(recordIn(message['venue'])?.['location'])
  if (place) return [{ type: 'location', name: coordinates(place) }]
  const contact = recordIn(message['contact'])
  if (contact)
    return [
      {
        type: 'contact',
        name: [contact['first_name'], contact['last_name'], contact['phone_number']]
          .map((part) => cappedName(part, 64))
          .filter(Boolean)
          .join(' '),
      },
    ]
  const other = WITHOUT_FILE.find((field) => recordIn(message[field]))
  return other ? [{ type: 'other', name: other }] : []
}

function aboutFile(file: Record<string, unknown>): Omit<Attachment, 'type'> {
  const fileId = cappedName(file['file_id'], FILE_ID_MAX)
  const name = cappedName(file['file_name'] ?? file['title'] ?? file['emoji'], NAME_MAX)
  const mime = cappedName(file['mime_type'], 127)
  const bytes = numberIn(file['file_size'])
  const seconds = numberIn(file['duration'])
  return {
    ...(fileId && { fileId }),
    ...(name && { name }),
    ...(mime && { mime }),
    ...(bytes !== undefined && bytes >= 0 && { bytes }),
    ...(seconds !== undefined && seconds >= 0 && { seconds }),
  }
}

function largest(sizes: unknown[]): Record<string, unknown> | undefined {
  let best: Record<string, unknown> | undefined
  for (const value of sizes.slice(0, 20)) {
    const size = recordIn(value)
    if (size && (!best || isBetter(size, best))) best = size
  }
  return best
}

/** The largest of those that may be taken; where all are too large, the smallest. */
function isBetter(size: Record<string, unknown>, best: Record<string, unknown>): boolean {
  if (isFit(size) !== isFit(best)) return isFit(size)
  return isFit(size) ? area(size) >= area(best) : area(size) < area(best)
}

const isFit = (size: Record<string, unknown>) => (numberIn(size['file_size']) ?? 0) <= PHOTO_MAX_BYTES

const area = (size: Record<string, unknown>) => (numberIn(size['width']) ?? 0) * (numberIn(size['height']) ?? 0)

const coordinates = (place: Record<string, unknown>): string =>
  [place['latitude'], place['longitude']].map((part) => (Number.isFinite(part) ? String(part) : '?')).join(',')
