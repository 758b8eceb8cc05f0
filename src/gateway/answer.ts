import { wordsIn, type Language, type Words } from '../texts/index.ts'

export type FaultCode = keyof Words['gateway']['say']['faults']
type Headers = Record<string, string>

export type Answer = {
  status: number
  headers: Headers
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
}
/** An answer that says no. It gets its words at the door, in the caller's language. */
export type Fault = { status: number; fault: FaultCode; details?: unknown; headers?: Headers }

export const json = (status: number, value: unknown, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

export const no = (status: number, fault: FaultCode, details?: unknown, headers?: Headers): Fault => ({
  status,
  fault,
  ...(details !== undefined && { details }),
  ...(headers && { headers }),
})

export const isFault = (value: object): value is Fault => 'fault' in value

export const faultBody = ({ fault, details }: Pick<Fault, 'fault' | 'details'>, language: Language) => ({
  error: { code: fault, message: wordsIn(language).gateway.say.faults[fault], ...(details !== undefined && { details }) },
})

export const faultAnswer = (fault: Fault, language: Language): Answer =>
  json(fault.status, faultBody(fault, language), fault.headers)

export const later = (retryAfterMs: number): Headers => ({ 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) })
