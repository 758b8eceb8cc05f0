export const conversations = {
  log: {},
  say: {},
}
