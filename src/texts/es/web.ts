export const web = {
  log: {},
  say: { cutHere: '(La respuesta era demasiado larga y se cortó aquí.)' },
}
