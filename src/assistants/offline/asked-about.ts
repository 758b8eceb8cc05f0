import { stems } from '../in-common.ts'
import type { Known } from '../model.ts'
import { fold } from '../when/fold.ts'

const OWN = /\b(?:mi|mis|me gustan?|me encanta|vivo|trabajo|cumplo|soy|my|i (?:like|live|work|love)|am i|do i)\b/
const QUESTION =
  /^\W*(?:y |and |sabes |te acuerdas de |recuerdas |do you (?:know|remember) )*(?:que|cual|cuales|como|cuando|donde|quien|a que|en que|de que|what|where|when|who|how|which)\b/
// What is asked for in one word is written in another in the file.
const TOPICS: readonly [asked: RegExp, written: RegExp][] = [
  [/\b(?:donde vivo|en que ciudad|where (?:do )?i live|where do i live)\b/, /^(?:vive en|lives in)\b/],
  [/\b(?:de que trabajo|en que trabajo|que trabajo|what do i do|my job|i work)\b/, /^(?:trabaja|works)\b/],
  [/\b(?:no me gustan?|(?:don't|do not|dont) i like)\b/, /^(?:no le gusta|does not like|dislikes)\b/],
  [/\b(?:me gustan?|me encantan?|do i (?:like|love))\b/, /^(?:le gusta|likes)\b/],
  [/\b(?:cumpleanos|mi cumple|my birthday)\b/, /\b(?:cumpleanos|birthday)\b/],
]

/** A question of the person about themselves, and what the file says to it. */
export function askedAbout(said: string, known: readonly Known[]): Known[] | undefined {
  const plain = fold(said.normalize('NFC').slice(0, 500)).replaceAll('\u2019', "'")
  if (!QUESTION.test(plain) || !OWN.test(plain)) return undefined
  const topic = TOPICS.find(([asked]) => asked.test(plain))
  if (topic) return known.filter((one) => topic[1].test(fold(one.says)))
  const asked = stems(plain)
  return known.filter((one) => [...stems(one.says)].some((stem) => asked.has(stem)))
}
