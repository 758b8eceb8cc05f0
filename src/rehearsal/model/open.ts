import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/index.ts'
import { openFaults } from '../faults.ts'
import { send, sendJson } from '../http/answer.ts'
import { BodyNotUnderstood, BodyTooLarge, parseForm, readBody, type Form, type Upload } from '../http/body.ts'
import { openListener } from '../http/listener.ts'
import { seededRandom } from '../random.ts'
import { asBase64, embed } from './embedding.ts'
import { asChat, faultIn, type MessagesRequest } from './anthropic.ts'
import { complainIn, keyShown, understood, type Complain, type Dialect, type ModelMethod } from './dialect.ts'
import { imageFault } from './images.ts'
import { BEFORE, HALF, strikeBefore, WRONG, wrongAnswer, type ModelFault, type ModelFaults } from './model-faults.ts'
import { echo, fullAnswer, type ChatRequest, type ModelAnswer, type ModelScript } from './script.ts'
import { speakMessage, speakMessageStream } from './speaking-anthropic.ts'
import { speakStream, speakWhole } from './speaking.ts'

export type ModelCall = {
  n: number
  at: number
  method: ModelMethod
  dialect: Dialect
  /** As it came, in its own dialect. */
  body: Record<string, unknown>
  /** `open` while it is being answered; `cut` when no whole answer left, by a fault or because the caller hung up. */
  outcome: 'open' | 'whole' | 'cut' | number
  hungUp: boolean
  fault: ModelFault | undefined
}

export type FakeModel = {
  /** With `/v1`: what goes into LLM_BASE_URL, of servers compatible with OpenAI and of Anthropic. */
  readonly url: string
  /** The same, of an Azure resource. */
  readonly azureUrl: string
  readonly port: number
  readonly faults: ModelFaults
  readonly calls: readonly ModelCall[]
  /** Answers the next chat calls, in this order, before the script is asked again. */
  next(...answers: ModelAnswer[]): void
  script(script: ModelScript): void
  outage(ms?: number): Promise<void>
  recover(): Promise<void>
  close(): Promise<void>
}

export type FakeModelOptions = {
  clock: Clock
  host?: string
  port?: number
  seed?: number
  /** Asked when nothing is queued. By default it echoes. */
  script?: ModelScript
  models?: string[]
  /** Without it any key, or none, is good. */
  apiKey?: string
  dimensions?: number
  /** What is heard in a sound. By default the bytes read as text, so that a test can "say" something in a voice note. */
  hear?: (file: Upload) => string | Promise<string>
}

const MOST_BODY_BYTES = 32 * 1024 * 1024
const CALLS_KEPT = 20_000
export async function openFakeModel(options: FakeModelOptions): Promise<FakeModel> {
  const { clock, host = '127.0.0.1', models = ['rehearsal'], apiKey, dimensions = 256 } = options
  const hear = options.hear ?? ((file: Upload) => Buffer.from(file.bytes).toString('utf8'))
  const faults = openFaults<ModelFault>(seededRandom(options.seed ?? 1))
  const calls: ModelCall[] = []
  const queue: ModelAnswer[] = []
  const closing = new AbortController()
  let script = options.script ?? echo
  let count = 0
  const seconds = () => Math.floor(clock.now() / 1000)

  const chat = async (
    res: ServerResponse,
    call: ModelCall,
    request: ChatRequest,
    gone: AbortSignal,
  ): Promise<ModelCall['outcome']> => {
    const modelError = complainIn[call.dialect]
    if (!Array.isArray(request.messages) || request.messages.length === 0) {
      modelError(res, 400, "'messages' must be a list that is not empty", 'invalid_request')
      return 400
    }
    const unseen = imageFault(request.messages)
    if (unseen) {
      modelError(res, 400, unseen, 'invalid_image')
      return 400
    }
    const wrong = faults.strike(WRONG, { method: 'chat' })
    const said = (wrong && wrongAnswer(wrong.kind, request)) ?? queue.shift() ?? (await script(request, call.n))
    const half = faults.strike(HALF, { method: 'chat' })
    call.fault ??= wrong?.kind ?? half?.kind
    const answer = fullAnswer(said, request, call.n)
    const speech = { res, request, answer, id: `chatcmpl-${call.n}`, created: seconds(), clock, gone }
    if (call.dialect === 'anthropic')
      return request.stream === true ? speakMessageStream(speech, half) : speakMessage(speech, half)
    return request.stream === true ? speakStream(speech, half) : speakWhole(speech, half)
  }

  const embeddings = (res: ServerResponse, { body }: ModelCall) => {
    const input = typeof body['input'] === 'string' ? [body['input']] : body['input']
    if (!Array.isArray(input) || !input.every((i) => typeof i === 'string')) {
      complainIn.openai(res, 400, "'input' must be a text or a list of texts", 'invalid_request')
      return 400
    }
    const wanted = typeof body['dimensions'] === 'number' ? Math.min(4096, Math.max(1, body['dimensions'])) : dimensions
    const data = input.map((text, index) => {
      const vector = embed(text, wanted)
      return { object: 'embedding', index, embedding: body['encoding_format'] === 'base64' ? asBase64(vector) : vector }
    })
    const prompt_tokens = Math.ceil(input.join('').length / 4)
    sendJson(res, 200, { object: 'list', model: body['model'], data, usage: { prompt_tokens, total_tokens: prompt_tokens } })
    return 200
  }

  const transcriptions = async (res: ServerResponse, { body }: ModelCall, { uploads }: Form) => {
    const file = uploads['file']
    if (!file) {
      complainIn.openai(res, 400, "'file' is required", 'invalid_request')
      return 400
    }
    const text = await hear(file)
    if (body['response_format'] === 'text') send(res, 200, `${text}\n`, { 'content-type': 'text/plain; charset=utf-8' })
    else
      sendJson(
        res,
        200,
        body['response_format'] === 'verbose_json'
          ? { task: 'transcribe', language: 'es', duration: 1, text, segments: [] }
          : { text },
      )
    return 200
  }

  const answer = async (res: ServerResponse, call: ModelCall, form: Form, gone: AbortSignal): Promise<ModelCall['outcome']> => {
    const fault = faults.strike(BEFORE, { method: call.method })
    call.fault = fault?.kind
    const struck = await strikeBefore(fault, res, clock, gone, complainIn[call.dialect])
    if (struck) return res.headersSent ? res.statusCode : 'cut'
    if (call.method === 'chat') {
      const { body, dialect } = call
      return chat(res, call, dialect === 'anthropic' ? asChat(body as MessagesRequest) : (body as ChatRequest), gone)
    }
    if (call.method === 'embeddings') return embeddings(res, call)
    if (call.method === 'transcriptions') return transcriptions(res, call, form)
    sendJson(res, 200, {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created: seconds(), owned_by: 'rehearsal' })),
    })
    return 200
  }

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const gone = new AbortController()
    const url = new URL(req.url ?? '/', 'http://model')
    const spoken = understood(`${req.method} ${url.pathname}`, url.searchParams, req.headers)
    if (!spoken) return complainIn.openai(res, 404, `Unknown request URL: ${req.method} ${req.url}`, 'unknown_url')
    const complain = complainIn[spoken.dialect]
    const form = await read(req, res, complain)
    if (!form) return
    if (apiKey !== undefined && !sameText(keyShown(spoken, req.headers), apiKey))
      return complain(res, 401, 'Invalid API Key', 'invalid_api_key')
    if (spoken.deployment !== undefined) form.fields['model'] = spoken.deployment
    const wrong = spoken.dialect === 'anthropic' && spoken.method === 'chat' && faultIn(form.fields, req.headers)
    if (wrong) return complain(res, 400, wrong, 'invalid_request')
    const call: ModelCall = {
      n: ++count,
      at: clock.now(),
      method: spoken.method,
      dialect: spoken.dialect,
      body: form.fields,
      outcome: 'open',
      hungUp: false,
      fault: undefined,
    }
    calls.push(call)
    if (calls.length > CALLS_KEPT) calls.shift()
    res.once('close', () => {
      call.hungUp = !res.writableEnded && !closing.signal.aborted && call.fault !== 'drop' && call.fault !== 'cut_mid_stream'
      gone.abort()
    })
    call.outcome = await answer(res, call, form, gone.signal)
  }

  const listener = await openListener(handle, { host, port: options.port ?? 0 })
  const root = `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`
  return {
    url: `${root}/v1`,
    azureUrl: root,
    port: listener.port,
    faults,
    calls,
    next: (...answers) => void queue.push(...answers),
    script(next) {
      script = next
    },
    async outage(ms) {
      await listener.goAway()
      if (ms !== undefined) void clock.sleep(ms, closing.signal).then(() => listener.comeBack())
    },
    recover: () => listener.comeBack(),
    close() {
      closing.abort()
      return listener.close()
    },
  }
}

async function read(req: IncomingMessage, res: ServerResponse, complain: Complain): Promise<Form | undefined> {
  try {
    const body = await readBody(req, MOST_BODY_BYTES)
    return parseForm(req.headers['content-type'] ?? '', body)
  } catch (error) {
    if (error instanceof BodyTooLarge) complain(res, 413, 'Maximum content size limit exceeded', 'too_large')
    else if (error instanceof BodyNotUnderstood)
      complain(res, 400, 'We could not parse the JSON body of your request.', 'bad_json')
    return undefined
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest()
const sameText = (a: string, b: string) => timingSafeEqual(hash(a), hash(b))
