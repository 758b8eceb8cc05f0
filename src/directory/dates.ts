import type { Day } from './employee.ts'

// As databases give it; ISO is the same with whatever may follow.
const PLAIN = /^\d{4}-\d\d-\d\d$/
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?$/
// Day first, as Spanish-speaking countries write it.
const WRITTEN = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d{2}.*)?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
// What people write where there is nothing to write, and MySQL's zero date.
const NOTHING = /^(?:-*|\u2013|\u2014|n\/?a|null|none|no|0000-00-00.*)$/i
// Spreadsheets count days from here; the first two months of 1900 are off by one there, and nobody works from then.
const SHEET_EPOCH = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
const EARLIEST = 1900
const LATEST = 2200

/** What a source gives as a date. MySQL's zero date and empty cells are none; anything else that is no date is unreadable. */
export function dayIn(value: unknown): Day {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'unreadable' : checked(...utcParts(value.getTime()))
  if (typeof value === 'number') return sheetDay(value)
  if (typeof value !== 'string') return 'unreadable'
  if (PLAIN.test(value) && !value.startsWith('0000'))
    return isDate(Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8))) ? value : 'unreadable'
  const text = value.trim()
  if (NOTHING.test(text)) return null
  const iso = ISO.exec(text) ?? COMPACT.exec(text)
  if (iso) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const written = WRITTEN.exec(text)
  if (written) return checked(Number(written[3]), Number(written[2]), Number(written[1]))
  return /^\d{3,5}(?:\.\d+)?$/.test(text) ? sheetDay(Number(text)) : 'unreadable'
}

function sheetDay(serial: number): Day {
  if (!Number.isFinite(serial) || serial < 61 || serial > 110_000) return 'unreadable'
  return checked(...utcParts(SHEET_EPOCH + Math.floor(serial) * DAY_MS))
}

function utcParts(at: number): [number, number, number] {
  const date = new Date(at)
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
}

const isDate = (year: number, month: number, day: number): boolean =>
  year >= EARLIEST && year <= LATEST && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)

const checked = (year: number, month: number, day: number): Day =>
  isDate(year, month, day) ? `${year}-${two(month)}-${two(day)}` : 'unreadable'

const two = (n: number) => (n < 10 ? `0${n}` : String(n))
const daysIn = (year: number, month: number) =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
