export const rehearsal = {
  log: {},
  say: {},
}
