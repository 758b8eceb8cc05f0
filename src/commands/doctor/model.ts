import type { Config, Endpoint, Model } from '../../config.ts'
import { systemClock } from '../../foundation/index.ts'
import { bad, fair, good, type Finding, type Say } from './finding.ts'

const PATIENCE_MS = 10_000
const LIST_MOST = 4 * 1024 * 1024

export type Asked = {
  finding: Finding
  /** By the answer's own Date. */
  aheadMs: number | undefined
}

/** Every endpoint that thinks, listens or searches: is it there, does it take the key? The list of models costs nothing. */
export async function modelFindings(config: Config, say: Say): Promise<Asked[]> {
  const { llm, transcription, embeddings } = config
  const isOffline = ({ provider }: Model) => provider === 'offline'
  const asked = [
    ...(isOffline(llm) ? [] : [ask('', llm, say)]),
    ...llm.fallbacks.filter((one) => !isOffline(one)).map((one) => ask(say.doctor.fallback, one, say)),
    ...(transcription ? [ask(say.doctor.transcription, transcription, say)] : []),
    ...(embeddings ? [ask(say.doctor.embeddings, embeddings, say)] : []),
  ]
  const none: Asked[] = isOffline(llm) ? [{ finding: good('model', say.doctor.modelNone), aheadMs: undefined }] : []
  return [...none, ...(await Promise.all(asked))]
}

async function ask(label: string, endpoint: Model | Endpoint, say: Say): Promise<Asked> {
  const { baseUrl = '', model } = endpoint
  const host = URL.parse(baseUrl)?.host ?? baseUrl
  const told = (level: typeof good, text: string, aheadMs?: number): Asked => ({ finding: level('model', label + text), aheadMs })
  try {
    const before = systemClock.now()
    const response = await fetch(listAt(endpoint), {
      headers: headersFor(endpoint),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    const aheadMs = Number.isNaN(date) ? undefined : Math.round((before + systemClock.now()) / 2 - date)
    const body = await textOf(response)
    if (response.status === 401 || response.status === 403) return told(bad, say.doctor.modelKey(host), aheadMs)
    if (response.status >= 500 || response.status === 429) return told(bad, say.doctor.modelSick(host, response.status), aheadMs)
    const deployed = 'provider' in endpoint && endpoint.provider === 'azure'
    const names = response.ok && !deployed ? namesIn(body) : undefined
    if (!names) return told(good, say.doctor.modelQuiet(model, host), aheadMs)
    const known = names.some((name) => name === model || name === `${model}:latest` || name === `models/${model}`)
    return known ? told(good, say.doctor.model(model, host), aheadMs) : told(fair, say.doctor.modelUnknown(model, host), aheadMs)
  } catch (error) {
    return told(bad, say.doctor.modelAway(host, codeOf(error)))
  }
}

/** Azure lists its models beside its deployments, whose names they do not share. */
function listAt(endpoint: Model | Endpoint): string {
  const base = (endpoint.baseUrl ?? '').replace(/\/+$/, '')
  if (!('provider' in endpoint) || endpoint.provider !== 'azure') return `${base}/models`
  const url = new URL(base)
  return `${url.origin}${url.pathname.replace(/\/openai(?:\/.*)?$/, '').replace(/\/+$/, '')}/openai/v1/models`
}

function headersFor(endpoint: Model | Endpoint): Record<string, string> {
  const { apiKey } = endpoint
  if (!apiKey) return {}
  const provider = 'provider' in endpoint ? endpoint.provider : undefined
  if (provider === 'azure') return { 'api-key': apiKey }
  if (provider === 'anthropic') return { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }
  return { authorization: `Bearer ${apiKey}` }
}

async function textOf(response: Response): Promise<string> {
  let text = ''
  if (!response.body) return text
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    if (text.length > LIST_MOST) return ''
  }
  return text
}

function namesIn(body: string): string[] | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: unknown }
    return Array.isArray(data)
      ? data.flatMap((one: { id?: unknown } | null) => (typeof one?.id === 'string' ? [one.id] : []))
      : undefined
  } catch {
    return undefined
  }
}

/** Never the message: it may carry the address with what stands in it. */
function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } }
  if (name === 'TimeoutError') return 'timeout'
  return typeof cause?.code === 'string' ? cause.code : 'error'
}
