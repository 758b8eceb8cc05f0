import type { Words } from '../../texts/index.ts'

/** One line of what the doctor found. `bad` is what must be put right. */
export type Finding = { level: 'good' | 'fair' | 'bad'; about: About; text: string }
export type About =
  | 'node'
  | 'config'
  | 'assistants'
  | 'folder'
  | 'disk'
  | 'process'
  | 'database'
  | 'redis'
  | 'telegram'
  | 'model'
  | 'clock'
export type Say = Words['cli']['say']

export const good = (about: About, text: string): Finding => ({ level: 'good', about, text })
export const fair = (about: About, text: string): Finding => ({ level: 'fair', about, text })
export const bad = (about: About, text: string): Finding => ({ level: 'bad', about, text })

/** What it came to within this time; a doctor does not wait for the dead. */
export async function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<T>((resolve) => (timer = setTimeout(resolve, ms, late)))
  work.catch(() => {})
  return Promise.race([work, over]).finally(() => clearTimeout(timer))
}
