type Told = { usage?: string; about: string; more?: readonly string[] }

const listed = {
  start: {
    usage: '[proceso…]',
    about: 'Arranca todo en un proceso, o solo estos: app, polling, assistant, outbox.',
    more: [
      'Sin configurar nada usa SQLite en DATA_DIR y contesta en http://127.0.0.1:8000.',
      'Por separado necesitan PostgreSQL (DATABASE_URL); polling no usa base de datos.',
      'Ctrl-C o SIGTERM lo paran tras acabar lo que está a medias (10 s como mucho).',
    ],
  },
  migrate: { about: 'Pone la base de datos al día.', more: ['«start» también lo hace al arrancar.'] },
  check: {
    usage: '[proceso…]',
    about: 'Dice de una vez todo lo que está mal en la configuración y en los asistentes; no arranca nada.',
    more: ['Con --example enseña todas las variables, como en .env.example; con --example --write escribe ese archivo aquí.'],
  },
  doctor: {
    about: 'Mira alrededor: base de datos, Redis, Telegram, modelo, reloj, disco, permisos y el proceso en marcha.',
    more: [
      'Solo mira. Para saber si otro proceso lee el mismo bot espera unos segundos en su cola y, si lo hay, lo interrumpe una vez.',
      'Con --fix arregla lo que no puede hacer daño: los permisos de la carpeta de datos.',
    ],
  },
  talk: {
    usage: '<asistente>',
    about: 'Una conversación en el terminal.',
    more: [
      'Si hay un proceso en marcha, habla con él; si no, abre la casa sin leer Telegram.',
      'Por una tubería, cada línea es un mensaje: echo "hola" | centralita talk aegen',
      'Se sale con /salir, Ctrl-D o Ctrl-C.',
    ],
  },
  trace: {
    usage: '<id>',
    about: 'El camino entero de un mensaje.',
    more: ['Vale in-12 (lo que llegó), out-34 (lo que salió) o telegram:<bot>:<update>.'],
  },
  'parked list': { about: 'Los mensajes que no se pudieron contestar.' },
  'parked show': { usage: '<id>', about: 'Uno de ellos, tal como llegó.' },
  'parked replay': { usage: '<id>', about: 'Lo devuelve a su conversación para que se conteste.' },
  'outbox add': {
    usage: '[JSON]',
    about: 'Programa un mensaje.',
    more: [
      'Con opciones, o con un objeto JSON como el de POST /api/v1/outbox («-» lo lee de la entrada).',
      'Una hora sin zona se toma en la de TZ, y se dice. Sin hora, sale ahora.',
      'Ejemplo: centralita outbox add --assistant aegen --chat 12345 --text "Buenos días" --at "2026-12-01 09:00"',
    ],
  },
  'outbox list': { about: 'Lo que salió o ha de salir, lo más nuevo primero.' },
  'outbox show': { usage: '<id>', about: 'Un mensaje, con el porqué de cada decisión.' },
  'outbox cancel': { usage: '<id>', about: 'Cancela un mensaje que aún espera.' },
  'outbox settle': {
    usage: '<id> sent|not_sent|again',
    about: 'Dice qué fue de un mensaje en duda: llegó, no llegó, o que se mande otra vez.',
  },
  'care list': {
    about: 'A quién no se escribe primero por señales de peligro.',
    more: ['Quién es y qué señal, solo de quien permitió que se le avisara a usted. Las palabras no están en ningún sitio.'],
  },
  'care lift': {
    usage: '<id>',
    about: 'Levanta una de esas pausas: lo que esperaba vuelve a su curso.',
    more: ['La persona también puede, con «/aviso seguir». Si nadie lo hace, termina sola a los 30 días.'],
  },
  'assistants show': {
    usage: '<asistente>',
    about: 'Lo que el equipo puede ajustar de un asistente, su valor y de dónde viene.',
  },
  'assistants set': {
    usage: '<asistente> <ajuste> <valor>',
    about: 'Ajusta algo sin tocar el archivo del asistente.',
    more: [
      'El valor es texto, JSON, o @archivo para leerlo de un archivo. Lo que un grupo de valores no dice queda como en el archivo.',
      'Ejemplo: centralita assistants set aegen limits \'{"maxAnswerChars": 1500}\'',
    ],
  },
  'assistants reset': { usage: '<asistente> <ajuste>', about: 'Devuelve un ajuste a lo que dice el archivo.' },
  'people list': { about: 'Las personas y los grupos conocidos, y a qué asistentes tienen acceso.' },
  'people approve': {
    usage: '<código> | <asistente> <canal:chat>',
    about: 'Deja entrar a una persona y se lo dice.',
    more: ['El código se lo dio el bot a la persona. Ejemplo sin código: centralita people approve aegen telegram:12345'],
  },
  'people deny': { usage: '<asistente> <canal:chat>', about: 'No deja entrar a una persona.' },
  'people invite': { usage: '<asistente>', about: 'Hace una invitación de un solo uso.' },
  validar: {
    usage: 'ccm',
    about: 'Prueba las tres rutas de CCM y los casos negativos en el sistema en marcha, y escribe el informe.',
    more: ['Sin nada no manda ningún mensaje; con --real manda un aviso a los chats de CCM y mira si llegó.'],
  },
  link: { about: 'Un enlace nuevo, de un solo uso, para entrar desde un navegador.' },
  help: { usage: '[orden]', about: 'Esta lista, o todo sobre una orden. «help variables» explica la configuración.' },
  rehearse: { about: 'Ensaya con un Telegram y un modelo fingidos (llega más adelante).' },
  chaos: { about: 'Mata procesos y cuenta lo que se pierde (llega más adelante).' },
  backup: { about: 'Una copia de seguridad que prueba que se puede restaurar (llega más adelante).' },
  restore: { about: 'Vuelve a una copia (llega más adelante).' },
  deploy: { about: 'Lleva una versión a un servidor (llega más adelante).' },
} satisfies Record<string, Told>

const taken = {
  json: { about: 'Salida para programas.' },
  assistant: { takes: 'NOMBRE', about: 'El asistente.' },
  channel: { takes: 'CANAL', about: 'telegram (por defecto) o web.' },
  chat: { takes: 'CHAT', about: 'El chat, como lo nombra su canal.' },
  kind: { takes: 'CLASE', about: 'notice (por defecto al añadir), reminder, proactive; al listar, también reply.' },
  status: { takes: 'ESTADO', about: 'pending, sending, sent, cancelled, failed, in_doubt o expired.' },
  text: { takes: 'TEXTO', about: 'Las palabras.' },
  intent: { takes: 'MOTIVO', about: 'El motivo; las palabras se escriben al salir.' },
  at: { takes: 'HORA', about: 'Cuándo: 2026-12-01T09:00+01:00, o sin zona, en la de TZ.' },
  expires: { takes: 'HORA', about: 'Cuándo deja de tener sentido.' },
  key: { takes: 'CLAVE', about: 'Repetir la misma sustituye al mensaje que aún espera.' },
  label: { takes: 'TEXTO', about: 'Para quién es, para reconocerla luego.' },
  days: { takes: 'DÍAS', about: 'Cuántos días vale (7).' },
  limit: { takes: 'N', about: 'Cuántos como mucho, hasta 200 (50).' },
  from: { takes: 'ID', about: 'Sigue donde acabó la lista anterior.' },
  example: { about: 'Todas las variables, como en .env.example.' },
  write: { about: 'Con --example, escribe .env.example en esta carpeta.' },
  fix: { about: 'Arregla lo que no puede hacer daño.' },
  real: { about: 'Manda de verdad un aviso a los chats de CCM.' },
  'no-probe': { about: 'No busca a otro lector de los bots.' },
}

export const commands = listed as Record<keyof typeof listed, Told>
export const options = taken as Record<keyof typeof taken, { takes?: string; about: string }>
