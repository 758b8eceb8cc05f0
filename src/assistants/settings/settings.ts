import type { Clock, Database, Log } from '../../foundation/index.ts'
import type { Language } from '../../texts/index.ts'
import { adjusted, type Assistant, type SettingName } from '../define.ts'
import type { AssistantTables } from '../tables.ts'

/*
 * What a team adjusts of an assistant without touching its file: rows, each checked by the file's own schema, laid over
 * what the file says. So an upgrade that brings a new file meets nothing of the team's, and taking a row away brings the
 * file's value back. A row that the file of today does not allow any more is left aside and said, never in the way.
 */
export type Setting = { name: SettingName; value: unknown; from: 'file' | 'team'; file: unknown; setAt: number | null }
export type SettingRefused = { refused: 'fixed' | 'invalid'; why: string }

export type SettingsOptions = {
  db: Database
  clock: Clock
  log: Log
  /** As their files say; what is adjusted is put in place here, for everybody who looks them up. */
  assistants: Map<string, Assistant>
  language?: Language
}

export function openSettings({ db, clock, log, assistants, language = 'es' }: SettingsOptions) {
  const q = db.as<AssistantTables>()
  const files = new Map(assistants)
  const told = new Set<string>()
  let turn = Promise.resolve()

  const rowsOf = (assistant?: string) => {
    const all = q.selectFrom('assistant_settings').selectAll().orderBy('assistant').orderBy('name')
    return (assistant === undefined ? all : all.where('assistant', '=', assistant)).execute()
  }

  const lay = async () => {
    const book = new Map([...files].map(([name, file]): [string, Assistant] => [name, file]))
    for (const { assistant, name, value, set_at } of await rowsOf()) {
      const file = book.get(assistant)
      if (!file) continue
      const changed = adjusted(file, name, parsed(value), language)
      if ('refused' in changed) {
        const key = `${assistant}|${name}|${set_at}`
        if (!told.has(key)) log.warn('setting_ignored', { assistant, setting: name, why: changed.why })
        told.add(key)
      } else book.set(assistant, changed)
    }
    for (const [name, assistant] of book) assistants.set(name, assistant)
  }
  /** Reads what was adjusted, here or in another process. One after the other: an older look never covers a newer one. */
  const refresh = (): Promise<void> => (turn = turn.then(lay, lay))

  return {
    refresh,

    async of(assistant: string): Promise<Setting[] | undefined> {
      const file = files.get(assistant)
      if (!file) return undefined
      const rows = new Map((await rowsOf(assistant)).map((row) => [row.name, row]))
      return file.settings.map((name): Setting => {
        const row = rows.get(name)
        const changed = row && adjusted(file, name, parsed(row.value), language)
        if (!row || !changed || 'refused' in changed)
          return { name, value: file[name], from: 'file', file: file[name], setAt: null }
        return { name, value: changed[name], from: 'team', file: file[name], setAt: row.set_at }
      })
    },

    /** `null` brings the file's own value back. */
    async set(assistant: string, name: string, value: unknown): Promise<SettingRefused | undefined> {
      const file = files.get(assistant)
      if (!file) return { refused: 'fixed', why: assistant }
      if (value === null)
        await q.deleteFrom('assistant_settings').where('assistant', '=', assistant).where('name', '=', name).execute()
      else {
        const changed = adjusted(file, name, value, language)
        if ('refused' in changed) return changed
        const row = { assistant, name, value: JSON.stringify(value), set_at: clock.now() }
        await q
          .insertInto('assistant_settings')
          .values(row)
          .onConflict((at) => at.columns(['assistant', 'name']).doUpdateSet({ value: row.value, set_at: row.set_at }))
          .execute()
      }
      log.info('setting_changed', { assistant, setting: name })
      await refresh()
      db.wake.signal('settings')
      return undefined
    },
  }
}

export type Settings = ReturnType<typeof openSettings>

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
