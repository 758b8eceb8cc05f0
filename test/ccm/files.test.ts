import assert from 'node:assert/strict'
import { generateKeyPairSync, createVerify } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import pg from 'pg'
import { systemClock } from '../../src/foundation/index.ts'
import { sourceFor, type Mapping } from '../../src/directory/index.ts'
import { csvRows } from '../../src/directory/sources/csv.ts'
import { peopleFrom } from '../../src/directory/roster.ts'
import { freshPostgres } from '../support/engines.ts'
import { postgresUrl } from '../support/servers.ts'
import { zipped } from './zipped.ts'

const folder = mkdtempSync(join(tmpdir(), 'centralita-ccm-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const MAPPING: Omit<Mapping, 'from'> = {
  name: ['Nombre', 'Apellidos'],
  birth: 'Fecha de nacimiento',
  entry: 'Ingreso',
  area: 'Área',
}

async function read(from: Mapping['from'], more: Partial<Parameters<typeof sourceFor>[1]> = {}) {
  const mapping = { ...MAPPING, from }
  const source = sourceFor(mapping, { url: undefined, folder, clock: systemClock, ...more })!
  const answer = await source.read()
  await source.close()
  if (!answer.ok) return answer.fault
  return (await peopleFrom(answer.value, mapping)).map(({ name, birth, entry, area }) => [name, birth, entry, area].join(' · '))
}

const EXPECTED = ['Ana Prueba · 1990-11-22 · 2020-01-07 · Administración', 'Beto «B» Ensayo · 1985-05-25 ·  · Ventas; y más']

test('CCM17 · a CSV is read whatever separates it and however Excel wrote its letters', async () => {
  const text = [
    'Apellidos;nombre;FECHA DE NACIMIENTO;ingreso;area',
    'Prueba;Ana;22/11/1990;2020-01-07;Administración',
    'Ensayo;"Beto «B»";25/05/1985;;"Ventas; y más"',
    '',
  ].join('\r\n')
  writeFileSync(join(folder, 'utf8.csv'), `\ufeff${text}`)
  writeFileSync(join(folder, 'ansi.csv'), Buffer.from(text, 'latin1'))
  writeFileSync(join(folder, 'comas.CSV'), text.replaceAll(/;(?! y)/g, ','))

  for (const file of ['utf8.csv', 'ansi.csv', 'comas.CSV']) assert.deepEqual(await read({ file }), EXPECTED, file)
  assert.deepEqual(csvRows('a,"b ""c"" d",\n"x\ny",,z'), [
    ['a', 'b "c" d', ''],
    ['x\ny', '', 'z'],
  ])
  assert.deepEqual(csvRows('"sin cerrar'), [['sin cerrar']])
})

/** The smallest workbook there is: one sheet, texts inside the cells, dates as Excel counts and formats them. */
function workbook(rows: (string | number | null)[][]): Uint8Array {
  const cell = (value: string | number | null, at: string) =>
    value === null
      ? ''
      : typeof value === 'number'
        ? `<c r="${at}" s="1"><v>${value}</v></c>`
        : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
  const lines = rows.map(
    (row, n) => `<row r="${n + 1}">${row.map((value, m) => cell(value, `${'ABCDEFG'[m]}${n + 1}`)).join('')}</row>`,
  )
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const pack = 'http://schemas.openxmlformats.org/package/2006'
  const files = {
    '[Content_Types].xml': `<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${pack}/relationships"><Relationship Id="r1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="Personas" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${pack}/relationships"><Relationship Id="r1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${rel}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`,
  }
  return zipped(files)
}

test('CCM17 · a workbook is read, its dates as they are; a wrong sheet, a wrong heading and a broken file are named', async () => {
  const rows = [
    ['Nombre', 'Apellidos', 'Fecha de nacimiento', 'Ingreso', 'Área'],
    ['Ana', 'Prueba', 33_199, 43_837, 'Administración'],
    ['Beto «B»', 'Ensayo', '25/05/1985', null, 'Ventas; y más'],
  ]
  writeFileSync(join(folder, 'personas.xlsx'), workbook(rows))
  writeFileSync(
    join(folder, 'otra.xlsx'),
    workbook([
      ['Nombre', 'Apellido'],
      ['x', 'y'],
    ]),
  )
  writeFileSync(join(folder, 'rota.xlsx'), workbook(rows).subarray(0, 300))

  assert.deepEqual(await read({ file: 'personas.xlsx' }), EXPECTED)
  assert.deepEqual(await read({ file: 'personas.xlsx', sheet: 'Personas' }), EXPECTED)
  assert.deepEqual(await read({ file: 'personas.xlsx', sheet: 'Nóminas' }), { code: 'format', what: 'Nóminas' })
  assert.deepEqual(await read({ file: 'otra.xlsx' }), { code: 'schema', what: 'Ingreso, Fecha de nacimiento, Área, Apellidos' })
  assert.deepEqual(await read({ file: 'rota.xlsx' }), { code: 'format', what: 'rota.xlsx' })
  assert.deepEqual(await read({ file: 'no-esta.xlsx' }), { code: 'file', what: 'no-esta.xlsx' })
  assert.deepEqual(await read({ file: 'personas.ods' }), { code: 'format', what: 'personas.ods' })
})

test('CCM17 · a Google Sheet is read with a token that a signed statement earned; each refusal is told apart', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const credentials = join(folder, 'cuenta.json')
  writeFileSync(
    credentials,
    JSON.stringify({
      client_email: 'lee@proyecto.example',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      private_key_id: 'k1',
    }),
  )
  let tokens = 0
  let status = 200
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const answer = (code: number, value: unknown) =>
        response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      if (request.url === '/token') {
        const assertion = new URLSearchParams(Buffer.concat(parts).toString()).get('assertion')!
        const [head, claims, signature] = assertion.split('.')
        const good = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature!, 'base64url')
        const { iss, scope, exp, iat } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, unknown>
        const right =
          good &&
          iss === 'lee@proyecto.example' &&
          String(scope).endsWith('spreadsheets.readonly') &&
          Number(exp) - Number(iat) === 3600
        tokens++
        return right ? answer(200, { access_token: 'prueba', expires_in: 3600 }) : answer(400, { error: 'invalid_grant' })
      }
      if (status !== 200) return answer(status, {})
      if (request.headers.authorization !== 'Bearer prueba') return answer(401, {})
      assert.equal(request.method, 'GET')
      assert.match(request.url!, /^\/v4\/spreadsheets\/hoja-1\/values\/A%3AZZ\?/)
      return answer(200, {
        values: [
          ['Nombre', 'Apellidos', 'Fecha de nacimiento', 'Ingreso', 'Área'],
          ['Ana', 'Prueba', 33_199, 43_837, 'Administración'],
          ['Beto «B»', 'Ensayo', '25/05/1985', '', 'Ventas; y más'],
        ],
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const from = { googleSheet: 'hoja-1' }
  const google = { googleCredentials: credentials, googleApiRoot: apiRoot }
  try {
    assert.deepEqual(await read(from, google), EXPECTED)
    assert.equal(tokens, 1)
    assert.deepEqual(await read(from, { ...google, googleCredentials: undefined }), {
      code: 'unset',
      what: 'GOOGLE_APPLICATION_CREDENTIALS',
    })
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(folder, 'otra.json'), JSON.stringify({ client_email: 'lee@proyecto.example', private_key: other }))
    assert.deepEqual(await read(from, { ...google, googleCredentials: join(folder, 'otra.json') }), { code: 'credentials' })
    writeFileSync(join(folder, 'rota.json'), JSON.stringify({ client_email: 'x', private_key: 'no' }))
    assert.equal(
      ((await read(from, { ...google, googleCredentials: join(folder, 'rota.json') })) as { code: string }).code,
      'credentials',
    )
    for (const [answered, code] of [
      [403, 'rights'],
      [404, 'rights'],
      [429, 'busy'],
      [503, 'busy'],
    ] as const) {
      status = answered
      assert.equal(((await read(from, google)) as { code: string }).code, code, String(answered))
    }
  } finally {
    server.close()
  }
  assert.equal(((await read(from, google)) as { code: string }).code, 'port')
})

const post = postgresUrl()
test('CCM17 · PostgreSQL is read the same way, read only by rights and by session', { skip: post.skip }, async () => {
  const fresh = await freshPostgres(post.url)
  const admin = new pg.Client({ connectionString: fresh.url })
  await admin.connect()
  const role = `lee_${process.pid}`
  try {
    await admin.query(
      `create table empleados("Nombre" text, "Apellidos" text, "Fecha de nacimiento" date, "Ingreso" timestamptz, "Área" text)`,
    )
    await admin.query(
      `insert into empleados values ('Ana', 'Prueba', '1990-11-22', '2020-01-07', 'Administración'), ('Beto «B»', 'Ensayo', '1985-05-25', null, 'Ventas; y más')`,
    )
    await admin.query(
      `create function ensucia() returns int language plpgsql as $$ begin delete from empleados; return 1; end $$`,
    )
    await admin.query(`create role ${role} login password 'x'; grant select on empleados to ${role}`)
    const url = fresh.url
    const table = { table: 'empleados' }
    assert.deepEqual(await read(table, { url }), EXPECTED)
    assert.deepEqual(await read({ query: 'select *, ensucia() from empleados' }, { url }), { code: 'unknown', what: '25006' })
    assert.equal(((await read({ query: 'select *, pg_sleep(5) from empleados' }, { url })) as { code: string }).code, 'slow')
    assert.equal(((await read({ table: 'personal' }, { url })) as { code: string }).code, 'schema')
    const lesser = new URL(url)
    lesser.username = role
    lesser.password = 'x'
    assert.deepEqual(await read(table, { url: lesser.href }), EXPECTED)
    const look = async (address: string) => {
      const source = sourceFor({ ...MAPPING, from: table }, { url: address, folder, clock: systemClock })!
      const { findings } = await source.look()
      await source.close()
      return findings.map(({ step, state }) => `${step} ${state}`)
    }
    assert.deepEqual(await look(lesser.href), [
      'name ok',
      'port ok',
      'tls warn',
      'login ok',
      'session ok',
      'grants ok',
      'rows ok',
    ])
    assert.ok((await look(url)).includes('grants bad'))
    assert.equal((await admin.query('select count(*)::int as n from empleados')).rows[0].n, 2)
  } finally {
    await admin.query(`drop owned by ${role}; drop role ${role}`).catch(() => {})
    await admin.end()
    await fresh.drop()
  }
})
