// A browser asks for exactly what stands here.
/* oxlint-disable import/extensions */
import { talk } from './talk.js'
import { element, written } from './words.js'
/* oxlint-enable import/extensions */

const REFRESH_MS = 15_000
const words = JSON.parse(document.getElementById('words').textContent)
const [log, notice, form, text, send, choice, offline] = ['log', 'notice', 'form', 'text', 'send', 'assistant', 'offline'].map(
  (id) => document.getElementById(id),
)
let assistants = []
let talking

const kept = {
  get: (name) => JSON.parse(localStorage.getItem(`centralita.${name}`) ?? 'null'),
  set: (name, value) =>
    value === null
      ? localStorage.removeItem(`centralita.${name}`)
      : localStorage.setItem(`centralita.${name}`, JSON.stringify(value)),
}
const pendingName = () => `pending.${choice.value}`
// randomUUID exists on secure origins only; a house on the local network has none.
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function ask(path) {
  const answer = await fetch(path)
  if (answer.status === 401) tell(words.signedOut)
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

function tell(message, retry) {
  notice.replaceChildren(...(message ? [element('span', message)] : []))
  if (!retry) return
  const button = element('button', words.retry)
  button.type = 'button'
  button.addEventListener('click', retry)
  notice.append(button)
}

function bubble({ from, text: content, at, id }) {
  const item = element('li', undefined, `said ${from}`)
  if (from === 'person') item.append(element('span', `${words.you}: `, 'unseen'))
  item.append(from === 'assistant' ? written(content) : content)
  item.words = content
  if (id) name(item, id, at)
  return item
}

/** From now on it is the message that the house knows by this id. */
function name(item, id, at) {
  item.dataset.id = id
  const time = element(
    'time',
    new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }),
  )
  time.dateTime = at
  item.append(time)
}

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80
const toEnd = () => {
  log.scrollTop = log.scrollHeight
}
// Whoever reads further up stays there; whoever is at the end stays at the end, also when a keyboard opens below.
let following = true
log.addEventListener('scroll', () => {
  following = atEnd()
})
new ResizeObserver(() => following && toEnd()).observe(log)

function add(item) {
  log.querySelector('.empty')?.remove()
  log.append(item)
  if (following) toEnd()
}

/** Only what is new is added, so that whoever listens hears it once. */
async function refresh() {
  const of = choice.value
  const { messages } = await ask(`/api/v1/chat/${encodeURIComponent(of)}/history`)
  if (talking || of !== choice.value) return messages
  const known = new Set(messages.map(({ id }) => id))
  for (const item of Array.from(log.children)) if (item.dataset.id && !known.has(item.dataset.id)) item.remove()
  log.querySelector('.empty')?.remove()
  let next = log.firstElementChild
  for (const message of messages) {
    const items = [...log.children]
    let item = items.find(({ dataset }) => dataset.id === message.id)
    if (!item) {
      item = items.find((one) => !one.dataset.id && one.classList.contains(message.from) && one.words === message.text)
      if (item) name(item, message.id, message.at)
      else item = bubble(message)
    }
    if (item === next) next = next.nextElementSibling
    else log.insertBefore(item, next)
  }
  // A preview whose words stand there by now, perhaps in several messages.
  for (const item of log.querySelectorAll('.said.assistant:not([data-id])')) item.remove()
  if (log.childElementCount === 0) log.append(element('li', words.empty, 'empty'))
  if (following) toEnd()
  return messages
}

async function say(pending, { isShown }) {
  const stop = new AbortController()
  talking = stop
  kept.set(pendingName(), pending)
  if (!isShown) add(bubble({ from: 'person', text: pending.text }))
  const answer = element('li', element('span', words.waiting, 'dots'), 'said assistant waiting')
  add(answer)
  log.setAttribute('aria-busy', 'true')
  following = true
  toEnd()
  send.disabled = true
  let heard = ''
  const told = await talk(
    { assistant: choice.value, ...pending, signal: stop.signal },
    {
      delta(more, restart) {
        tell()
        heard = restart ? more : heard + more
        answer.classList.remove('waiting')
        answer.replaceChildren(written(heard))
        if (following) toEnd()
      },
      trouble(kind) {
        heard = ''
        tell(words[kind])
      },
    },
  )
  if (told.stopped) return
  talking = undefined
  send.disabled = false
  log.removeAttribute('aria-busy')
  if (told.signedOut) {
    answer.remove()
    return tell(words.signedOut)
  }
  kept.set(pendingName(), null)
  if (told.done) {
    tell()
    // Answered while the page was away: the history has shown it already.
    if (log.querySelector(`[data-id="${CSS.escape(told.done.id)}"]`)) answer.remove()
    else {
      answer.className = 'said assistant'
      answer.replaceChildren(written(told.done.text))
      answer.words = told.done.text
    }
    if (following) toEnd()
    await refresh().catch(() => {})
  } else {
    answer.remove()
    tell(`${words.failed} ${told.refused}`, () => {
      tell()
      void say({ id: newId(), text: pending.text }, { isShown: true })
    })
  }
}

function submit() {
  const content = text.value
  if (talking || content.trim() === '' || !choice.value) return
  text.value = ''
  tell()
  void say({ id: newId(), text: content }, { isShown: false })
  text.focus()
}

async function choose() {
  talking?.abort()
  talking = undefined
  send.disabled = false
  tell()
  kept.set('assistant', choice.value)
  offline.hidden = assistants.find(({ name }) => name === choice.value)?.brain !== 'offline'
  log.replaceChildren()
  following = true
  const messages = await refresh()
  const pending = kept.get(pendingName())
  if (pending) void say(pending, { isShown: messages.findLast(({ from }) => from === 'person')?.text === pending.text })
}

async function start() {
  ;({ assistants } = await ask('/api/v1/assistants'))
  choice.replaceChildren(...assistants.map(({ name, title }) => new Option(title, name)))
  if (assistants.length === 0) {
    send.disabled = true
    return tell(words.noAssistants)
  }
  const last = kept.get('assistant')
  if (assistants.some(({ name }) => name === last)) choice.value = last
  await choose()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  submit()
})
text.addEventListener('keydown', (event) => {
  // On a phone Enter is a new line: there is a button.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches) return
  event.preventDefault()
  submit()
})
choice.addEventListener('change', () => void choose().catch(() => tell(words.reconnecting)))
setInterval(() => {
  if (!talking && choice.value && document.visibilityState === 'visible') refresh().catch(() => {})
}, REFRESH_MS)

const begin = () => start().catch((error) => error.message !== '401' && tell(words.failed, begin))
void begin()
