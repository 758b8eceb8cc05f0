import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { onEachEngine } from '../../test/support/engines.ts'
import {
  crew,
  gather,
  migrate,
  openWake,
  silentLog,
  statement,
  systemClock,
  unawaited,
  type Hands,
  type Migration,
  type Query,
  type Tx,
} from './index.ts'

const notes: Migration = { id: 'a-01', breaking: false, up: 'create table notes(n $int not null, words text) $end;\n' }
/** Each engine puts its own text together. */
function statements() {
  const add = statement<{ n: number | null }, { n: number }>(
    ({ n }) => sql`insert into notes(n) values (cast(${n} as bigint)) returning n`,
  )
  const all = statement<object, { n: number }>(() => sql`select n from notes order by n`)
  const drop = statement<object>(() => sql`delete from notes`)
  return { add, drop, numbers: async (on: Query) => (await all(on, {})).map(({ n }) => n) }
}

onEachEngine(
  'DB3 · what is put together once keeps the rules of every statement: alone, in a transaction, and after it',
  async ({ db }) => {
    const { add, drop, numbers } = statements()
    await migrate(db, [notes], '1', 1)
    let left: Query | undefined
    const seen = await db.transaction(async (tx) => {
      left = tx
      await add(tx, { n: 1 })
      await assert.rejects(add(db.as(), { n: 2 }), /outside the transaction/)
      await assert.rejects(add(db.soft.as(), { n: 2 }), /outside the transaction/)
      return numbers(tx)
    })
    assert.deepEqual(seen, [1])
    await assert.rejects(add(left!, { n: 3 }), /over/)

    await assert.rejects(
      db.transaction(async (tx) => void (await Promise.all([add(tx, { n: 4 }), add(tx, { n: null })]))),
      /null/i,
    )
    assert.deepEqual(await numbers(db.as()), [1])
    assert.deepEqual(await drop(db.as(), {}), [])
    assert.deepEqual(await numbers(db.as()), [])
  },
  [],
)

onEachEngine(
  'DB3 · a statement of its own waits for the transaction that is under way, and sees nothing of it before',
  async ({ db }) => {
    const { add, numbers } = statements()
    await migrate(db, [notes], '1', 1)
    const { promise: half, resolve: halfDone } = Promise.withResolvers<void>()
    const { promise: go, resolve: goOn } = Promise.withResolvers<void>()
    const whole = db.transaction(async (tx) => {
      await add(tx, { n: 1 })
      halfDone()
      await go
      await add(tx, { n: 2 })
    })
    await half
    const looked = Promise.all([numbers(db.as()), numbers(db.soft.as())])
    setTimeout(goOn, 20)
    await whole
    for (const found of await looked) assert.ok(found.length === 0 || found.length === 2, `half of it was seen: ${found.join()}`)
  },
  [],
)

onEachEngine(
  'DB3 · statements asked for together travel together; one that fails fails alone',
  async ({ db }) => {
    const { add, numbers } = statements()
    await migrate(db, [notes], '1', 1)
    const many = await Promise.allSettled([1, null, 2, 3].map((n) => add(db.as(), { n })))
    assert.deepEqual(
      many.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    assert.deepEqual(await numbers(db.as()), [1, 2, 3])
    if (db.engine === 'sqlite') return

    const process = statement<object, { pid: number }>(() => sql`select pg_backend_pid() as pid`)
    const { pool } = db.raw
    const step = async (n: number) =>
      (await Promise.all(Array.from({ length: n }, () => process(db.as(), {})))).map(([one]) => one!.pid)
    assert.equal(new Set(await step(6)).size, 1)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(pool!.idleCount, pool!.totalCount, 'it was given back')

    const slow = statement<object, { pid: number }>(() => sql`select pg_backend_pid() as pid, pg_sleep(0.2)`)
    const first = slow(db.as(), {})
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    const later = await step(1)
    assert.notEqual(later[0], (await first)[0]!.pid, 'who asks later does not stand behind it')

    const victim = step(3)
    victim.catch(() => {})
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      .execute(db.as())
      .catch(() => {})
    await victim.catch(() => {})
    for (let tries = 0; tries < 20; tries++) {
      const found = await step(2).catch(() => undefined)
      if (found) return
    }
    assert.fail('a connection that was lost is asked again and again')
  },
  [],
)

onEachEngine(
  'DB3 · of those that read together only the one that cannot be answered is not, and a fault in a transaction is everybody’s',
  async ({ db }) => {
    await migrate(db, [notes], '1', 1)
    const { add, numbers } = statements()
    const half = statement<{ n: number }, { n: number }>(({ n }) => sql`select abs(cast(${n} as bigint)) as n`)
    // Of both engines: no positive number is that large.
    const most = -9223372036854775808n as unknown as number
    const found = await Promise.allSettled([-1, most, -2, most, -3].map((n) => half(db.as(), { n })))
    assert.deepEqual(
      found.map((one) => (one.status === 'fulfilled' ? one.value[0]!.n : 'no')),
      [1, 'no', 2, 'no', 3],
    )
    await assert.rejects(
      db.transaction((tx) => Promise.all([add(tx, { n: 1 }), half(tx, { n: most }), add(tx, { n: 2 })])),
      /range|overflow/,
    )
    assert.deepEqual(await numbers(db.as()), [])
  },
  [],
)

onEachEngine(
  'DB2 · who was at work before a newer version added to a table goes on, alone and in a transaction',
  async ({ db, again }) => {
    await migrate(db, [notes], '1', 1)
    const { add } = statements()
    const all = statement<{ n: number }, { n: number }>(({ n }) => sql`select * from notes where n > ${n} order by n`)
    const look = (on: Query) => all(on, { n: 0 })
    await add(db.as(), { n: 1 })
    const both = () => Promise.all([look(db.as()), db.transaction(look)])
    await Promise.all([both(), both()])
    const newer = { id: 'a-02', breaking: false, up: 'alter table notes add column more text;\n' }
    await migrate(again(), [notes, newer], '2', 1)
    for (let n = 0; n < 5; n++) {
      const [alone, inside] = await both()
      assert.deepEqual([alone.map((one) => one.n), inside.map((one) => one.n)], [[1], [1]])
    }
  },
  [],
)

onEachEngine(
  'DB3 · what is asked as part of a transaction sees what was written in it, and breaks it off where it cannot be answered',
  async ({ db }) => {
    await migrate(db, [notes], '1', 1)
    const { add, numbers } = statements()
    const from = statement<{ n: number; words: string }, { n: number; words: string | null; pid: number }>(
      db.engine === 'postgres'
        ? ({ n, words }) =>
            sql`select n, words, pg_backend_pid() as pid from notes where n >= ${n} and coalesce(words, '') <> ${words} order by n desc`
        : ({ n, words }) =>
            sql`select n, words, 0 as pid from notes where n >= ${n} and coalesce(words, '') <> ${words} order by n desc`,
    )
    const told = 'á "b" \\ \n'
    await db.transaction(async (tx) => void (await sql`insert into notes values (9007199254740991, ${told})`.execute(tx)))
    const [one, two, three, four] = await db.transaction(async (tx) => {
      unawaited(tx, add(tx, { n: 7 }))
      const asked = db.asPartOf(tx, () => [
        from(db.as(), { n: 7, words: 'x' }),
        from(db.as(), { n: 8, words: 'x' }),
        from(db.as(), { n: 1, words: told }),
      ])
      await assert.rejects(from(db.as(), { n: 1, words: '' }), /outside the transaction/)
      return (await Promise.all([...asked, from(tx, { n: 8, words: 'x' })])).map((rows) => rows.map((row) => ({ ...row })))
    })
    const { pid } = one![0]!
    const large = { n: Number.MAX_SAFE_INTEGER, words: told, pid }
    assert.deepEqual(one, [large, { n: 7, words: null, pid }])
    assert.deepEqual(two, [large])
    assert.deepEqual(three, [{ n: 7, words: null, pid }])
    assert.deepEqual(four, [large])

    // The server takes back all of it, and calls that no fault.
    const most = -9223372036854775808n as unknown as number
    const half = statement<{ n: number }, { n: number }>(({ n }) => sql`select abs(cast(${n} as bigint)) as n`)
    await assert.rejects(
      db.transaction(async (tx) => {
        unawaited(tx, add(tx, { n: 8 }))
        db.asPartOf(tx, () => void half(db.as(), { n: most }).catch(() => {}))
      }),
      /range|overflow/,
    )
    assert.deepEqual(await numbers(db.as()), [7, Number.MAX_SAFE_INTEGER])
  },
  [],
)

onEachEngine(
  'DB3 · who goes on before the commit is told whether it was kept',
  async ({ db }) => {
    await migrate(db, [notes], '1', 1)
    const { add, numbers } = statements()
    const order: string[] = []
    let refuses = false
    const hooks = {
      answered(result: unknown, kept: Promise<void>) {
        order.push(`answered ${String(result)}`)
        if (refuses) throw new Error('not like this')
        void kept.then(
          () => order.push('kept'),
          () => order.push('not kept'),
        )
        setImmediate(() => order.push('went on'))
        return true
      },
      seen() {
        order.push('seen')
        return false
      },
    }
    await db.transaction(async (tx) => {
      unawaited(tx, add(tx, { n: 7 }))
      return 'a'
    }, hooks)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(order.splice(0), ['answered a', 'went on', 'seen', 'kept'])

    await assert.rejects(
      db.transaction((tx) => add(tx, { n: null }), hooks),
      /null/i,
    )
    assert.deepEqual(order.splice(0), [])

    refuses = true
    await assert.rejects(
      db.transaction(async (tx) => {
        unawaited(tx, add(tx, { n: 8 }))
        return 'b'
      }, hooks),
      /not like this/,
    )
    assert.deepEqual(order.splice(0), ['answered b'])
    assert.deepEqual(await numbers(db.as()), [7])
    if (db.engine === 'sqlite') return

    refuses = false
    await sql`create table pairs(n bigint unique deferrable initially deferred)`.execute(db.as())
    const twice = async (tx: Tx) => void (await sql`insert into pairs values (1), (1)`.execute(tx))
    await assert.rejects(db.transaction(twice, hooks), /duplicate/)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(order.splice(0), ['answered undefined', 'went on', 'not kept'])
  },
  [],
)

test('DB4 · the first call need not wait for the next turn of the event loop, and those asked for with it share its flush', async () => {
  const flushes: number[][] = []
  const at = gather(async (items: number[]) => {
    flushes.push(items)
    return items
  })
  await new Promise((resolve) => setImmediate(resolve))
  let turned = false
  setImmediate(() => (turned = true))
  await Promise.all([at(1), at(2), at(3)])
  assert.equal(turned, false)
  await at(4)
  assert.equal(turned, true, 'the second one does: whoever asks again and again leaves the others their turn')
  assert.deepEqual(flushes, [[1, 2, 3], [4]])
})

test('DB5 · whoever found nothing asks first when something will be, and looks at once when somebody says so', async () => {
  let at = undefined as number | undefined
  const asked = { claim: 0, next: 0 }
  const wake = openWake()
  const looking = crew<string>(
    'some',
    {
      claim: async () => {
        asked.claim++
        return []
      },
      work: async () => {},
      renew: async () => {},
      nextAt: async () => {
        asked.next++
        return at
      },
      atOnce: 3,
      renewEveryMs: 1000,
    },
    { clock: systemClock, log: silentLog, wake, topic: 'some', restMs: 10 },
  )
  await until(() => asked.next >= 5)
  assert.equal(asked.claim, 1)
  wake.signal('some')
  await until(() => asked.claim === 2)
  at = systemClock.now() - 1
  await until(() => asked.claim > 2)
  await looking.stop()
})

test('DB5 · a crew lends its free hands and no more, begins what it is handed at once, and stops only after it', async () => {
  const working = new Map<string, () => void>()
  const claimed: number[] = []
  const wake = openWake()
  const some = crew<string>(
    'some',
    {
      claim: async (limit) => {
        claimed.push(limit)
        return []
      },
      work: (piece) => new Promise<void>((resolve) => working.set(piece, resolve)),
      renew: async () => {},
      nextAt: async () => undefined,
      atOnce: 3,
      renewEveryMs: 1000,
    },
    { clock: systemClock, log: silentLog, wake, topic: 'some', restMs: 20 },
  )
  const give = await lent(some.hands, 2)
  assert.equal(some.hands(2), undefined, 'one hand is left')
  give(['a'])
  assert.deepEqual([...working.keys()], ['a'])
  wake.signal('some')
  await until(() => claimed.at(-1) === 2)
  const nothing = await lent(some.hands, 2)
  nothing([])
  const open = await lent(some.hands, 2)

  const stopped = some.stop().then(() => 'stopped')
  assert.equal(some.hands(1), undefined, 'whoever stops lends nothing')
  working.get('a')!()
  assert.equal(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))]), 'waits')
  open(['b'])
  working.get('b')!()
  assert.equal(await stopped, 'stopped')
})

/** Not while it looks for work itself: then all hands are held out for what it finds. */
async function lent<T>(hands: Hands<T>, many: number) {
  let give: ReturnType<Hands<T>>
  await until(() => (give = hands(many)) !== undefined)
  return give!
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    assert.ok(tries < 200, 'it never came true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
