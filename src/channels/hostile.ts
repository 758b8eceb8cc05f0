/** Readers of what the outside sent. Whatever stands there, they answer and do not throw. */
export const recordIn = (value: unknown): Record<string, unknown> | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const numberIn = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined)

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A text that fits, whole to the last character, without lone surrogates or NUL. */
export function cappedText(value: unknown, max: number): string {
  const text = (textIn(value) ?? '').slice(0, max + 1)
  return (text.length > max ? text.slice(0, endsInHalf(text, max) ? max - 1 : max) : text).replaceAll('\0', '').toWellFormed()
}

/** Would cutting here leave half a surrogate pair? */
export const endsInHalf = (text: string, at: number): boolean => /[\uD800-\uDBFF]/.test(text.charAt(at - 1))

/** One line for a person's or a file's name: no control or direction characters, which could dress up a log or a page. */
export const cappedName = (value: unknown, max: number): string =>
  cappedText(value, max * 4)
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, max)
    .toWellFormed()
