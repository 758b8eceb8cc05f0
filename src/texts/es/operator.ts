export const operator = {
  log: {},
  say: {},
}
