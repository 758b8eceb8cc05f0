import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CouldNotAsk, DatabaseUnreached, Misconfigured, Refused, SchemaTooNew } from '../foundation/index.ts'
import { FolderBusy } from './neighbour.ts'
import { sentenceOf } from './sentence.ts'
import { AlreadyRunning } from './start.ts'

const told = (error: unknown) => sentenceOf(error, 'es')?.join('\n')

test('every failure that was foreseen is a sentence that says what to check', () => {
  const system = (code: string, more: object) => Object.assign(new Error('x'), { code, ...more })
  for (const [error, expected] of [
    [new Misconfigured(['PORT: no']), /^Hay una cosa que corregir:\n {2}• PORT: no$/],
    [new Misconfigured(['a', 'b']), /^Hay 2 cosas que corregir:/],
    [new SchemaTooNew('m', '2.0.0'), /Use la 2\.0\.0/],
    [new DatabaseUnreached('ECONNREFUSED'), /nada escucha en esa dirección/],
    [new DatabaseUnreached('28P01'), /usuario o la contraseña de DATABASE_URL/],
    [new DatabaseUnreached('28P01', 'parts'), /contraseña de POSTGRES_USER y POSTGRES_PASSWORD/],
    [new DatabaseUnreached('ENOTFOUND', 'parts'), /nombre en POSTGRES_SERVER\./],
    [new DatabaseUnreached('3D000'), /createdb/],
    [new DatabaseUnreached('XX000'), /fallo XX000/],
    [new AlreadyRunning('Ya hay'), /^Ya hay$/],
    [new FolderBusy('/data'), /Otro proceso usa \/data/],
    [new CouldNotAsk('http://127.0.0.1:8000', 'no'), /http:\/\/127\.0\.0\.1:8000.*doctor/],
    [new Refused('unauthorized', 'x', { status: 401 }), /otra ADMIN_API_KEY/],
    [new Refused('not_pending', 'Ya no.', { status: 409 }), /^Ya no\.$/],
    [system('EADDRINUSE', { port: 8000 }), /El puerto 8000 ya está ocupado/],
    [system('EACCES', { port: 80 }), /mayor que 1023/],
    [system('EACCES', { path: '/data' }), /No hay permiso para \/data/],
    [system('ENOSPC', {}), /disco está lleno/],
    [system('ERR_SQLITE_ERROR', { errcode: 13 }), /disco está lleno/],
    [system('ERR_SQLITE_ERROR', { errcode: 267 }), /está dañado/],
  ] as const)
    assert.match(told(error)!, expected)
})

test('what nobody foresaw is left to be shown with its stack', () => {
  for (const error of [new TypeError('x is not a function'), 'thrown', undefined, Object.assign(new Error(), { code: 'EFOO' })])
    assert.equal(told(error), undefined)
})
