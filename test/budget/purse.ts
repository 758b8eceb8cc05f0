/** What every call holds and costs, and what there is for the day. */
export const CALL = { in: 60, out: 40 }
export const MOST_CALLS = 400
export const PURSE = {
  assistant: 'aegen',
  zone: 'UTC',
  limits: { tokensPersonDay: MOST_CALLS * (CALL.in + CALL.out) },
}
