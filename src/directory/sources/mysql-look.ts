import type { HrFaultCode, Read } from '../fault.ts'
import type { MysqlAddress } from './mysql-address.ts'
import type { Session } from './mysql.ts'
import { bad, grouped, reach } from './reach.ts'
import { MOST_TABLES, type Finding, type Look, type Step, type Table } from './source.ts'

type Within = <T>(work: (session: Session) => Promise<T>) => Promise<Read<T>>
type Known = { statement: string; wanted: string }

/** One step after the other, as far as one gets: name, port, TLS, login, database, what the session and the user may, rows. */
export async function lookAtMysql(address: Read<MysqlAddress>, within: Within, known: Known): Promise<Look> {
  if (!address.ok)
    return { findings: [bad(address.fault.code === 'tls' ? 'tls' : 'name', address.fault.code, address.fault.what)], tables: [] }
  const { host, port, mode } = address.value
  const { findings, reached } = await reach(host, port)
  if (!reached) return { findings, tables: [] }

  const inside = await within(async (session) => ({
    cipher: (await session<[string, string]>(`show session status like 'Ssl_cipher'`))[0]?.[1] ?? '',
    version: (await session<[string]>('select version()'))[0]?.[0] ?? '',
    readOnly: await isReadOnly(session),
    grants: (await session<[string]>('show grants')).map(([line]) => line),
    tables: await tablesIn(session),
  }))
  if (!inside.ok) {
    const step = STEP_OF[inside.fault.code] ?? 'login'
    return { findings: [...findings, bad(step, inside.fault.code, inside.fault.what)], tables: [] }
  }
  const { cipher, version, readOnly, grants, tables } = inside.value
  findings.push(
    cipher
      ? {
          step: 'tls',
          state: mode === 'preferred' || mode === 'required' ? 'warn' : 'ok',
          what: mode.startsWith('verify') ? 'proven' : 'unproven',
          details: { cipher },
        }
      : { step: 'tls', state: isOwn(host) ? 'ok' : 'warn', what: 'plain' },
    { step: 'login', state: 'ok', what: 'in', details: { version } },
    { step: 'session', state: readOnly ? 'ok' : 'bad', what: readOnly ? 'read_only' : 'writable' },
    grantsFinding(grants),
  )
  const rows = await within((session) => session<[string]>(`select count(*) from (${known.statement}) as counted`))
  findings.push(
    rows.ok
      ? {
          step: 'rows',
          state: Number(rows.value[0]?.[0]) > 0 ? 'ok' : 'warn',
          what: 'counted',
          details: { rows: Number(rows.value[0]?.[0]) },
        }
      : bad('rows', rows.fault.code, rows.fault.what ?? known.wanted),
  )
  return { findings, tables }
}

const STEP_OF: Partial<Record<HrFaultCode, Step>> = {
  tls: 'tls',
  login: 'login',
  host: 'login',
  busy: 'login',
  database: 'database',
  rights: 'database',
  no_answer: 'port',
  port: 'port',
}

const isOwn = (host: string) => /^(?:127\.|::1$|localhost$)/.test(host)

/** MySQL 8 and MariaDB call it differently, and a server refuses to show what it does not know. */
async function isReadOnly(session: Session): Promise<boolean> {
  const lines = await session<[string, string]>(
    `show session variables where variable_name in ('transaction_read_only', 'tx_read_only')`,
  )
  return lines.length > 0 && lines.every(([, value]) => value === 'ON' || value === '1')
}

// Rights that change no data of the company's.
const HARMLESS = /^(?:usage|select|show view|show databases|show_routine|process)$/i

function grantsFinding(grants: readonly string[]): Finding {
  const rights = grants.flatMap((line) => (/^grant (.+?) on /i.exec(line)?.[1] ?? '').replace(/\([^)]*\)/g, '').split(','))
  const more = [...new Set(rights.map((one) => one.trim()).filter((one) => one !== '' && !HARMLESS.test(one)))]
  return more.length === 0
    ? { step: 'grants', state: 'ok', what: 'select_only' }
    : { step: 'grants', state: 'bad', what: 'too_many_rights', details: { rights: more.slice(0, 12).join(', ') } }
}

async function tablesIn(session: Session): Promise<Table[]> {
  const columns = await session<[string, string, string]>(
    `select table_name, column_name, data_type from information_schema.columns
     where table_schema = database() order by table_name, ordinal_position limit ${MOST_TABLES * 50}`,
  )
  return grouped(columns)
}
