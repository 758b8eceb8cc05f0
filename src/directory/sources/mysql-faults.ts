import { codeOf, networkFault, type HrFault, type HrFaultCode } from '../fault.ts'

// By number: MySQL's and MariaDB's names differ, their numbers do not.
const BY_NUMBER: Readonly<Record<number, HrFaultCode>> = {
  1040: 'busy',
  1203: 'busy',
  1226: 'busy',
  1129: 'host',
  1130: 'host',
  1045: 'login',
  1698: 'login',
  1251: 'login',
  1820: 'login',
  3118: 'login',
  4151: 'login',
  3159: 'tls',
  1044: 'rights',
  1142: 'rights',
  1143: 'rights',
  1227: 'rights',
  1370: 'rights',
  1049: 'database',
  1054: 'schema',
  1051: 'schema',
  1060: 'schema',
  1064: 'schema',
  1146: 'schema',
  1356: 'schema',
  1205: 'slow',
  1317: 'slow',
  1969: 'slow',
  3024: 'slow',
  1053: 'dropped',
  1927: 'dropped',
  2006: 'dropped',
  2013: 'dropped',
}

export function mysqlFault(error: unknown): HrFault {
  const { errno, code, message } = error as { errno?: unknown; code?: unknown; message?: unknown }
  const known = typeof errno === 'number' && errno > 0 ? BY_NUMBER[errno] : undefined
  if (known) return { code: known }
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') return { code: 'slow' }
  if (code === 'AUTH_SWITCH_PLUGIN_ERROR') return { code: 'login' }
  if (/closed state|Connection lost|Pool is closed/i.test(String(message))) return { code: 'dropped' }
  const what = codeOf(error)
  return { code: networkFault(error) ?? 'unknown', ...(what && { what }) }
}
