export const foundation = {
  log: {},
  say: {},
}
