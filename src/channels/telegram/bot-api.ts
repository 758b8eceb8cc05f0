import { CouldNotAsk, Misconfigured, Refused, type Clock } from '../../foundation/index.ts'
import { wordsIn, type Language } from '../../texts/index.ts'
import { readCapped } from '../capped.ts'
import { numberIn, recordIn, textIn } from '../hostile.ts'

/**
 * One bot's line to a Bot API server. It answers, is refused (`Refused`, code `telegram_<number>`), or could not be asked
 * (`CouldNotAsk`): `reached: 'no'` only where the request provably never left or the answer says that it was not carried
 * out; a time-out, a cut, a 5xx or an unreadable 200 may all follow a message that was delivered, so they are 'unknown'.
 *
 * The token is part of every address, and the errors of `fetch` carry addresses: none of them leaves this file, neither
 * as it is nor as a cause, and what Telegram says is searched for the token before it is shown.
 */
export type BotApi = {
  /** The number before the colon of the token; Telegram gives it as the bot's user id. */
  readonly botId: string
  ask(method: string, params?: Record<string, unknown>, options?: AskOptions): Promise<Answer>
  /** The bytes behind a `file_path`. The address holds the token: it is never given out. */
  download(filePath: string, options: AskOptions & { maxBytes: number }): Promise<ReadableStream<Uint8Array>>
  /** A text of the outside without this bot's token. */
  scrub(text: string): string
}
export type AskOptions = { timeoutMs?: number; signal?: AbortSignal; maxBytes?: number }
export type Answer = {
  result: unknown
  /** The server's own time, epoch ms, when it said so. */
  date: number | null
}

// Longer than the 10 s after which fetch gives up connecting, so that an unreachable server is told from a slow answer.
const ASK_TIMEOUT_MS = 30_000
const ANSWER_MAX_BYTES = 1024 * 1024
const TOKEN_SHAPE = /^(\d{1,20}):[A-Za-z0-9_-]{3,200}$/
const WORDS_MAX = 300

export type BotApiOptions = { clock: Clock; apiRoot: string; token: string; language?: Language | undefined }

export function openBotApi({ clock, apiRoot, token, language = 'es' }: BotApiOptions): BotApi {
  const botId = TOKEN_SHAPE.exec(token)?.[1]
  if (!botId) throw new Misconfigured([wordsIn(language).telegram.say.tokenShape])
  if (!/^https?:\/\/[^@]+$/.test(apiRoot) || !URL.canParse(apiRoot))
    throw new Misconfigured([wordsIn(language).telegram.say.apiRootShape])
  const root = apiRoot.replace(/\/+$/, '')
  const secret = token.slice(botId.length + 1)
  const scrub = (text: string) => text.replaceAll(token, '…').replaceAll(encodeURIComponent(token), '…').replaceAll(secret, '…')

  const request = async (
    what: string,
    url: string,
    body: string | undefined,
    { timeoutMs = ASK_TIMEOUT_MS, signal }: AskOptions,
  ) => {
    if (signal?.aborted) throw new CouldNotAsk(`${what}: stopped`, 'no')
    const giveUp = new AbortController()
    const end = new AbortController()
    const stop = () => giveUp.abort()
    signal?.addEventListener('abort', stop, { once: true })
    void clock.sleep(timeoutMs, end.signal).then(stop)
    const done = () => {
      end.abort()
      signal?.removeEventListener('abort', stop)
    }
    const fail = (error: unknown) => {
      done()
      if (giveUp.signal.aborted)
        return new CouldNotAsk(`${what}: ${signal?.aborted ? 'stopped' : 'no answer in time'}`, 'unknown')
      const { code, reached } = whatHappened(error)
      return new CouldNotAsk(`${what}: ${code}`, reached)
    }
    try {
      const response = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
        redirect: 'manual',
        signal: giveUp.signal,
      })
      return { response, done, fail }
    } catch (error) {
      throw fail(error)
    }
  }

  return {
    botId,
    scrub,
    async ask(method, params = {}, options = {}) {
      const { response, done, fail } = await request(method, `${root}/bot${token}/${method}`, JSON.stringify(params), options)
      const date = Date.parse(response.headers.get('date') ?? '')
      let text: string
      try {
        text = await readCapped(response.body, options.maxBytes ?? ANSWER_MAX_BYTES)
      } catch (error) {
        const failure = fail(error)
        const { status } = response
        throw status >= 300 && status < 500 ? new CouldNotAsk(`${method}: HTTP ${status}, unreadable`, 'no') : failure
      }
      done()
      const answer = parsed(text)
      if (answer?.['ok'] === true && response.ok && 'result' in answer) {
        return { result: answer['result'], date: Number.isNaN(date) ? null : date }
      }
      throw refusalIn(method, response.status, answer, scrub)
    },
    async download(filePath, options) {
      const safe = filePath.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
      if (!safe) throw new Refused('telegram_file', 'the file has an unusable path')
      const path = filePath.split('/').map(encodeURIComponent).join('/')
      const { response, done, fail } = await request('file', `${root}/file/bot${token}/${path}`, undefined, options)
      if (!response.ok || !response.body) {
        done()
        await response.body?.cancel().catch(() => {})
        throw response.status >= 500
          ? new CouldNotAsk(`file: HTTP ${response.status}`, 'unknown')
          : new Refused('telegram_file', `file: HTTP ${response.status}`, { status: response.status })
      }
      return capStream(response.body, options.maxBytes, done, fail)
    },
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return recordIn(JSON.parse(text))
  } catch {
    return undefined
  }
}

function refusalIn(method: string, status: number, answer: Record<string, unknown> | undefined, scrub: (text: string) => string) {
  const code = numberIn(answer?.['error_code']) ?? status
  if (code >= 500 || status >= 500) return new CouldNotAsk(`${method}: HTTP ${status}`, 'unknown')
  // A page of some gateway in between, with a status that says "not carried out". It is not Telegram's word: a 403 of a
  // proxy must not mark a person as gone.
  if (answer?.['ok'] !== false)
    return new CouldNotAsk(`${method}: HTTP ${status}, not an answer of the Bot API`, status < 300 ? 'unknown' : 'no')
  const parameters = recordIn(answer['parameters'])
  const seconds = numberIn(parameters?.['retry_after'])
  const movedTo = numberIn(parameters?.['migrate_to_chat_id'])
  const words = scrub(textIn(answer['description']) ?? '').slice(0, WORDS_MAX)
  return new Refused(`telegram_${code}`, words || `${method}: ${code}`, {
    status: code,
    ...(seconds !== undefined && seconds > 0 && { retryAfterMs: seconds * 1000 }),
    details: { method, ...(movedTo !== undefined && { migrate_to_chat_id: movedTo }) },
  })
}

const AT_CONNECT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'EADDRNOTAVAIL'])
const BEFORE_THE_REQUEST =
  /^(ENOTFOUND|EAI_[A-Z]+|UND_ERR_CONNECT_TIMEOUT|CERT_[A-Z_]+|ERR_TLS_CERT_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+|ERR_SSL_WRONG_VERSION_NUMBER)$/

type Cause = { code?: unknown; syscall?: unknown; message?: unknown; errors?: unknown }

/** Only the code of the fault leaves, never its message. */
function whatHappened(error: unknown): { code: string; reached: 'no' | 'unknown' } {
  if (error instanceof CouldNotAsk) return { code: error.message, reached: error.reached }
  const cause = ((error as Error | undefined)?.cause ?? {}) as Cause
  const code = typeof cause.code === 'string' ? cause.code : 'network fault'
  const tries = Array.isArray(cause.errors) && cause.errors.length > 0 ? (cause.errors as Cause[]) : [cause]
  const atConnect = tries.every((one) => one.syscall === 'connect' && AT_CONNECT.has(String(one.code)))
  const handshake = String(cause.message).includes('before secure TLS connection was established') || cause.message === 'bad port'
  return { code, reached: atConnect || handshake || BEFORE_THE_REQUEST.test(code) ? 'no' : 'unknown' }
}

function capStream(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  done: () => void,
  fail: (error: unknown) => CouldNotAsk,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let size = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done: ended } = await reader.read()
        if (ended) {
          done()
          return controller.close()
        }
        size += value.byteLength
        if (size <= maxBytes) return controller.enqueue(value)
      } catch (error) {
        return controller.error(fail(error))
      }
      done()
      await reader.cancel().catch(() => {})
      controller.error(new Refused('too_large', `more than ${maxBytes} bytes`))
    },
    async cancel() {
      done()
      await reader.cancel().catch(() => {})
    },
  })
}
