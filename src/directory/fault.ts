/** Why the source gave no answer. Never carries what a driver said: its words hold users, addresses, and at times data. */
export type HrFault = { code: HrFaultCode; what?: string }

export const HR_FAULTS = [
  'unset',
  'name',
  'port',
  'no_answer',
  'tls',
  'login',
  'host',
  'database',
  'rights',
  'schema',
  'slow',
  'dropped',
  'busy',
  'too_many',
  'file',
  'format',
  'credentials',
  'refused',
  'unknown',
] as const
export type HrFaultCode = (typeof HR_FAULTS)[number]

export type Read<T> = { ok: true; value: T } | { ok: false; fault: HrFault }

export const no = (code: HrFaultCode, what?: string): { ok: false; fault: HrFault } => ({
  ok: false,
  fault: what === undefined ? { code } : { code, what },
})

/** What the network says before any server does. */
export function networkFault(error: unknown): HrFaultCode | undefined {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return undefined
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL') return 'name'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'port'
  if (code === 'ETIMEDOUT') return 'no_answer'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'PROTOCOL_CONNECTION_LOST') return 'dropped'
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HANDSHAKE_|EPROTO)/.test(code)) return 'tls'
  return undefined
}

/** For the unknown ones: a driver's code is a name from a list, and tells nobody's data. */
export const codeOf = (error: unknown): string | undefined => {
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  const name = typeof code === 'string' ? code : typeof errno === 'number' ? String(errno) : ''
  return /^\w{2,40}$/.test(name) ? name : undefined
}
