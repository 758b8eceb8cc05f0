import type { directory as spanish } from '../es/directory.ts'

type Found = { step: string; state: 'ok' | 'warn' | 'bad'; what: string; details?: Readonly<Record<string, string | number>> }

const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`
const inArea = (area: string | null) => (area === null ? '' : ` in ${area}`)

const faults = {
  unset: (what: string) => `${what || 'HR_DATABASE_URL'} is missing: nobody said where the people are.`,
  name: (what: string) =>
    `The server's name${what && ` (${what})`} does not exist or cannot be found out. Check HR_DATABASE_URL and the container's DNS.`,
  port: (what: string) =>
    `Nobody listens on that port${what && ` (${what})`}, or a firewall refuses it. Check the port in HR_DATABASE_URL, bind-address and the firewall.`,
  no_answer: () =>
    'The server does not answer: usually a silent firewall, or a tunnel that is down. Check that this machine can reach it.',
  tls: (what: string) =>
    `The connection could not be encrypted${what && ` (${what})`}. Check ssl-mode and ssl-ca in HR_DATABASE_URL, and the name in the certificate.`,
  login: () => 'The server does not accept the user or the password in HR_DATABASE_URL.',
  host: () => 'The server does not let that user in from this address. Check the "@…" that the user was created with.',
  database: () => 'The database that HR_DATABASE_URL names does not exist.',
  rights: (what: string) =>
    `The user may not read${what ? ` ${what}` : ' that table'}. GRANT SELECT on the table of people is enough.`,
  schema: (what: string) =>
    `The table or a column does not exist: ${what}. Check the "people" lines of assistants/ccm.ts; "centralita doctor hr" proposes others.`,
  slow: () => 'The people’s database took more than 2 s and was given up. It may be locked or overloaded.',
  dropped: () => 'The people’s database cut the connection half way.',
  busy: () => 'The people’s database takes no more connections right now.',
  too_many: (what: string) =>
    `There are more rows than are read${what && ` (${what})`}: half a list is not used. Use a query that narrows them down.`,
  file: (what: string) => `The file ${what} cannot be read. Check that it exists and that it is mounted into the container.`,
  format: (what: string) =>
    `The file cannot be understood (${what}). It must be .csv or .xlsx, with the names of the columns in its first row.`,
  credentials: () => 'Google does not accept the credentials. Check GOOGLE_APPLICATION_CREDENTIALS.',
  refused: (what: string) => `The service said no (${what}).`,
  unknown: (what: string) => `The people’s database failed${what && ` (${what})`}.`,
}

export const directory: typeof spanish = {
  log: {
    directory_read: 'Read {people} people in {ms} ms',
    directory_away: 'The people’s database is not available: {code}',
    directory_none: 'No people’s database ({what}): no notices of hires or birthdays',
    directory_back: 'The people’s database is available again',
    directory_not_kept: 'The list of people could not be kept in the cache',
    directory_told: '{what}: {messages} messages queued ({ms} ms)',
    directory_notice_queued: 'Today’s notice "{notice}" is queued: {messages} messages',
    directory_notice_missed: 'Today’s notice "{notice}" could not leave within its window',
  },
  say: {
    locale: 'en',
    titles: {
      birthdays: (range: string) => `🎂 Birthdays: ${range}`,
      hires: (range: string) => `👋 New people: ${range}`,
    },
    range: (from: string, to: string) => `${from} to ${to}`,
    today: (date: string) => `Today, ${date}`,
    tomorrow: (date: string) => `Tomorrow, ${date}`,
    person: (name: string, area: string | null, onTheDay: string | null) =>
      `• ${name}${area === null ? '' : ` · ${area}`}${onTheDay === null ? '' : ` (on ${onTheDay})`}`,
    part: (n: number, of: number) => `(${n} of ${of})`,
    continued: (day: string) => `${day} (continued)`,
    noRoom: (count: number) => `… and ${many(count, 'more person', 'more people')}.`,
    old: (age: string) => `ℹ️ From data of ${age} ago: the people’s database does not answer right now.`,
    age: (ms: number) =>
      ms < 3_600_000
        ? many(Math.max(1, Math.round(ms / 60_000)), 'minute', 'minutes')
        : many(Math.round(ms / 3_600_000), 'hour', 'hours'),
    none: {
      birthdays: (range: string, area: string | null) => `Nobody has a birthday${inArea(area)} (${range}).`,
      hires: (range: string, area: string | null) => `Nobody starts${inArea(area)} (${range}).`,
    },
    noMatch: (name: string) => `I find nobody called "${name}" in those dates.`,
    birthdayOf: (name: string, date: string) => `${name}’s birthday is on ${date}.`,
    hireOf: (name: string, date: string) => `${name} starts on ${date}.`,
    levels: {
      info: (text: string) => `ℹ️ ${text}`,
      aviso: (text: string) => `⚠️ ${text}`,
      urgente: (text: string) => `🚨 URGENT\n${text}`,
    },
    examples: { birthdays: 'whose birthday is it this week?', hires: 'who starts on Monday?' },
    notAllowed: 'Sorry: I can only answer this in the chats that are allowed to ask. Please talk to whoever runs this assistant.',
    unavailable: 'I cannot look at the list of people right now. Please try again in a while.',
    faults,
    findings: ({ step, what, details = {} }: Found): string => {
      const more = String(details['what'] ?? '')
      if (what in faults) return faults[what as keyof typeof faults](more)
      const said: Record<string, string> = {
        'name:found': `Name: ${details['host']} is ${details['address']}`,
        'port:open': `Port: ${details['port']} answers`,
        'tls:proven': `TLS: encrypted, and the certificate is proven (${details['cipher']})`,
        'tls:unproven': `TLS: encrypted, but nothing proves who answers (${details['cipher']}). Put ssl-ca=/path/ca.pem in HR_DATABASE_URL`,
        'tls:encrypted': 'TLS: encrypted',
        'tls:plain': 'TLS: not encrypted; fine on the same machine or through a tunnel, not on another network',
        'login:in': `Login: in (${details['version']})`,
        'session:read_only': 'Session: read only',
        'session:writable': 'Session: the server does not make it read only; the grants alone protect it',
        'grants:select_only': 'Grants: reading only',
        'grants:too_many_rights': `Grants: the user may do more than read (${details['rights']}). Create one with SELECT only`,
        'rows:counted': `Rows: ${details['rows']} are read`,
        'file:found': `File: ${details['file']}`,
      }
      return said[`${step}:${what}`] ?? `${step}: ${what} ${more}`.trim()
    },
    proposed: (table: string) =>
      `By the names of its columns the table seems to be "${table}". These lines would go into assistants/ccm.ts:`,
    nothingProposed: 'No table looks like a list of people with dates. Write the "people" lines by hand, or a query ("query").',
    validation: {
      title: 'Validation of CCM',
      mode: { dry: 'Simulated: nothing is sent (with --real one real notice is)', real: 'With one real send' },
      checks: {
        health: 'Health, part by part',
        hires: '/telegram/proximos-ingresos',
        birthdays: '/telegram/proximos-cumpleanos',
        alert: '/telegram/alerta',
        previews: 'Preview with GET',
        without_key: 'Nobody comes in without a key',
        bad_days: 'Impossible days',
        bad_chat: 'A chat that is no chat (injection)',
        bad_json: 'Half a JSON',
        unknown_field: 'A field that does not exist',
        injection: 'SQL and HTML in the text: text only',
        real_alert: 'A real send to CCM’s chats',
      },
      answered: (status: number, ms: number) => `answered ${status} in ${ms} ms`,
      expected: (status: string) => `expected ${status}`,
      nobodyAnswers: 'nobody answers: is it running? (centralita start)',
      people: (count: number, skipped: number) => `${many(count, 'person', 'people')}, ${skipped} skipped`,
      age: (seconds: number) => `data of ${seconds} s ago`,
      stale: (seconds: number) => `the database does not answer; data of ${seconds} s ago were used`,
      noChat: 'no chat: set CCM_CHAT_IDS',
      unavailable: (why: string, check: string) => `no people’s database (${why}): ${check}`,
      sent: (id: string, status: string) => `${id}: ${status === 'sent' ? 'delivered' : status}`,
      part: (name: string, state: string, why: string) => `${name}: ${state}${why && ` (${why})`}`,
      summary: (ok: number, warn: number, info: number) => `✅ ${ok} · ⚠️ ${warn} · ℹ️ ${info}`,
    },
  },
}
