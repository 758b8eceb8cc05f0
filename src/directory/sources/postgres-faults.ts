import { codeOf, networkFault, type HrFault, type HrFaultCode } from '../fault.ts'

const BY_STATE: Readonly<Record<string, HrFaultCode>> = {
  '28P01': 'login',
  '28000': 'host',
  '3D000': 'database',
  '42501': 'rights',
  '42P01': 'schema',
  '42703': 'schema',
  '42601': 'schema',
  '3F000': 'schema',
  '57014': 'slow',
  '55P03': 'slow',
  '57P01': 'dropped',
  '57P02': 'dropped',
  '57P03': 'dropped',
  '53300': 'busy',
}

export function postgresFault(error: unknown): HrFault {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const known = typeof code === 'string' ? BY_STATE[code] : undefined
  if (known) return { code: known }
  // The driver gives these no code.
  const said = String(message)
  if (/timeout exceeded when trying to connect|connection timeout/i.test(said)) return { code: 'no_answer' }
  if (/read timeout/i.test(said)) return { code: 'slow' }
  if (/SSL/.test(said)) return { code: 'tls' }
  if (/Connection terminated|ended by server/i.test(said)) return { code: 'dropped' }
  const what = codeOf(error)
  return { code: networkFault(error) ?? 'unknown', ...(what && { what }) }
}
