const parked: Record<string, string> = {
  not_json: 'no es JSON',
  not_an_update: 'no es una actualización de Telegram',
  stub: 'la aplicación rechazó la actualización y aquí queda solo su número',
  no_message: 'sin mensaje',
  no_message_id: 'mensaje sin número',
  no_chat: 'sin chat',
  channel_post: 'publicación de un canal: aquí solo se conversa con personas y grupos',
  press_without_message: 'botón pulsado sin mensaje',
  press_without_data: 'botón pulsado sin datos',
  unknown_membership: 'cambio de pertenencia que no se entiende',
  unknown_update: 'clase de actualización desconocida',
}
const inReceipts: Record<string, string> = {
  blocked: 'la persona bloqueó al bot',
  deactivated: 'la cuenta de la persona ya no existe',
  never_started: 'la persona nunca inició el chat con el bot',
  removed_from_chat: 'el bot ya no está en el grupo',
  chat_not_found: 'Telegram no conoce ese chat',
  chat_moved: 'el grupo cambió de número',
  is_a_bot: 'el destinatario es un bot',
  topic_closed: 'el tema está cerrado o borrado',
  not_allowed_to_write: 'el bot no tiene permiso para escribir ahí',
  too_long: 'el texto es demasiado largo',
  empty: 'el texto está vacío',
  button_data_too_long: 'un botón lleva más de 64 bytes de datos',
  rate_limited: 'Telegram pide esperar',
  token_refused: 'Telegram rechaza el token del bot',
  no_token: 'el asistente no tiene token de Telegram',
  unreachable: 'no se pudo llegar a Telegram',
  unclear: 'no se sabe si Telegram lo entregó',
}

export const telegram = {
  log: {
    telegram_markup_refused: 'Telegram no aceptó el formato del mensaje {outgoing}; va como texto simple',
    telegram_token_refused:
      'Telegram rechaza el token de {assistant} (bot {bot}): revíselo con @BotFather y cámbielo en la configuración',
    telegram_unreachable: 'No se pudo llegar a Telegram para {assistant} (bot {bot}): {said}',
    telegram_not_a_bot: 'Lo que contesta en TELEGRAM_API_ROOT para {assistant} no parece el bot {bot}: {said}',
    telegram_introduced: '{assistant} atiende en Telegram como @{username}: {link}',
    telegram_commands_not_set: 'No se pudo publicar el menú de órdenes del bot {bot} ({language})',
    telegram_webhook_removed:
      'El bot {bot} tenía un webhook hacia {host}; se quitó para poder sondear. Nada de lo pendiente ({pending}) se descartó',
    telegram_webhook_set: 'Telegram entregará por webhook lo de {assistant} (bot {bot})',
    telegram_press_not_acknowledged: 'No se pudo apagar el reloj de un botón de {assistant}',
    poller_without_token: 'No hay token de Telegram: el sondeo queda en reposo, sin error',
    poller_polling: 'Sondeando Telegram para {assistant} (bot {bot})',
    poll_failed: 'El sondeo de {assistant} falló ({failures} seguidos); se reintenta',
    poll_rate_limited: 'Telegram pide a {assistant} esperar {afterMs} ms para sondear',
    poll_refused: 'Telegram rechaza el sondeo de {assistant}: {said}',
    poll_conflict_other_poller: 'Otro proceso sondea con el mismo token de {assistant}: deje solo uno. Se reintenta despacio',
    poll_conflict_webhook_set:
      'El bot de {assistant} tiene un webhook puesto: mientras exista no se puede sondear. Quítelo o use TELEGRAM_MODE=webhook',
    poll_conflict_webhook_being_set: 'Alguien acaba de poner un webhook al bot de {assistant} mientras se sondeaba',
    update_without_id:
      'Telegram mandó algo sin número de actualización usable para {assistant}; no se puede confirmar ni guardar',
    app_away:
      'La aplicación no tomó la actualización ({why}); van {failures} intentos, {held} en mano. No se pide más a Telegram',
    app_back: 'La aplicación volvió tras {seconds} s; se entregan las {held} actualizaciones en mano',
    app_silent:
      'La aplicación lleva {hours} h sin tomar las actualizaciones de {assistant} ({held} en mano). Telegram las olvida a las 24 h',
    forward_broke: 'Error propio al entregar una actualización a la aplicación',
    update_refused: 'La aplicación rechazó una actualización ({status}); va solo su número, que quedará apartado. Huella {hash}',
    stub_refused:
      'La aplicación rechaza hasta el número de la actualización ({status}, intento {tries}): ¿es otra la que contesta en LOCAL_API_URL?',
    update_given_up: 'Se abandona una actualización que la aplicación rechaza una y otra vez. Huella {hash}',
  },
  say: {
    startCommand: 'Empezar a conversar',
    cutHere: '(La respuesta era demasiado larga y se cortó aquí.)',
    sharedToken: (assistant: string) => `el token de Telegram de «${assistant}» está repetido: cada asistente necesita el suyo`,
    tokenShape: 'un token de Telegram tiene la forma 123456:ABC-def',
    apiRootShape: 'TELEGRAM_API_ROOT debe ser una dirección http(s) completa',
    notUnderstood: (reason: string) => parked[reason] ?? `clase de actualización que no se atiende (${reason})`,
    notSent: (reason: string) => inReceipts[reason] ?? reason,
    finding: {
      token_refused: (bot: string) => `Telegram rechaza el token del bot ${bot}: pida uno nuevo a @BotFather`,
      unreachable: (bot: string, said: string) => `no se pudo llegar a Telegram para el bot ${bot} (${said})`,
      webhook_left_set: (bot: string, host: string) =>
        `el bot ${bot} tiene un webhook puesto hacia ${host}: no recibirá nada por sondeo`,
      webhook_missing: (bot: string) => `el bot ${bot} no tiene webhook puesto, y TELEGRAM_MODE es webhook`,
      webhook_error: (bot: string, said: string) => `el último envío de Telegram al webhook del bot ${bot} falló: ${said}`,
      second_poller: (bot: string) => `otro proceso sondea con el token del bot ${bot}: deje solo uno`,
      probe_unclear: (bot: string) => `el bot ${bot} tiene mensajes esperando, así que no se pudo ver si otro proceso sondea`,
      wrong_clock: (seconds: number) =>
        `el reloj de esta máquina va ${Math.abs(seconds)} s ${seconds > 0 ? 'adelantado' : 'atrasado'} respecto al de Telegram`,
      pending: (bot: string, count: number) =>
        count === 1
          ? `un mensaje espera en Telegram para el bot ${bot}`
          : `${count} mensajes esperan en Telegram para el bot ${bot}`,
    },
  },
}
