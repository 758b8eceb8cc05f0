import assert from 'node:assert/strict'
import test from 'node:test'
import { openPreviews, type Preview } from './previews.ts'

test('TURN21 · who saw words of an answer that begins anew is told to forget them, and nobody else is', () => {
  const previews = openPreviews()
  const seen: Record<string, string[]> = {}
  const watch = (name: string) =>
    previews.watch('clave', (preview: Preview) => {
      const list = (seen[name] ??= [])
      list.push(preview.type === 'delta' ? preview.text : preview.type)
    })
  const show = (preview: Preview) => previews.show(['clave', 'otra'], preview)

  const off = watch('from the start')
  assert.ok(show({ type: 'restart' }))
  show({ type: 'delta', text: 'uno ' })
  watch('later')
  show({ type: 'restart' })
  show({ type: 'restart' })
  show({ type: 'delta', text: 'dos' })
  off()
  show({ type: 'restart' })
  show({ type: 'closed', texts: ['tres'], correlation: 'clave' })

  assert.deepEqual(seen, {
    'from the start': ['uno ', 'restart', 'dos'],
    later: ['dos', 'restart', 'closed'],
  })
})
