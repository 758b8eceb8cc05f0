export const telegram = {
  log: {},
  say: {},
}
