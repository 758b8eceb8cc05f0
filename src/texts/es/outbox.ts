export const outbox = {
  log: {},
  say: {},
}
