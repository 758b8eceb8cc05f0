export const buttons = {
  log: {},
  say: {
    hour: '+1 h',
    day: 'Mañana a la misma hora',
    undo: 'Deshacer',
    now: (when: string): string => `⏰ Ahora: ${when}`,
    state: { cancelled: '✖ Deshecho', sent: '✔ Ya enviado', expired: '✖ Caducó' } as Record<string, string | undefined>,
    gone: '✖ Ya no está pendiente',
    stale: 'Ese botón ya no vale: lo programado cambió.',
    late: 'Ya era tarde para cambiarlo: acaba de salir o cambió antes.',
    why: {
      moved: 'La persona lo movió.',
      undone: 'La persona lo deshizo.',
    },
  },
}
