export const operator = {
  log: {
    operator_notice: 'Aviso al operador: {cause} {subject}',
    operator_unreached: 'No se pudo avisar al operador por {way}',
    clock_stepped: 'El reloj de la máquina saltó {seconds} s',
    forgotten: 'Limpieza nocturna: {rows} filas olvidadas según los plazos de conservación',
  },
  say: {
    causes: {
      parked: 'Un mensaje quedó apartado: no se pudo contestar. Véalo con «centralita parked list».',
      in_doubt: 'No se sabe si un mensaje llegó. Véalo con «centralita outbox list --status in_doubt».',
      token_refused: 'Telegram rechaza el token de un asistente (401). Revise la variable y vuelva a arrancar.',
      second_poller: 'Otro proceso está leyendo el mismo bot de Telegram (409). Pare uno de los dos.',
      poller_stuck: 'El lector de Telegram no avanza.',
      app_silent: 'La aplicación no contesta al lector de Telegram. Telegram olvida los mensajes a las 24 horas.',
      budget_spent: 'Se agotó el presupuesto de hoy.',
      disk_low: 'Queda poco espacio en el disco.',
      database_away: 'La base de datos no contesta. Los mensajes siguen en Telegram y se leerán cuando vuelva.',
      access_asked: 'Alguien pide entrar. Apruébelo con «centralita people approve CÓDIGO».',
      care: 'Una persona que dio su permiso puede estar en peligro. Ya se le mostraron teléfonos de ayuda. Quién es: «centralita care list». Esto no es una guardia.',
    },
    notice: (cause: string, subject: string, details: Record<string, string | number>): string => {
      const more = Object.entries(details).map(([name, value]) => `${name}: ${value}`)
      return [`⚠️ Centralita${subject ? ` (${subject})` : ''}`, cause, ...more].join('\n')
    },
  },
}
