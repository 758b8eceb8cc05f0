import { bad, grouped, reach } from './reach.ts'
import type { HrFaultCode } from '../fault.ts'
import type { Ask, Within } from './postgres.ts'
import { MOST_TABLES, type Finding, type Look, type Step } from './source.ts'

const first = async (ask: Ask, statement: string) => `${(await ask(statement))[0]?.[0] as string}`

type Known = { statement: string; wanted: string }

export async function lookAtPostgres(url: string, within: Within, { statement, wanted }: Known): Promise<Look> {
  const address = URL.parse(url)
  if (!address?.hostname) return { findings: [bad('name', 'unset', 'HR_DATABASE_URL')], tables: [] }
  const { findings, reached } = await reach(address.hostname.replace(/^\[|\]$/g, ''), Number(address.port || 5432))
  if (!reached) return { findings, tables: [] }
  const inside = await within(async (ask) => ({
    tls: await first(ask, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
    version: await first(ask, 'show server_version'),
    readOnly: await first(ask, 'show transaction_read_only'),
    // What this user could change, in tables that hold anything of the company's.
    rights: (
      await ask(`select distinct p.privilege from information_schema.tables t
        cross join (values ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) as p(privilege)
        where t.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
          and has_table_privilege(format('%I.%I', t.table_schema, t.table_name), p.privilege) limit 10`)
    ).flat(),
    columns: await ask(`select table_name, column_name, data_type from information_schema.columns
      where table_schema not in ('pg_catalog', 'information_schema')
      order by table_name, ordinal_position limit ${MOST_TABLES * 50}`),
  }))
  if (!inside.ok)
    return {
      findings: [...findings, bad(STEP_OF[inside.fault.code] ?? 'login', inside.fault.code, inside.fault.what)],
      tables: [],
    }
  const { tls, version, readOnly, rights, columns } = inside.value
  const rows = await within((ask) => ask(`select count(*) from (${statement}) as counted`))
  const counted = rows.ok ? Number(rows.value[0]?.[0]) : 0
  const more: Finding[] = [
    { step: 'tls', state: tls === 't' ? 'ok' : 'warn', what: tls === 't' ? 'encrypted' : 'plain' },
    { step: 'login', state: 'ok', what: 'in', details: { version } },
    { step: 'session', state: readOnly === 'on' ? 'ok' : 'bad', what: readOnly === 'on' ? 'read_only' : 'writable' },
    rights.length === 0
      ? { step: 'grants', state: 'ok', what: 'select_only' }
      : { step: 'grants', state: 'bad', what: 'too_many_rights', details: { rights: rights.join(', ') } },
    rows.ok
      ? { step: 'rows', state: counted > 0 ? 'ok' : 'warn', what: 'counted', details: { rows: counted } }
      : bad('rows', rows.fault.code, rows.fault.what ?? wanted),
  ]
  return { findings: [...findings, ...more], tables: grouped(columns as [string, string, string][]) }
}

const STEP_OF: Partial<Record<HrFaultCode, Step>> = { tls: 'tls', database: 'database', rights: 'database' }
