import type { Form, Upload } from '../http/body.ts'
import { badRequest } from './refusal.ts'

/** The arguments of one call, which may have come as JSON, a form, multipart or in the address. */
export type Args = {
  has(name: string): boolean
  text(name: string): string
  whole(name: string, otherwise: number): number
  flag(name: string): boolean
  /** An object or a list: as it is, or JSON in a string; undefined when absent. Broken JSON is refused. */
  json(name: string): unknown
  upload(name: string): Upload | undefined
  /** All fields, for the journal. */
  readonly fields: Readonly<Record<string, unknown>>
}

export function readArgs({ fields, uploads }: Form): Args {
  const raw = (name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    return value === null ? undefined : value
  }
  const text = (name: string) => {
    const value = raw(name)
    if (typeof value === 'string') return value
    return value === undefined ? '' : JSON.stringify(value)
  }
  return {
    fields,
    has: (name) => raw(name) !== undefined || Object.hasOwn(uploads, name),
    text,
    whole(name, otherwise) {
      const value = text(name).trim()
      const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN
      return Number.isSafeInteger(number) ? number : otherwise
    },
    flag: (name) => ['true', 'yes', '1'].includes(text(name).trim().toLowerCase()),
    json(name) {
      const value = raw(name)
      if (value === undefined || value === '') return undefined
      if (typeof value !== 'string') return value
      try {
        return JSON.parse(value) as unknown
      } catch {
        throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`)
      }
    },
    upload(name) {
      if (Object.hasOwn(uploads, name)) return uploads[name]
      const attached = /^attach:\/\/(.+)$/.exec(text(name))?.[1]
      return attached !== undefined && Object.hasOwn(uploads, attached) ? uploads[attached] : undefined
    },
  }
}

export const objectOr = (value: unknown): Record<string, unknown> | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

export const listOr = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined)
