export const gateway = {
  log: {},
  say: {},
}
