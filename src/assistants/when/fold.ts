/** Lower case without accents, of the very same length, so that a place in the one is a place in the other. */
export function fold(text: string): string {
  let folded = ''
  for (const letter of text) {
    const plain = letter.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
    folded += plain.length === letter.length ? plain : letter
  }
  return folded
}
