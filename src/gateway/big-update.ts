import { createHash } from 'node:crypto'
import { DEEPEST } from './json.ts'

export const BIG_UPDATE_MOST = 8 * 1024 * 1024
const FIRST_BYTES = 4 * 1024
// As many as the largest safe integer has, and a sign.
const LONGEST_NUMBER = 17
const KEY = 'update_id'

export type BigUpdate = { updateId: number | undefined; sha256: string; bytes: number; first: string }

/**
 * An update too large to be held: its id, its hash and its first bytes, from a stream of any cuts. Enough of JSON to know
 * what is a key of the outermost object; the rest is not looked at, and never held. Of several ids the last counts, as
 * for a parser.
 */
export function openBigUpdate() {
  const hash = createHash('sha256')
  let first = Buffer.alloc(0)
  let bytes = 0
  let depth = 0
  let broken = false
  let inText = false
  let escaped = false
  let atKey = false
  // The text of a key of the outermost object, or the number after it.
  let key: string | undefined
  let number: string | undefined
  let updateId: number | undefined

  const endNumber = () => {
    if (number === undefined) return
    updateId = /^-?\d+$/.test(number) && Number.isSafeInteger(Number(number)) ? Number(number) : undefined
    number = undefined
  }

  const character = (code: number) => {
    if (inText) {
      if (escaped) escaped = false
      else if (code === 92) escaped = true
      else if (code === 34) {
        inText = false
        return
      }
      if (atKey && key !== undefined && key.length <= KEY.length) key += String.fromCharCode(code)
      return
    }
    if (code === 34) {
      if (depth === 0) broken = true
      inText = true
      if (number !== undefined) number += '"'
      if (atKey) key = ''
    } else if (code === 123 || code === 91) {
      if (number !== undefined) number += '['
      if (depth === 0 && code === 91) broken = true
      depth++
      if (depth > DEEPEST) broken = true
      atKey = depth === 1
    } else if (code === 125 || code === 93) {
      if (depth === 1) endNumber()
      depth--
      if (depth < 0) broken = true
      atKey = false
    } else if (code === 44) {
      if (depth === 1) {
        endNumber()
        atKey = true
      }
    } else if (code === 58) {
      if (depth === 1 && atKey) {
        atKey = false
        if (key === KEY) number = ''
      }
    } else if (code > 32) {
      if (depth === 0) broken = true
      if (number !== undefined && depth === 1 && number.length <= LONGEST_NUMBER) number += String.fromCharCode(code)
    }
  }

  return {
    write(chunk: Buffer) {
      hash.update(chunk)
      if (first.length < FIRST_BYTES) first = Buffer.concat([first, chunk.subarray(0, FIRST_BYTES - first.length)])
      for (let i = 0; i < chunk.length; i++) character(chunk[i]!)
      bytes += chunk.length
    },
    end: (): BigUpdate => ({
      updateId: broken || inText || depth !== 0 ? undefined : updateId,
      sha256: hash.digest('hex'),
      bytes,
      first: first.toString('utf8').toWellFormed(),
    }),
  }
}
