import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { PoolOptions } from 'mysql2'
import { no, type Read } from '../fault.ts'

/** `preferred`: encrypted when the server can, as MySQL's own client does; nothing is proven about who answers. */
export type TlsMode = 'disabled' | 'preferred' | 'required' | 'verify_ca' | 'verify_identity'
export type MysqlAddress = { host: string; port: number; database: string; mode: TlsMode; options: PoolOptions }

const MODES: readonly TlsMode[] = ['disabled', 'preferred', 'required', 'verify_ca', 'verify_identity']

/** mysql://user:password@server:3306/database?ssl-mode=VERIFY_IDENTITY&ssl-ca=/run/secrets/ca.pem, as MySQL's tools name them. */
export function mysqlAddress(address: string): Read<MysqlAddress> {
  const url = URL.parse(address)
  if (!url?.hostname) return no('unset', 'HR_DATABASE_URL')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A certificate seldom names an address, and the driver can only compare names.
  const ca = url.searchParams.get('ssl-ca') ?? url.searchParams.get('ssl_ca')
  const said = (url.searchParams.get('ssl-mode') ?? url.searchParams.get('ssl_mode'))?.toLowerCase().replaceAll('-', '_')
  const mode =
    MODES.find((one) => one === said) ??
    (said === undefined ? (ca ? (isIP(host) ? 'verify_ca' : 'verify_identity') : 'preferred') : undefined)
  if (!mode) return no('tls', 'ssl-mode')
  let authority: string | undefined
  try {
    authority = ca ? readFileSync(ca, 'utf8') : undefined
  } catch {
    return no('tls', 'ssl-ca')
  }
  const proves = mode === 'verify_ca' || mode === 'verify_identity'
  const port = Number(url.port || 3306)
  const database = decodeURIComponent(url.pathname.slice(1))
  const ssl = { ...(authority && { ca: authority }), rejectUnauthorized: proves, verifyIdentity: mode === 'verify_identity' }
  return {
    ok: true,
    value: {
      host,
      port,
      database,
      mode,
      options: {
        host,
        port,
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
        ...(database && { database }),
        ...(mode !== 'disabled' && { ssl }),
      },
    },
  }
}
