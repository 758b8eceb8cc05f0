import { clockTime, type Story } from './story.ts'

const DAY = (at: number) =>
  new Intl.DateTimeFormat('es', { timeZone: 'Europe/Madrid', weekday: 'long', day: 'numeric', month: 'long' }).format(at)
const WORDS: Record<string, string> = {
  reminder: 'recordatorio',
  proactive: 'por su cuenta',
  sent: '✅ enviado',
  cancelled: 'ℹ️ no se envió',
  pending: 'pendiente',
}
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The story as a page of the docs. */
export function pageOf({ lines, waited }: Story): string {
  const told: string[] = []
  let day = ''
  for (const { at, who, text } of lines) {
    if (DAY(at) !== day) told.push(`${told.length > 0 ? '\n' : ''}── ${(day = DAY(at))} ──`)
    const [first, ...rest] = text.split('\n')
    told.push(
      `${clockTime(at)}  ${who === 'person' ? 'tú  ' : 'MAGI'}  ${first}`,
      ...rest.map((line) => `             ${line}`.trimEnd()),
    )
  }
  return `# Una conversación con MAGI, sin ninguna clave

Así es hablar con la compañía de AEGEN recién instalada: \`make start\`, y la página que abre el enlace, o \`bin/centralita talk aegen\`. Sin clave ni red entiende lo de todos los días, dice lo que es, y escribe por su cuenta con modales: pocas veces, a su hora, y no si ya se habló de ello.

![La página de conversación](imagenes/conversacion.png) ![La misma, oscura y en un teléfono](imagenes/conversacion-oscura.png)

ℹ️ Lo que sigue lo escribe \`node bin/generated.ts --write\` haciendo pasar cuatro días por un reloj movido a mano. Nada está retocado, y \`make check\` avisa cuando el programa ya no contesta así.

## Lo que se dijo

\`\`\`text
${told.join('\n')}
\`\`\`

## Lo que esperó su hora

Cada mensaje que nadie espera en ese momento es una fila de \`outbox_messages\`, con lo que se decidió de ella y por qué. Lo mismo enseñan \`bin/centralita outbox list\` y \`GET /api/v1/outbox\`.

| qué | clase | se apuntó | para | qué fue de él | por qué |
| --- | --- | --- | --- | --- | --- |
${waited
  .map(
    ({ what, kind, asked, due, became, sentAt, why }) =>
      `| ${cell(what)} | ${WORDS[kind] ?? kind} | ${asked} | ${due} | ${WORDS[became] ?? became}${became === 'sent' ? `, ${sentAt}` : ''} | ${cell(why.join(' · ')) || 'lo pidió la persona'} |`,
  )
  .join('\n')}
`
}
