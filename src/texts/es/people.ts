export const people = {
  log: {},
  say: {},
}
