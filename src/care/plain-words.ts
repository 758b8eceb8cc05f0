/** Words that matter most are also known when two letters are swapped or one is doubled. */
const KNOWN = [
  'quiero',
  'morir',
  'morirme',
  'matar',
  'matarme',
  'suicidar',
  'suicidarme',
  'suicidio',
  'vivir',
  'pastillas',
  'want',
  'kill',
  'myself',
  'suicide',
  'pills',
]
const once = (word: string): string => word.replaceAll(/(.)\1+/g, '$1')
const byLetters = new Map(KNOWN.map((word) => [once(word), word]))

const LEET: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' }

// What English swallows, said out; what is written for short or around a filter, as it is meant.
const SAID_OUT: [RegExp, string][] = [
  [/\bcan'?t\b|\bcannot\b/g, 'can not'],
  [/\bwon'?t\b/g, 'will not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|would|should|could)n'?t\b/g, '$1 not'],
  [/\bi'?m\b/g, 'i am'],
  [/\bi'?ve\b/g, 'i have'],
  [/\bi'll\b/g, 'i will'],
  [/\bi'd\b/g, 'i would'],
  [/\b(he|she|they|you|we)'ll\b/g, '$1 will'],
  [/\b(he|she|it)'s\b/g, '$1 is'],
  [/\bwan+a+\b/g, 'want to'],
  [/\bgonna\b/g, 'going to'],
  [/\bkms\b|\bunalive (?:my ?self|me)\b/g, 'kill myself'],
  [/\bmy self\b/g, 'myself'],
  [/\b(?:m|mee) (?=quiero|voy)/g, 'me '],
  [/\b(?:xq|pq)\b/g, 'porque'],
  [/\bx (?=el |la |los |las |mi |tu |su |un |una )/g, 'por '],
  [/\b(me |te |se |lo |la )boy a\b/g, '$1voy a'],
  [/\b(?:aver|haber) si me (?=muero|mato)/g, 'a ver si me '],
  [/\bq\b/g, 'que'],
]

// A message longer than this is not what somebody in need writes; both ends of it are read.
const MOST_CHARS = 4000

/** Lower case, no accents, common misspellings and disguises undone; sentence marks and quotation marks stay. */
export function plainWords(text: string): string {
  const kept = text.length <= MOST_CHARS ? text : `${text.slice(0, MOST_CHARS / 2)}. ${text.slice(-MOST_CHARS / 2)}`
  const letters = kept
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[\u2018\u2019\u00b4`]/g, "'")
    .replaceAll(/[\u00ab\u00bb\u201c\u201d\u201e]/g, '"')
    .replaceAll(/[\p{Cf}*_~]/gu, '')
    .replaceAll(/[^\S\n]+/g, ' ')
  const words = letters.replaceAll(/[\p{L}\p{N}@$]+/gu, asMeant)
  return SAID_OUT.reduce((said, [short, long]) => said.replaceAll(short, long), words)
}

function asMeant(word: string): string {
  if (/^\d+$/.test(word) || word.length > 40) return word
  let meant = /[a-z]/.test(word) && /[0-9@$]/.test(word) ? word.replaceAll(/[013457@$]/g, (sign) => LEET[sign]!) : word
  meant = meant.replaceAll(/(.)\1{2,}/g, '$1').replace(/^su[iy]*[csz]+[iy]+d/, 'suicid')
  const queried = meant.replaceAll(/k(?=[ie])/g, 'qu').replace(/^qi/, 'qui')
  for (const tried of [meant, queried]) {
    const known = byLetters.get(once(tried)) ?? swapped(tried)
    if (known) return known
  }
  return /^(?:ki|qi)(?:ero|tar|en)/.test(meant) ? queried : meant
}

/** The known word of which this is one swap of neighbours away. */
function swapped(word: string): string | undefined {
  return KNOWN.find((known) => {
    if (known.length !== word.length || known === word) return false
    let at = 0
    while (known[at] === word[at]) at++
    return known.slice(0, at) + known[at + 1] + known[at] + known.slice(at + 2) === word
  })
}
