import { createSign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../foundation/index.ts'
import { networkFault, no, type Read } from '../fault.ts'
import type { Mapping } from '../mapping.ts'
import { bad } from './reach.ts'
import { headingsOf, underHeadings } from './sheet.ts'
import type { Source } from './source.ts'

/*
 * A Google Sheet, read by a service account: we sign a short statement with its key (RFC 7523), Google gives a token for
 * an hour, the token reads one range. The key file is mounted read-only and read again for each token.
 */

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets.readonly'
const PATIENCE_MS = 8_000
const LONGEST_ANSWER = 50 * 1024 * 1024
const SKEW_MS = 60_000

export type GoogleOptions = { credentials: string | undefined; apiRoot?: string | undefined; clock: Clock }

export function googleSource(mapping: Mapping, { credentials, apiRoot, clock }: GoogleOptions): Source {
  const { googleSheet, range = 'A:ZZ' } = mapping.from as { googleSheet: string; range?: string }
  const tokenAddress = apiRoot ? `${apiRoot}/token` : 'https://oauth2.googleapis.com/token'
  const sheetsRoot = apiRoot ?? 'https://sheets.googleapis.com'
  let token: { value: string; until: number } | undefined

  async function fresh(): Promise<Read<string>> {
    if (token && clock.now() < token.until) return { ok: true, value: token.value }
    const key = await keyIn(credentials)
    if (!key.ok) return key
    const now = Math.floor(clock.now() / 1000)
    const claims = { iss: key.value.client_email, scope: SCOPE, aud: tokenAddress, iat: now, exp: now + 3600 }
    const assertion = signed(claims, key.value)
    if (!assertion) return no('credentials', 'private_key')
    const answer = await asked(tokenAddress, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion,
      }),
    })
    if (!answer.ok) return answer
    const { access_token: value, expires_in: seconds } = answer.value as { access_token?: unknown; expires_in?: unknown }
    if (typeof value !== 'string' || typeof seconds !== 'number') return no('credentials')
    token = { value, until: clock.now() + seconds * 1000 - SKEW_MS }
    return { ok: true, value }
  }

  async function table(): Promise<Read<unknown[][]>> {
    const allowed = await fresh()
    if (!allowed.ok) return allowed
    const query = 'valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=SERIAL_NUMBER'
    const path = `/v4/spreadsheets/${encodeURIComponent(googleSheet)}/values/${encodeURIComponent(range)}?${query}`
    const answer = await asked(sheetsRoot + path, { headers: { authorization: `Bearer ${allowed.value}` } })
    if (!answer.ok) {
      if (answer.fault.code === 'credentials') token = undefined
      return answer
    }
    const { values } = answer.value as { values?: unknown }
    return Array.isArray(values) && values.every(Array.isArray) ? { ok: true, value: values } : no('format', 'values')
  }

  return {
    async read() {
      const found = await table()
      return found.ok ? underHeadings(found.value, mapping) : found
    },
    async look() {
      const found = await table()
      if (!found.ok) return { findings: [bad('file', found.fault.code, found.fault.what)], tables: [] }
      const rows = underHeadings(found.value, mapping)
      const counted = rows.ok
        ? ({ step: 'rows', state: 'ok', what: 'counted', details: { rows: rows.value.length } } as const)
        : bad('rows', rows.fault.code, rows.fault.what)
      return {
        findings: [{ step: 'file', state: 'ok', what: 'found', details: { file: 'Google Sheet' } }, counted],
        tables: [{ name: 'Google Sheet', columns: headingsOf(found.value) }],
      }
    },
    close: async () => {},
  }
}

type Key = { client_email: string; private_key: string; private_key_id?: string }

async function keyIn(path: string | undefined): Promise<Read<Key>> {
  if (!path) return no('unset', 'GOOGLE_APPLICATION_CREDENTIALS')
  try {
    const key = JSON.parse(await readFile(path, 'utf8')) as Partial<Key>
    const whole = typeof key.client_email === 'string' && typeof key.private_key === 'string'
    return whole ? { ok: true, value: key as Key } : no('credentials', 'GOOGLE_APPLICATION_CREDENTIALS')
  } catch {
    return no('file', 'GOOGLE_APPLICATION_CREDENTIALS')
  }
}

/** undefined = what stands there is no key. */
function signed(claims: object, key: Key): string | undefined {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) })}.${part(claims)}`
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key.private_key, 'base64url')}`
  } catch {
    return undefined
  }
}

async function asked(address: string, init: RequestInit): Promise<Read<unknown>> {
  try {
    const response = await fetch(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) })
    if (response.status === 401 || (response.status === 400 && init.method === 'POST')) return no('credentials')
    if (response.status === 403 || response.status === 404) return no('rights', 'Google Sheet')
    if (response.status === 429 || response.status >= 500) return no('busy', String(response.status))
    if (!response.ok) return no('refused', String(response.status))
    return { ok: true, value: JSON.parse(await capped(response)) }
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return no('no_answer')
    if (error instanceof SyntaxError) return no('format', 'JSON')
    if (error instanceof TooBig) return no('too_many')
    return no(networkFault((error as { cause?: unknown }).cause ?? error) ?? 'no_answer')
  }
}

class TooBig extends Error {}

async function capped(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > LONGEST_ANSWER) throw new TooBig()
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
