export const cli = {
  log: {},
  say: {},
}
