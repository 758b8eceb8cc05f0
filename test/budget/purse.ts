/** What every call holds and costs, and what there is for the day. */
export const CALL = { in: 60, out: 40 }
export const MOST_CALLS = 400
/** Of each process, at once. */
export const SPENDERS = 3
export const PURSE = {
  assistant: 'aegen',
  zone: 'UTC',
  limits: { tokensPersonDay: MOST_CALLS * (CALL.in + CALL.out) },
}
