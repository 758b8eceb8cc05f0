export const web = {
  log: {},
  say: {},
}
