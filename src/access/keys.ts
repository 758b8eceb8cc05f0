import { sameSecret } from '../foundation/index.ts'

export type Keys = { admin: string; internal?: string | undefined; telegramSecret?: string | undefined }

/** Every comparison takes the same time, whatever was shown. */
export function openKeys({ admin, internal, telegramSecret }: Keys) {
  const isOneOf = (shown: readonly string[], wanted: string | undefined): boolean => {
    // No early end: a list that is searched to its last tells nothing by its time.
    let found = false
    if (wanted) for (const key of shown) found = sameSecret(key, wanted) || found
    return found
  }
  return {
    isAdmin: (shown: readonly string[]): boolean => isOneOf(shown, admin),
    isInternal: (shown: readonly string[]): boolean => isOneOf(shown, internal),
    isTelegram: (shown: string | undefined): boolean => shown !== undefined && isOneOf([shown], telegramSecret),
  }
}
