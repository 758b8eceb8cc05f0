/** The text up to its last whole sentence, or word. */
export function cutShort(text: string): string {
  const end = Math.max(...['. ', '.\n', '! ', '? ', '\u2026 ', '\n\n'].map((mark) => text.lastIndexOf(mark) + 1))
  if (end > text.length / 2) return text.slice(0, end).trim()
  const space = text.lastIndexOf(' ')
  return `${text
    .slice(0, space > text.length / 2 ? space : text.length)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trim()}\u2026`
}
