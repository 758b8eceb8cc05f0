type Found = { step: string; state: 'ok' | 'warn' | 'bad'; what: string; details?: Readonly<Record<string, string | number>> }

const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`
const inArea = (area: string | null) => (area === null ? '' : ` en ${area}`)

const faults = {
  unset: (what: string) => `Falta ${what || 'HR_DATABASE_URL'}: nadie ha dicho dónde están las personas.`,
  name: (what: string) =>
    `El nombre del servidor${what && ` (${what})`} no existe o no se puede averiguar. Revise HR_DATABASE_URL y el DNS del contenedor.`,
  port: (what: string) =>
    `Nadie escucha en ese puerto${what && ` (${what})`}, o un cortafuegos lo rechaza. Revise el puerto de HR_DATABASE_URL, bind-address y el cortafuegos.`,
  no_answer: () =>
    'El servidor no contesta: suele ser un cortafuegos que calla, o un túnel caído. Revise que esta máquina pueda llegar.',
  tls: (what: string) =>
    `No se pudo cifrar la conexión${what && ` (${what})`}. Revise ssl-mode y ssl-ca en HR_DATABASE_URL, y a qué nombre está el certificado.`,
  login: () => 'El servidor no acepta el usuario o la contraseña de HR_DATABASE_URL.',
  host: () => 'El servidor no deja entrar a ese usuario desde esta dirección. Revise el «@…» con el que se creó el usuario.',
  database: () => 'La base de datos que nombra HR_DATABASE_URL no existe.',
  rights: (what: string) =>
    `El usuario no puede leer${what ? ` ${what}` : ' esa tabla'}. Le basta GRANT SELECT sobre la tabla de personas.`,
  schema: (what: string) =>
    `La tabla o alguna columna no existe: ${what}. Revise las líneas «people» de assistants/ccm.ts; «centralita doctor hr» propone otras.`,
  slow: () => 'La base de personas tardó más de 2 s y se dejó de esperar. Puede estar bloqueada o sobrecargada.',
  dropped: () => 'La base de personas cortó la conexión a la mitad.',
  busy: () => 'La base de personas no admite más conexiones ahora mismo.',
  too_many: (what: string) =>
    `Hay más filas de las que se leen${what && ` (${what})`}: no se usa una lista incompleta. Use una consulta que las reduzca.`,
  file: (what: string) => `No se puede leer el archivo ${what}. Revise que exista y que el contenedor lo tenga montado.`,
  format: (what: string) =>
    `El archivo no se entiende (${what}). Tiene que ser .csv o .xlsx, con los nombres de las columnas en la primera fila.`,
  credentials: () => 'Google no acepta las credenciales. Revise GOOGLE_APPLICATION_CREDENTIALS.',
  refused: (what: string) => `El servicio contestó que no (${what}).`,
  unknown: (what: string) => `La base de personas falló${what && ` (${what})`}.`,
}

export const directory = {
  log: {
    directory_read: 'Se leyeron {people} personas en {ms} ms',
    directory_away: 'La base de personas no está disponible: {code}',
    directory_none: 'Sin base de personas ({what}): no hay avisos de ingresos ni de cumpleaños',
    directory_back: 'La base de personas está disponible otra vez',
    directory_not_kept: 'No se pudo guardar en la memoria volátil la lista de personas',
    directory_told: '{what}: {messages} mensajes en cola ({ms} ms)',
    directory_notice_queued: 'El aviso «{notice}» de hoy quedó en cola: {messages} mensajes',
    directory_notice_missed: 'El aviso «{notice}» de hoy no pudo salir dentro de su plazo',
  },
  say: {
    locale: 'es' as 'es' | 'en',
    titles: {
      birthdays: (range: string) => `🎂 Cumpleaños: ${range}`,
      hires: (range: string) => `👋 Nuevos ingresos: ${range}`,
    },
    range: (from: string, to: string) => `del ${from} al ${to}`,
    today: (date: string) => `Hoy, ${date}`,
    tomorrow: (date: string) => `Mañana, ${date}`,
    person: (name: string, area: string | null, onTheDay: string | null) =>
      `• ${name}${area === null ? '' : ` · ${area}`}${onTheDay === null ? '' : ` (el ${onTheDay})`}`,
    part: (n: number, of: number) => `(${n} de ${of})`,
    continued: (day: string) => `${day} (sigue)`,
    noRoom: (count: number) => `… y ${many(count, 'persona más', 'personas más')}.`,
    old: (age: string) => `ℹ️ Según los datos de hace ${age}: ahora la base de personas no contesta.`,
    age: (ms: number) =>
      ms < 3_600_000
        ? many(Math.max(1, Math.round(ms / 60_000)), 'minuto', 'minutos')
        : many(Math.round(ms / 3_600_000), 'hora', 'horas'),
    none: {
      birthdays: (range: string, area: string | null) => `Nadie cumple años${inArea(area)} (${range}).`,
      hires: (range: string, area: string | null) => `No entra nadie${inArea(area)} (${range}).`,
    },
    noMatch: (name: string) => `No encuentro a nadie que se llame «${name}» en esas fechas.`,
    birthdayOf: (name: string, date: string) => `${name} cumple años el ${date}.`,
    hireOf: (name: string, date: string) => `${name} entra el ${date}.`,
    levels: {
      info: (text: string) => `ℹ️ ${text}`,
      aviso: (text: string) => `⚠️ ${text}`,
      urgente: (text: string) => `🚨 URGENTE\n${text}`,
    },
    examples: { birthdays: '¿quién cumple años esta semana?', hires: '¿quién entra el lunes?' },
    notAllowed: 'Lo siento: esta pregunta solo la puedo contestar en los chats autorizados. Pídelo a quien lleva este asistente.',
    unavailable: 'Ahora mismo no puedo consultar la lista de personas. Inténtalo dentro de un rato.',
    faults,
    findings: ({ step, what, details = {} }: Found): string => {
      const more = String(details['what'] ?? '')
      if (what in faults) return faults[what as keyof typeof faults](more)
      const said: Record<string, string> = {
        'name:found': `Nombre: ${details['host']} es ${details['address']}`,
        'port:open': `Puerto: el ${details['port']} contesta`,
        'tls:proven': `TLS: cifrado y con el certificado comprobado (${details['cipher']})`,
        'tls:unproven': `TLS: cifrado, pero sin comprobar quién contesta (${details['cipher']}). Ponga ssl-ca=/ruta/ca.pem en HR_DATABASE_URL`,
        'tls:encrypted': 'TLS: cifrado',
        'tls:plain': 'TLS: sin cifrar; vale en la misma máquina o por un túnel, en otra red no',
        'login:in': `Acceso: dentro (${details['version']})`,
        'session:read_only': 'Sesión: solo lectura',
        'session:writable': 'Sesión: el servidor no la deja en solo lectura; la protegen solo los permisos',
        'grants:select_only': 'Permisos: solo lectura',
        'grants:too_many_rights': `Permisos: el usuario puede más que leer (${details['rights']}). Cree uno que solo tenga SELECT`,
        'rows:counted': `Filas: se leen ${details['rows']}`,
        'file:found': `Archivo: ${details['file']}`,
      }
      return said[`${step}:${what}`] ?? `${step}: ${what} ${more}`.trim()
    },
    proposed: (table: string) =>
      `Por los nombres de las columnas, la tabla parece ser «${table}». Estas líneas irían en assistants/ccm.ts:`,
    nothingProposed:
      'Ninguna tabla parece una lista de personas con fechas. Escriba las líneas «people» a mano, o una consulta («query»).',
    validation: {
      title: 'Validación de CCM',
      mode: { dry: 'Simulado: no se envía nada (con --real se manda un aviso de verdad)', real: 'Con un envío de verdad' },
      checks: {
        health: 'Salud, parte por parte',
        hires: '/telegram/proximos-ingresos',
        birthdays: '/telegram/proximos-cumpleanos',
        alert: '/telegram/alerta',
        previews: 'Vista previa con GET',
        without_key: 'Sin clave no entra nadie',
        bad_days: 'Días imposibles',
        bad_chat: 'Un chat que no es un chat (inyección)',
        bad_json: 'JSON a medias',
        unknown_field: 'Un campo que no existe',
        injection: 'SQL y HTML en el texto: solo texto',
        real_alert: 'Envío de verdad a los chats de CCM',
      },
      answered: (status: number, ms: number) => `contestó ${status} en ${ms} ms`,
      expected: (status: string) => `se esperaba ${status}`,
      nobodyAnswers: 'nadie contesta: ¿está en marcha? (centralita start)',
      people: (count: number, skipped: number) =>
        `${many(count, 'persona', 'personas')}, ${many(skipped, 'omitida', 'omitidas')}`,
      age: (seconds: number) => `datos de hace ${seconds} s`,
      stale: (seconds: number) => `la base no contesta; se usaron los datos de hace ${seconds} s`,
      noChat: 'no hay chat: ponga CCM_CHAT_IDS',
      unavailable: (why: string, check: string) => `sin base de personas (${why}): ${check}`,
      sent: (id: string, status: string) => `${id}: ${status === 'sent' ? 'entregado' : status}`,
      part: (name: string, state: string, why: string) => `${name}: ${state}${why && ` (${why})`}`,
      summary: (ok: number, warn: number, info: number) => `✅ ${ok} · ⚠️ ${warn} · ℹ️ ${info}`,
    },
  },
}
