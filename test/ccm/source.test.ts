import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, connect, type Server, type Socket } from 'node:net'
import test, { after, before } from 'node:test'
import type { AddressInfo } from 'node:net'
import { silentLog, openCache, systemClock } from '../../src/foundation/index.ts'
import { openDirectory, sourceFor, type Mapping } from '../../src/directory/index.ts'
import { mysqlUrl } from '../support/servers.ts'
import { companyDatabase, PEOPLE } from './stage.ts'

const my = mysqlUrl()
type Company = Awaited<ReturnType<typeof companyDatabase>>
let company: Company
before(async () => {
  if (!my.skip) company = await companyDatabase(my.url, 300)
})
after(async () => company?.drop())

const source = (url: string | undefined, mapping: Mapping = PEOPLE) =>
  sourceFor(mapping, { url, folder: '/', clock: systemClock })!

async function reading(url: string, mapping: Mapping = PEOPLE) {
  const opened = source(url, mapping)
  try {
    return await opened.read()
  } finally {
    await opened.close()
  }
}

const faultOf = async (url: string, mapping: Mapping = PEOPLE) => {
  const answer = await reading(url, mapping)
  assert.equal(answer.ok, false)
  return answer.ok ? undefined : answer.fault
}

function changed(url: string, change: (url: URL) => void): string {
  const other = new URL(url)
  change(other)
  return other.href
}

test(
  'CCM1 · the source is read with a user that has SELECT and no more, in a session that is read only',
  { skip: my.skip },
  async () => {
    const answer = await reading(company.url)
    assert.equal(answer.ok && answer.value.length, 300)

    // Even a user that may write cannot, through this session.
    const owner = source(
      changed(company.ownUrl, () => {}),
      { ...PEOPLE, from: { query: 'select * from empleados' } },
    )
    assert.equal((await owner.read()).ok, true)
    const { findings } = await owner.look()
    assert.ok(findings.some(({ step, what }) => step === 'session' && what === 'read_only'))
    assert.ok(findings.some(({ step, what, state }) => step === 'grants' && what === 'too_many_rights' && state === 'bad'))
    await owner.close()
  },
)

test('CCM1 · even with a user that may write, and a query that tries to, nothing is written', { skip: my.skip }, async () => {
  await company.admin.query(
    `use ${company.name}; create function ensucia() returns int modifies sql data begin delete from empleados; return 1; end`,
  )
  const fault = await faultOf(company.ownUrl, { ...PEOPLE, from: { query: 'select *, ensucia() from empleados' } })
  assert.deepEqual(fault, { code: 'unknown', what: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' })
  const whole = await reading(company.url)
  assert.equal(whole.ok && whole.value.length, 300)
})

test(
  'CCM1 · the server itself counts no write while the source is read, asked about and looked at',
  { skip: my.skip },
  async () => {
    const counters = async () => {
      const [rows] = await company.admin.query(
        `show global status where variable_name in ('Com_insert', 'Com_update', 'Com_delete', 'Com_replace', 'Com_create_table', 'Com_drop_table',
       'Com_alter_table', 'Com_truncate', 'Com_load', 'Com_insert_select', 'Com_update_multi', 'Com_delete_multi', 'Com_call_procedure',
       'Handler_write', 'Handler_update', 'Handler_delete', 'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted')`,
      )
      return Object.fromEntries(
        (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, Number(row.Value)]),
      )
    }
    const checksum = async () => (await company.admin.query(`checksum table ${company.name}.empleados`))[0]
    const before = await counters()
    const sum = await checksum()

    const opened = source(company.url)
    for (let n = 0; n < 5; n++) assert.equal((await opened.read()).ok, true)
    await opened.look()
    await opened.close()

    const afterwards = await counters()
    // SHOW and information_schema are answered from temporary tables, which the server counts as rows written by a handler.
    for (const name of Object.keys(before).filter((name) => name !== 'Handler_write'))
      assert.equal(afterwards[name], before[name], name)
    assert.deepEqual(await checksum(), sum)
  },
)

test(
  'CCM2 · name, port, login, database, rights and schema are told apart, without a word of the driver',
  { skip: my.skip },
  async () => {
    const found = {
      name: await faultOf(changed(company.url, (url) => (url.hostname = 'no-hay-tal-servidor.invalid'))),
      port: await faultOf(changed(company.url, (url) => (url.port = '1'))),
      login: await faultOf(changed(company.url, (url) => (url.password = 'equivocada'))),
      rightsOnDatabase: await faultOf(changed(company.url, (url) => (url.pathname = '/mysql'))),
      database: await faultOf(changed(company.ownUrl, (url) => (url.pathname = '/no_existe'))),
      table: await faultOf(company.ownUrl, { ...PEOPLE, from: { table: 'personal' } }),
      column: await faultOf(company.url, { ...PEOPLE, birth: 'cumple' }),
      tls: await faultOf(changed(company.url, (url) => url.searchParams.set('ssl-mode', 'REQUIRED'))),
    }

    assert.deepEqual(Object.fromEntries(Object.entries(found).map(([name, fault]) => [name, fault?.code])), {
      name: 'name',
      port: 'port',
      login: 'login',
      rightsOnDatabase: 'rights',
      database: 'database',
      table: 'schema',
      column: 'schema',
      tls: 'tls',
    })
    assert.match(found.column!.what!, /cumple/)
    assert.doesNotMatch(JSON.stringify(found), /equivocada|clave-de-lectura|127\.0\.0\.1|Access denied/)

    await company.admin.query(`create table if not exists ${company.name}.secreta(nombre varchar(10), nacimiento date)`)
    assert.equal(
      (await faultOf(company.url, { from: { table: 'secreta' }, name: 'nombre', birth: 'nacimiento' }))?.code,
      'rights',
    )
  },
)

test(
  'CCM3 · a table that is locked is given up after two seconds, and read again when it is free',
  { skip: my.skip },
  async () => {
    const opened = source(company.url)
    await opened.read()
    await company.admin.query(`lock tables ${company.name}.empleados write`)
    try {
      const answer = await opened.read()
      assert.equal(!answer.ok && answer.fault.code, 'slow')
    } finally {
      await company.admin.query('unlock tables')
    }
    assert.equal((await opened.read()).ok, true)
    await opened.close()
  },
)

test('CCM3 · a statement that is slow by itself is ended by the server', { skip: my.skip }, async () => {
  const slow = { ...PEOPLE, from: { query: 'select * from empleados where sleep(0.2) = 0' } }
  assert.equal((await faultOf(company.url, slow))?.code, 'slow')
  // And leaves nothing running behind.
  for (let n = 0; ; n++) {
    const [rows] = await company.admin.query(
      `select count(*) as n from information_schema.processlist where user = '${company.user}' and command = 'Query'`,
    )
    if ((rows as { n: number }[])[0]!.n === 0) break
    assert.ok(n < 200, 'the statement still runs')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})

/** A wire between us and the server that can be cut, or fall silent. */
async function wire(port: number) {
  let silent = false
  let cutAfter = Number.POSITIVE_INFINITY
  const pairs = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    let seen = 0
    pairs.add(near).add(far)
    near.on('data', (bytes) => !silent && far.write(bytes))
    far.on('data', (bytes) => {
      seen += bytes.length
      if (seen > cutAfter) near.destroy()
      else if (!silent) near.write(bytes)
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutAll: () => pairs.forEach((one) => one.destroy()),
    cutAfter: (bytes: number) => (cutAfter = bytes),
    silence: (on: boolean) => (silent = on),
    close: () => {
      pairs.forEach((one) => one.destroy())
      server.close()
    },
  }
}

test(
  'CCM3 · a connection that is dropped while it rests or in the middle of an answer costs at most that answer',
  { skip: my.skip },
  async () => {
    const between = await wire(Number(new URL(my.url).port))
    const opened = source(changed(company.url, (url) => (url.port = String(between.port))))
    try {
      assert.equal((await opened.read()).ok, true)
      between.cutAll()
      assert.equal((await opened.read()).ok, true, 'a rested connection that was closed is replaced')

      between.cutAfter(8_000)
      const cut = await opened.read()
      assert.equal(!cut.ok && cut.fault.code, 'dropped')
      between.cutAfter(Number.POSITIVE_INFINITY)
      assert.equal((await opened.read()).ok, true)

      between.silence(true)
      const silent = await opened.read()
      assert.equal(!silent.ok && ['slow', 'no_answer', 'dropped'].includes(silent.fault.code), true, JSON.stringify(silent))
      between.silence(false)
      assert.equal((await opened.read()).ok, true)
    } finally {
      await opened.close()
      between.close()
    }
  },
)

test('CCM4 · an empty table is an empty list, and too many rows are no list at all', { skip: my.skip }, async () => {
  const empty = await reading(company.url, { ...PEOPLE, from: { query: 'select * from empleados where 1 = 0' } })
  assert.deepEqual(empty, { ok: true, value: [] })

  const ten = '(select 0 union all select 1 union all select 2 union all select 3 union all select 4 union all select 5)'
  const crowd = `select a.* from empleados a, ${ten} b, ${ten} c, ${ten} d, ${ten} e`
  const many = await reading(company.url, { from: { query: crowd }, name: 'nombre', birth: 'fecha_nacimiento' })
  // 388 800 rows: the cap speaks, unless this machine is so busy that the time does.
  assert.equal(many.ok, false)
  assert.ok(!many.ok && ['too_many', 'slow'].includes(many.fault.code), JSON.stringify(many.ok || many.fault))
})

test('CCM2 · what stands in the lines of the mapping is a name or one SELECT, never more', async () => {
  const wrong: Mapping[] = [
    { ...PEOPLE, from: { query: 'delete from empleados' } },
    { ...PEOPLE, from: { query: 'select 1; drop table empleados' } },
    { ...PEOPLE, from: { table: 'empleados` where 1=1; --' } },
    { ...PEOPLE, birth: 'x` from y; --' },
    { from: { table: 'empleados' }, name: 'nombre' },
  ]
  const { directorySettings } = await import('../../src/directory/index.ts')
  for (const people of wrong)
    assert.throws(() => directorySettings({ people }, 'UTC'), { name: 'Misconfigured' }, JSON.stringify(people))
})

test('CCM9 · doctor looks at the schema and proposes the lines that read it', { skip: my.skip }, async () => {
  const clock = systemClock
  const directory = openDirectory({
    source: source(company.url),
    mapping: PEOPLE,
    cache: openCache({ log: silentLog, clock }),
    clock,
    log: silentLog,
    secret: 's'.repeat(32),
  })
  const { findings, proposals } = await directory.lookAt()

  assert.deepEqual(
    findings.map(({ step, state }) => `${step} ${state}`),
    ['name ok', 'port ok', 'tls ok', 'login ok', 'session ok', 'grants ok', 'rows ok'],
  )
  assert.deepEqual(proposals[0]?.columns, {
    birth: 'fecha_nacimiento',
    leaving: 'fecha_baja',
    entry: 'fecha_ingreso',
    chat: 'chat_equipo',
    area: 'area',
    id: 'id',
    name: ['nombre', 'apellidos'],
  })
  assert.match(proposals[0]!.lines, /name: \['nombre', 'apellidos'\]/)
  await directory.close()
})
