import { distance } from '../config.ts'

/** Of what is known, what this was most likely meant to be; undefined when nothing comes near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const asked = word.toLowerCase().slice(0, 60)
  const begun = known.filter((one) => asked.length > 1 && one.startsWith(asked))
  if (begun.length === 1) return begun[0]
  const ranked = known
    .map((name) => ({ name, edits: distance(asked, name) }))
    .filter(({ name, edits: n }) => n <= Math.max(1, Math.floor(Math.max(asked.length, name.length) / 3)))
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.name
}
