/**
 * `node test/ccm/fill.ts mysql://root@127.0.0.1:3306/rrhh [how many]`: makes the table `empleados` and fills it with people
 * who do not exist. It refuses a table that is already there.
 */
import mysql from 'mysql2/promise'
import { madeUpPeople } from './made-up.ts'

export const TABLE = `create table empleados(
  id int primary key, nombre varchar(120) not null, apellidos varchar(120), fecha_ingreso date, fecha_baja date,
  fecha_nacimiento date, area varchar(80), chat_equipo varchar(80)) character set utf8mb4`

const AT_ONCE = 2_000

export async function fill(
  url: string,
  count: number,
  { seed = 7, today }: { seed?: number; today?: string } = {},
): Promise<void> {
  const connection = await mysql.createConnection({ uri: url, charset: 'utf8mb4' })
  try {
    await connection.query(TABLE)
    let batch: unknown[][] = []
    const write = async () => {
      if (batch.length === 0) return
      await connection.query(
        'insert into empleados(id, nombre, apellidos, fecha_ingreso, fecha_baja, fecha_nacimiento, area) values ?',
        [batch],
      )
      batch = []
    }
    for (const one of madeUpPeople(count, seed, today)) {
      batch.push([one.id, one.nombre, one.apellidos, one.fecha_ingreso, one.fecha_baja, one.fecha_nacimiento, one.area])
      if (batch.length === AT_ONCE) await write()
    }
    await write()
  } finally {
    await connection.end()
  }
}

if (import.meta.main) {
  const [url, count = '250'] = process.argv.slice(2)
  if (!url || !/^\d{1,7}$/.test(count)) {
    console.error('node test/ccm/fill.ts mysql://usuario:clave@servidor:3306/base [cuántas]')
    process.exit(2)
  }
  await fill(url, Number(count), { today: Temporal.Now.plainDateISO().toString() })
  console.log(`${count} personas inventadas en la tabla empleados`)
}
