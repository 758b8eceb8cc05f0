/** They answered, and the answer was no. */
export class Refused extends Error {
  readonly code: string
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly details: Readonly<Record<string, unknown>>
  constructor(
    code: string,
    message: string,
    more: { status?: number; retryAfterMs?: number; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'Refused'
    this.code = code
    this.status = more.status
    this.retryAfterMs = more.retryAfterMs
    this.details = more.details ?? {}
  }
}

/** We got no usable answer. `reached: 'no'` proves that the request never left; 'unknown' means that it may have been carried out. */
export class CouldNotAsk extends Error {
  readonly reached: 'no' | 'unknown'
  constructor(message: string, reached: 'no' | 'unknown', cause?: unknown) {
    super(message, { cause })
    this.name = 'CouldNotAsk'
    this.reached = reached
  }
}

/** A fault in what the operator wrote (configuration, an assistant's file). Shown as it is, without a stack. */
export class Misconfigured extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.name = 'Misconfigured'
    this.faults = faults
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
