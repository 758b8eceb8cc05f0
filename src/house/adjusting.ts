import { openSettings, type Settings } from '../assistants/index.ts'

/** What the team adjusted stands from the start, and what is adjusted elsewhere is heard of. */
export async function openAdjusting(options: Parameters<typeof openSettings>[0]): Promise<Settings & { close(): void }> {
  const settings = openSettings(options)
  await settings.refresh()
  const off = options.db.wake.on('settings', () => {
    settings.refresh().catch((error: unknown) => options.log.error('work_failed', { loop: 'settings', error }))
  })
  return { ...settings, close: off }
}
