import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILES = {
  'look.css': 'text/css; charset=utf-8',
  'chat.css': 'text/css; charset=utf-8',
  'docs.css': 'text/css; charset=utf-8',
  'chat.js': 'text/javascript; charset=utf-8',
  'talk.js': 'text/javascript; charset=utf-8',
  'words.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

export type AssetName = keyof typeof FILES
export type Asset = { type: string; bytes: Uint8Array<ArrayBuffer> }

/** The page's files, read once. Only these names exist: no path from outside ever reaches the disk. */
export function openAssets(folder = join(import.meta.dirname, 'page')) {
  const files = new Map<string, Asset>(
    Object.entries(FILES).map(([name, type]) => [name, { type, bytes: new Uint8Array(readFileSync(join(folder, name))) }]),
  )
  const whole = createHash('sha256')
  for (const { bytes } of files.values()) whole.update(bytes)
  const version = whole.digest('base64url').slice(0, 10)
  return {
    /** With the version in the path: kept by browsers for long, and never mixed with another version's. */
    address: (name: AssetName): string => `/page/${version}/${name}`,
    find: (asked: string, name: string): Asset | undefined => (asked === version ? files.get(name) : undefined),
  }
}

export type Assets = ReturnType<typeof openAssets>
