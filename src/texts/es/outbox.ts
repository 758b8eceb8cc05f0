export const outbox = {
  log: {
    outbox_sent: 'Enviado {id} ({waited_ms} ms desde su hora)',
    outbox_in_doubt: 'Envío dudoso de {id}: {why}',
    outbox_retry: 'No se pudo enviar {id}, se reintentará: {why}',
    outbox_bot_waits: 'Telegram pide una pausa de {ms} ms a todo el bot de {assistant}',
    outbox_failed: 'No se envió {id}: {why}',
    outbox_decided: 'No sale ahora {id}: {why}',
    outbox_not_settled: 'No se pudo anotar qué fue de un envío ({why}); otro intento en {pause_ms} ms',
    outbox_not_composed: 'No se pudieron redactar las palabras de {id}: {why}',
  },
  say: {},
}
