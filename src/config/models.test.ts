import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faults, read } from './reading-for-tests.ts'

describe('models', () => {
  test('the Groq key alone chooses Groq, for thinking and for transcribing', () => {
    const { llm, transcription } = read({ GROQ_API_KEY: 'gsk_1234567890' })
    assert.deepEqual([llm.provider, llm.apiKey, llm.baseUrl], ['groq', 'gsk_1234567890', 'https://api.groq.com/openai/v1'])
    assert.equal(transcription?.baseUrl, 'https://api.groq.com/openai/v1')
    assert.equal(read({ GROQ_API_KEY: 'k', GROQ_BASE_URL: 'http://127.0.0.1:9/v1/' }).llm.baseUrl, 'http://127.0.0.1:9/v1')
  })

  test('two keys and no LLM_PROVIDER are a fault; with it, each gets its own', () => {
    const both = { GROQ_API_KEY: 'groq-key', LLM_API_KEY: 'llm-key', LLM_BASE_URL: 'https://llm.example/v1', LLM_MODEL: 'm' }
    faults(both, /^LLM_PROVIDER: hay dos llaves/)
    faults({ ...both, LLM_API_KEY: '' }, /^LLM_PROVIDER: /)
    assert.equal(read({ ...both, LLM_PROVIDER: 'groq' }).llm.apiKey, 'groq-key')
    const other = read({ ...both, LLM_PROVIDER: 'openai-compatible' }).llm
    assert.deepEqual([other.apiKey, other.baseUrl], ['llm-key', 'https://llm.example/v1'])
    assert.equal(read({ ...both, LLM_PROVIDER: 'offline' }).llm.provider, 'offline')
  })

  test('what a provider lacks is named; a key without an address goes to nobody', () => {
    faults({ LLM_PROVIDER: 'groq' }, /^GROQ_API_KEY: falta/)
    faults({ LLM_API_KEY: 'k' }, /^LLM_BASE_URL: falta/)
    faults({ LLM_PROVIDER: 'anthropic' }, /^LLM_API_KEY: falta/)
    faults({ LLM_PROVIDER: 'azure', LLM_API_KEY: 'k', LLM_MODEL: 'm' }, /^LLM_BASE_URL: falta/)
    faults({ LLM_BASE_URL: 'http://127.0.0.1:11434/v1' }, /^LLM_MODEL: falta/)
    const local = read({ LLM_BASE_URL: 'http://127.0.0.1:11434/v1', LLM_MODEL: 'm' }).llm
    assert.deepEqual([local.provider, local.apiKey], ['openai-compatible', undefined])
    faults({ EMBEDDINGS_API_KEY: 'k' }, /^EMBEDDINGS_BASE_URL: falta/)
  })

  test('SEE4 · that the model sees is only what somebody said', () => {
    const local = { LLM_BASE_URL: 'http://127.0.0.1:11434/v1', LLM_MODEL: 'm' }
    assert.equal(read(local).llm.sees, false)
    assert.equal(read({ ...local, LLM_SEES: 'yes' }).llm.sees, true)
    assert.equal(read({ ...local, LLM_SEES: 'Sí' }).llm.sees, true)
    assert.equal(read({ LLM_SEES: 'yes' }).llm.sees, false)
    faults({ ...local, LLM_SEES: 'quizás' }, /^LLM_SEES: /)
  })

  test('fallbacks name a model, or a provider and its model', () => {
    const { fallbacks } = read({ GROQ_API_KEY: 'k', LLM_FALLBACKS: 'llama3:8b, offline:x' }).llm
    assert.deepEqual(
      fallbacks.map((one) => [one.provider, one.model]),
      [
        ['groq', 'llama3:8b'],
        ['offline', 'x'],
      ],
    )
    faults({ LLM_FALLBACKS: 'groq:m' }, /^LLM_FALLBACKS: .*GROQ_API_KEY/)
  })
})
