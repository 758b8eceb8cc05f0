import pg from 'pg'

/*
 * What is asked of a connection in one step leaves as one piece, with one Sync: each answer that the server sends by itself costs it a
 * system call, and wakes us. A statement is parsed and described the first time only.
 *
 * After a fault the server leaves out whatever stands before the next Sync. Inside a transaction that would happen anyway.
 * Outside of one only statements that read travel together, and those that were left out are asked again.
 */

export type Answer = { command: string; rowCount: number | null; rows: Record<string, unknown>[] }

type Parse = (value: string) => unknown
/** A statement as one connection knows it. `names`: of its columns, once they were described. */
type Known = { name: string; names: string[]; parsers: Parse[] }
type Asked = {
  text: string
  values: readonly (string | null)[]
  known?: Known
  rows: Answer['rows']
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
  isSecondTry: boolean
}
type Fault = Error & { severity?: string; code?: string; routine?: string }

// Those of the protocol's messages that we send, as the driver writes them.
type Wire = {
  parse(message: { name: string; text: string; types: number[] }): void
  bind(message: { portal: string; statement: string; values: readonly (string | null)[]; binary: boolean }): void
  describe(message: { type: 'P'; name: string }): void
  execute(message: { portal: string; rows: number }): void
  sync(): void
}

const COPIED_MOST = 32 * 1024

/** To the driver it is one query: it hands each message of the answer to `handle…`, and keeps the time by `callback`. */
class Bundle extends pg.Query {
  declare callback: (fault?: Fault | null) => void
  readonly #asked: readonly Asked[]
  readonly #statements: Map<string, Known>
  readonly #fresh: string[] = []
  #done = 0

  constructor(asked: readonly Asked[], statements: Map<string, Known>, failed: (fault: Fault, left: readonly Asked[]) => void) {
    super('')
    this.#asked = asked
    this.#statements = statements
    this.callback = (fault) => fault && failed(fault, asked.slice(this.#done))
  }

  override submit = (connection: pg.Connection): void => {
    const { stream } = connection
    if (!stream.writable) return
    const pieces: Buffer[] = []
    const paper = { writable: true, write: (piece: Buffer) => pieces.push(piece) }
    this.#write(Object.create(connection, { stream: { value: paper } }) as Wire)
    // A socket takes one piece at half the price of forty, unless they are large.
    if (pieces.reduce((sum, { length }) => sum + length, 0) <= COPIED_MOST) stream.write(Buffer.concat(pieces))
    else {
      stream.cork()
      for (const piece of pieces) stream.write(piece)
      stream.uncork()
    }
  }

  #write(wire: Wire): void {
    for (const one of this.#asked) {
      const known = this.#statements.get(one.text) ?? { name: `c${++names}`, names: [], parsers: [] }
      const isNew = !this.#statements.has(one.text)
      one.known = known
      if (isNew) {
        this.#statements.set(one.text, known)
        this.#fresh.push(one.text)
        wire.parse({ name: known.name, text: one.text, types: [] })
      }
      wire.bind({ portal: '', statement: known.name, values: one.values, binary: false })
      if (isNew) wire.describe({ type: 'P', name: '' })
      wire.execute({ portal: '', rows: 0 })
    }
    wire.sync()
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const known = this.#asked[this.#done]!.known!
    known.names = fields.map(({ name }) => name)
    known.parsers = fields.map(({ dataTypeID }) => parserOf(dataTypeID))
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { known, rows } = this.#asked[this.#done]!
    const { names, parsers } = known!
    const row: Answer['rows'][number] = {}
    for (let i = 0; i < names.length; i++) {
      const value = fields[i]!
      row[names[i]!] = value === null ? null : parsers[i]!(value)
    }
    rows.push(row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { text: asked, rows, resolve, reject } = this.#asked[this.#done++]!
    const [command = '', ...counts] = text.split(' ')
    // A transaction in which a statement failed is not committed, and the server calls that no fault.
    if (asked === 'commit' && command !== 'COMMIT') return reject(new Error('the transaction was not committed'))
    const count = Number(counts.at(-1))
    resolve({ command, rowCount: Number.isNaN(count) ? null : count, rows })
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }

  handleError(fault: Fault): void {
    // Some may not have been parsed; a name that may be taken is not used again.
    for (const text of this.#fresh) this.#statements.delete(text)
    const failed = this.#asked[this.#done]
    if (failed && isOutdated(fault)) this.#statements.delete(failed.text)
    this.callback(fault)
  }
}

let names = 0

const INT8 = 20
const types = pg.types as unknown as { getTypeParser(oid: number, format: 'text'): Parse }
export const parserOf = (oid: number): Parse => (oid === INT8 ? Number : types.getTypeParser(oid, 'text'))

/** A table has another shape since the statement was parsed (a newer version of the house was here), or nobody knows it any more. */
export const isOutdated = ({ code, routine }: Fault): boolean => routine === 'RevalidateCachedQuery' || code === '26000'

const TRANSACTION = new Set(['begin', 'commit', 'rollback'])
const READS = /^\s*select\b(?!.*\bfor (?:update|share)\b)/is
// The house has a fixed set of statements; whoever puts together a new text every time must not fill the server's memory.
const MOST_STATEMENTS = 400

export type Bundles = {
  /** Undefined: it cannot travel with others, and goes the driver's own way. */
  ask(text: string, values: readonly unknown[]): Promise<Answer> | undefined
  /** Before anything else goes over the connection. */
  send(): void
}

export function bundlesOf(client: pg.PoolClient): Bundles {
  const statements = new Map<string, Known>()
  let waiting: Asked[] = []
  let inside = false
  let planned = false

  const send = () => {
    if (waiting.length === 0) return
    const asked = waiting
    waiting = []
    const wasInside = inside
    const failed = (fault: Fault, left: readonly Asked[]) => {
      // Behind a commit the connection may have got its next transaction meanwhile.
      const mayRepeat = !wasInside && !inside && fault.severity === 'ERROR'
      for (const [n, one] of left.entries()) {
        const isInnocent = n > 0 || isOutdated(fault)
        if (mayRepeat && isInnocent && !one.isSecondTry) alone({ ...one, isSecondTry: true })
        else one.reject(fault)
      }
    }
    client.query(new Bundle(asked, statements, failed))
  }

  const alone = (one: Asked) => {
    send()
    waiting.push(one)
    send()
  }

  const wait = (one: Asked) => {
    if (!inside && !READS.test(one.text)) return alone(one)
    waiting.push(one)
    // The server may begin with it, and its answer need not wait for the others.
    if (isLarge(one.values)) return send()
    if (planned) return
    planned = true
    process.nextTick(() => {
      planned = false
      send()
    })
  }

  const ask = (text: string, given: readonly unknown[]): Promise<Answer> | undefined => {
    const isStep = TRANSACTION.has(text)
    if ((given.length === 0 && !isStep) || (!statements.has(text) && statements.size >= MOST_STATEMENTS)) return undefined
    const values = given.map(inText)
    if (values.includes(undefined)) return undefined
    if (text === 'begin') {
      send()
      inside = true
    }
    return new Promise((resolve, reject) => {
      wait({ text, values: values as Asked['values'], rows: [], resolve, reject, isSecondTry: false })
      if (!isStep || text === 'begin') return
      send()
      inside = false
    })
  }

  return { ask, send }
}

const LARGE = 8 * 1024
const isLarge = (values: Asked['values']): boolean => values.reduce((sum, value) => sum + (value?.length ?? 0), 0) > LARGE

/** As the protocol takes it; undefined, where the driver knows better. */
function inText(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return undefined
}
