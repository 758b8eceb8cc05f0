import type { Findings } from './findings.ts'
import { PROVIDERS } from './schema.ts'
import type { Values } from './schema.ts'
import type { Endpoint, Model, Provider } from './shape.ts'

// Groq's production models in 2026; those of the llama-3 family ended in August.
const GROQ_MODEL = 'openai/gpt-oss-120b'
const GROQ_TRANSCRIPTION = 'whisper-large-v3-turbo'
const ANTHROPIC = 'https://api.anthropic.com/v1'

export type Models = {
  llm: Model & { fallbacks: readonly Model[]; sees: boolean }
  transcription?: Endpoint
  embeddings?: Endpoint
}

export function takeModels(values: Values, findings: Findings): Models {
  const provider = chosen(values, findings)
  const llm = modelAt(provider, values.LLM_MODEL, values, (name) => findings.fault(name, findings.say.modelNeeds(provider)))
  const fallbacks = values.LLM_FALLBACKS.map((entry, index) => {
    const colon = entry.indexOf(':')
    const other = PROVIDERS.find((one) => one === entry.slice(0, Math.max(0, colon)))
    const model = other ? entry.slice(colon + 1) : entry
    return modelAt(other ?? provider, model, values, (name) =>
      findings.fault('LLM_FALLBACKS', findings.say.fallbackNeeds(index + 1, name)),
    )
  })
  const sees = values.LLM_SEES === 'yes' && provider !== 'offline'
  return {
    llm: { ...llm, fallbacks, sees },
    transcription: transcription(values, findings),
    embeddings: embeddings(values, findings),
  }
}

function chosen(values: Values, { say, fault }: Findings): Provider {
  if (values.LLM_PROVIDER) return values.LLM_PROVIDER
  if (values.LLM_API_KEY && values.GROQ_API_KEY) fault('LLM_PROVIDER', say.twoModelKeys)
  else if (values.GROQ_API_KEY && values.LLM_BASE_URL) fault('LLM_PROVIDER', say.groqOrAddress)
  if (values.GROQ_API_KEY) return 'groq'
  if (values.LLM_BASE_URL) return 'openai-compatible'
  // A key must never travel to a company that its owner did not name.
  if (values.LLM_API_KEY) fault('LLM_BASE_URL', say.keyNeedsAddress)
  return 'offline'
}

function modelAt(provider: Provider, model: string | undefined, values: Values, needs: (name: string) => void): Model {
  if (provider === 'offline') return { provider, model: model ?? 'offline' }
  if (provider === 'groq') {
    const apiKey = values.GROQ_API_KEY ?? values.LLM_API_KEY
    if (!apiKey) needs('GROQ_API_KEY')
    return { provider, model: model ?? GROQ_MODEL, baseUrl: values.GROQ_BASE_URL, apiKey }
  }
  const baseUrl = values.LLM_BASE_URL ?? (provider === 'anthropic' ? ANTHROPIC : undefined)
  if (!baseUrl) needs('LLM_BASE_URL')
  if (!model) needs('LLM_MODEL')
  // A compatible server on one's own machine often asks for no key.
  if (!values.LLM_API_KEY && provider !== 'openai-compatible') needs('LLM_API_KEY')
  return { provider, model: model ?? '', baseUrl, apiKey: values.LLM_API_KEY }
}

function transcription(values: Values, findings: Findings): Endpoint | undefined {
  const { TRANSCRIPTION_BASE_URL: baseUrl, TRANSCRIPTION_MODEL: model, TRANSCRIPTION_API_KEY: apiKey } = values
  if (baseUrl) return { baseUrl, model: model ?? GROQ_TRANSCRIPTION, apiKey }
  if (values.GROQ_API_KEY)
    return { baseUrl: values.GROQ_BASE_URL, model: model ?? GROQ_TRANSCRIPTION, apiKey: apiKey ?? values.GROQ_API_KEY }
  if (model || apiKey) findings.fault('TRANSCRIPTION_BASE_URL', findings.say.endpointNeeds)
  return undefined
}

function embeddings(values: Values, { say, fault }: Findings): Endpoint | undefined {
  const { EMBEDDINGS_BASE_URL: baseUrl, EMBEDDINGS_MODEL: model, EMBEDDINGS_API_KEY: apiKey } = values
  if (!baseUrl && !model && !apiKey) return undefined
  if (!baseUrl) fault('EMBEDDINGS_BASE_URL', say.endpointNeeds)
  if (!model) fault('EMBEDDINGS_MODEL', say.endpointNeeds)
  return baseUrl && model ? { baseUrl, model, apiKey } : undefined
}
