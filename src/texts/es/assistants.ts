export const assistants = {
  log: {},
  say: {},
}
