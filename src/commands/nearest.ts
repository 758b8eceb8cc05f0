/** Of what is known, what this was most likely meant to be; undefined when nothing comes near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const asked = word.toLowerCase().slice(0, 60)
  const begun = known.filter((one) => asked.length > 1 && one.startsWith(asked))
  if (begun.length === 1) return begun[0]
  const ranked = known
    .map((name) => ({ name, edits: edits(asked, name) }))
    .filter(({ name, edits: n }) => n <= Math.max(1, Math.floor(Math.max(asked.length, name.length) / 3)))
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.name
}

/** Letters to put in, take out, change, or swap with their neighbour. */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const kept = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : kept
      row.push(Math.min(kept, swapped, row[j - 1]! + 1, rows[i - 1]![j]! + 1))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
