import type { IncomingMessage } from 'node:http'
import { parseMultipart } from './multipart.ts'

export type Upload = { name: string; type: string; bytes: Uint8Array }
export type Form = { fields: Record<string, unknown>; uploads: Record<string, Upload> }

export class BodyTooLarge extends Error {}
export class BodyNotUnderstood extends Error {}

/** Everything the caller sent, or BodyTooLarge once more than `most` bytes came. */
export async function readBody(req: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > most) throw new BodyTooLarge()
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of req as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > most) throw new BodyTooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

export function parseForm(contentType: string, body: Buffer): Form {
  const form: Form = { fields: {}, uploads: {} }
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (body.length === 0) return form
  if (type === 'multipart/form-data') {
    for (const part of parseMultipart(contentType, body)) {
      if (part.filename === undefined) form.fields[part.name] = part.bytes.toString('utf8')
      else form.uploads[part.name] = { name: part.filename, type: part.type, bytes: part.bytes }
    }
  } else if (type === 'application/json') {
    Object.assign(form.fields, parseObject(body))
  } else if (type === 'application/x-www-form-urlencoded') {
    Object.assign(form.fields, Object.fromEntries(new URLSearchParams(body.toString('utf8'))))
  }
  return form
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // answered below
  }
  throw new BodyNotUnderstood("Can't parse JSON object")
}
