import { CouldNotAsk, Refused } from '../../foundation/index.ts'
import type { Model, ModelEvent, ModelRequest } from '../model.ts'
import {
  codeOf,
  cutOff,
  FIRST_TOKEN_MS,
  MOST_BYTES,
  reasonIn,
  refused,
  retryAfter,
  twice,
  unreached,
  type Attempts,
} from './attempts.ts'
import type { Patience } from './patience.ts'
import { sdkEvents, sdkOptions, type SdkModel } from './sdk-wire.ts'

export type SdkModelOptions = Attempts & {
  model: string
  apiKey?: string | undefined
  /** Called for every question; what it loads it loads once. */
  open(fetch: typeof globalThis.fetch): Promise<SdkModel>
  /** What the provider wants otherwise. */
  prepare?(request: ModelRequest): ModelRequest
}

/**
 * Any provider of AI SDK behind our port. Its interface for providers is used directly, without `streamText`: rounds, retries
 * and deadlines are ours, an error is an error and not an empty answer, and no model is ever reached by a mere name.
 */
export function sdkModel(options: SdkModelOptions): Model {
  return {
    name: options.model,
    answer: (request) => twice(options, request, (patience) => asked(options, request, patience)),
  }
}

async function* asked(options: SdkModelOptions, request: ModelRequest, patience: Patience): AsyncGenerator<ModelEvent> {
  patience.expect(options.firstTokenMs ?? FIRST_TOKEN_MS)
  let spoke = false
  try {
    const model = await options.open(watchedFetch(options, patience))
    const { stream } = await model.doStream(sdkOptions(options.prepare?.(request) ?? request, patience.signal))
    for await (const event of sdkEvents(stream)) {
      spoke ||= event.type !== 'end'
      yield event
    }
  } catch (error) {
    throw told(error, spoke, options)
  }
}

/** Without redirects, capped, and every byte that comes is a sign of life (the SDK keeps the provider's pings to itself). */
function watchedFetch({ mostBytes = MOST_BYTES, firstTokenMs = FIRST_TOKEN_MS }: SdkModelOptions, patience: Patience) {
  return async (...[url, init]: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(url, { ...init, redirect: 'error' }).catch((error: unknown) => {
      throw unreached(error)
    })
    if (!response.body) return response
    let bytes = 0
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length
          patience.expect(firstTokenMs)
          if (bytes > mostBytes) controller.error(new CouldNotAsk('the model said more than is accepted', 'unknown'))
          else controller.enqueue(chunk)
        },
      }),
    )
    return new Response(counted, { status: response.status, headers: response.headers })
  }
}

type CallError = { statusCode?: number; responseHeaders?: Record<string, string>; responseBody?: string }

/** Their errors carry the whole conversation and the headers: nothing of them but status and reason goes further. */
function told(error: unknown, spoke: boolean, { clock, apiKey }: SdkModelOptions): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof CouldNotAsk || cause instanceof Refused) return cause
  const { statusCode: status, responseHeaders, responseBody = '' } = error as CallError
  if (status !== undefined && status >= 400 && !spoke)
    return refused(
      status,
      reasonIn(responseBody.slice(0, 2000), status, apiKey),
      retryAfter(responseHeaders?.['retry-after'], clock),
    )
  if (/JSONParse|TypeValidation|InvalidResponse/.test(codeOf(error)))
    return new CouldNotAsk("the model's answer could not be read", 'unknown')
  return cutOff(spoke, error)
}
