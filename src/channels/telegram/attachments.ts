import type { Attachment } from '../index.ts'
import { cappedName, listIn, numberIn, recordIn } from '../hostile.ts'

const NAME_MAX = 255
const FILE_ID_MAX = 512

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
    if (file) return [{ type, ...aboutFile(file) }]
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
    if (size && (!best || area(size) >= area(best))) best = size
  }
  return best
}

const area = (size: Record<string, unknown>) => (numberIn(size['width']) ?? 0) * (numberIn(size['height']) ?? 0)

const coordinates = (place: Record<string, unknown>): string =>
  [place['latitude'], place['longitude']].map((part) => (Number.isFinite(part) ? String(part) : '?')).join(',')
