/**
 * One message and its answer. The same id goes out again whenever the connection breaks, so that the house answers it once
 * and we hear it. Calls back: delta(text), trouble(kind); resolves with what became of it.
 */
const LONGEST_PAUSE_MS = 15_000

export async function talk({ assistant, id, text, signal }, { delta, trouble }) {
  for (let tries = 0; ; tries++) {
    const told = await once({ assistant, id, text, signal }, delta).catch(() => ({ again: 'reconnecting' }))
    if (signal.aborted) return { stopped: true }
    if (!told.again) return told
    trouble(told.again)
    await pause(told.afterMs ?? Math.min(LONGEST_PAUSE_MS, 700 * 2 ** Math.min(tries, 5)), signal)
  }
}

async function once({ assistant, id, text, signal }, delta) {
  const answer = await fetch(`/api/v1/chat/${encodeURIComponent(assistant)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ text, id }),
    signal,
  })
  if (answer.status === 401) return { signedOut: true }
  if (answer.status === 429 || answer.status >= 500)
    return { again: 'reconnecting', afterMs: Math.min(60, Number(answer.headers.get('retry-after')) || 2) * 1000 }
  if (!answer.ok) return { refused: (await answer.json().catch(() => undefined))?.error?.message ?? String(answer.status) }
  for await (const { event, data } of events(answer.body)) {
    if (event === 'delta') delta(data.text, data.restart)
    else if (event === 'done') return { done: data }
    else if (event === 'error') {
      if (data.code === 'restarting') return { again: 'reconnecting' }
      if (data.code === 'still_working') return { again: 'stillWorking' }
      return { refused: data.message }
    }
  }
  return { again: 'reconnecting' }
}

async function* events(stream) {
  let rest = ''
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + value).split('\n\n')
      rest = parts.pop()
      for (const part of parts) {
        const event = /^event: (.*)$/m.exec(part)?.[1]
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (event && data) yield { event, data: JSON.parse(data) }
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    // Back in reach: no need to wait for the end of the pause.
    window.addEventListener('online', () => (clearTimeout(timer), resolve()), { once: true })
  })
