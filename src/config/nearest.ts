/** Edits that make one word of the other: insert, delete, change, or swap two neighbours. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, changed)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length]!
}

export function nearest(word: string, known: readonly string[]): { name: string; edits: number } {
  let best = { name: known[0] ?? '', edits: Number.POSITIVE_INFINITY }
  for (const name of known) {
    const edits = distance(word.slice(0, 80), name)
    if (edits < best.edits) best = { name, edits }
  }
  return best
}
