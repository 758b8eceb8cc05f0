import { z } from 'zod'
import { CouldNotAsk, Refused, type Clock } from '../../foundation/index.ts'
import type { Language } from '../../texts/index.ts'
import { pauseBefore, reasonIn, refused, retryAfter, unreached } from '../models/attempts.ts'
import { openPatience } from '../models/patience.ts'

export type Sound = { bytes: Uint8Array<ArrayBuffer>; ending: string; mime: string; seconds: number }

/** The port to whatever writes down what was spoken. Throws `Refused` (they said no) or `CouldNotAsk` (no usable answer). */
export type Ears = {
  name: string
  hear(sound: Sound, about: { language: Language; signal: AbortSignal }): Promise<string>
}

export type EarsOptions = { clock: Clock; baseUrl: string; model: string; apiKey?: string | undefined; wholeMs?: number }

const WHOLE_MS = 40_000
const ANSWER_MAX_BYTES = 1024 * 1024
// An hour of talk is some sixty thousand letters; nobody answers more than this at once.
const TEXT_MAX = 12_000
const answered = z.object({ text: z.string() })

/** Any server that speaks OpenAI's protocol for transcriptions: Groq, whisper.cpp, vLLM, … */
export function compatibleEars({ clock, baseUrl, model, apiKey, wholeMs = WHOLE_MS }: EarsOptions): Ears {
  const address = `${baseUrl.replace(/\/+$/, '')}/audio/transcriptions`

  const once = async (sound: Sound, language: Language, signal: AbortSignal): Promise<string> => {
    const form = new FormData()
    form.set('model', model)
    form.set('language', language)
    form.set('response_format', 'json')
    form.set('file', new Blob([sound.bytes], { type: sound.mime }), `voice.${sound.ending}`)
    let response: Response
    try {
      response = await fetch(address, {
        method: 'POST',
        body: form,
        // A redirect would carry somebody's voice to an address that nobody configured.
        redirect: 'error',
        signal,
        ...(apiKey && { headers: { authorization: `Bearer ${apiKey}` } }),
      })
    } catch (error) {
      throw unreached(error)
    }
    const told = await capped(response)
    if (!response.ok)
      throw refused(
        response.status,
        reasonIn(told.slice(0, 2000), response.status, apiKey),
        retryAfter(response.headers.get('retry-after'), clock),
      )
    return wordsIn(told)
  }

  return {
    name: model,
    async hear(sound, { language, signal }) {
      const patience = openPatience(clock, signal, wholeMs)
      patience.expect(wholeMs)
      try {
        for (let attempt = 1; ; attempt++) {
          try {
            return await once(sound, language, patience.signal)
          } catch (error) {
            // Again only where nothing was listened to: it costs nothing twice.
            const pause = attempt === 1 && !patience.signal.aborted ? pauseBefore(error) : undefined
            if (pause === undefined) throw patience.explain(error)
            await clock.sleep(pause, patience.signal)
          }
        }
      } finally {
        patience.end()
      }
    },
  }
}

async function capped(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength
      if (bytes > ANSWER_MAX_BYTES) throw new CouldNotAsk('the transcription is larger than is accepted', 'unknown')
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof CouldNotAsk) throw error
    throw new CouldNotAsk('the transcription was cut off', 'unknown')
  }
  return Buffer.concat(parts).toString('utf8')
}

function wordsIn(told: string): string {
  try {
    const { text } = answered.parse(JSON.parse(told))
    return text
      .replaceAll('\0', '')
      .toWellFormed()
      .replaceAll(/[^\S\n]+/g, ' ')
      .trim()
      .slice(0, TEXT_MAX)
  } catch {
    throw new CouldNotAsk('the transcription could not be read', 'unknown')
  }
}

export const isOfTheOutside = (error: unknown): error is Refused | CouldNotAsk =>
  error instanceof Refused || error instanceof CouldNotAsk
