/** What a person may ask of their own file, by name, in both languages. */
export type Right = 'data' | 'correct' | 'ephemeral' | 'forget' | 'quiet' | 'link' | 'zone'

const NAMES: Record<string, Right> = {
  misdatos: 'data',
  mydata: 'data',
  corregir: 'correct',
  correct: 'correct',
  efimero: 'ephemeral',
  ephemeral: 'ephemeral',
  olvidar: 'forget',
  forget: 'forget',
  silencio: 'quiet',
  quiet: 'quiet',
  vincular: 'link',
  link: 'link',
  zona: 'zone',
  zone: 'zone',
}

export const rightOf = (name: string | undefined): Right | undefined =>
  name !== undefined && Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined

const YES =
  /^\W*(?:si|s|claro|confirmo|adelante|borralo|borra(?:lo)? todo|de acuerdo|vale|ok|okay|yes|y|confirm|do it|go ahead|sure)\W*$/
const NO = /^\W*(?:no|n|cancela(?:r)?|dejalo|mejor no|nada|cancel|never ?mind|stop)\W*$/

export const answerIn = (plain: string): 'yes' | 'no' | undefined =>
  plain.length > 40 ? undefined : YES.test(plain) ? 'yes' : NO.test(plain) ? 'no' : undefined

const EVERYTHING = /^(?:absolutamente )?(?:todo|todo lo mio|todos mis datos|mis datos|de todo|everything|all|all my data)$/

export const meansEverything = (plain: string): boolean => EVERYTHING.test(plain.trim())

const PRESS = /^ask:([\w-]{1,40}):(y|n)$/

export const pressIn = (data: string | undefined): { id: string; yes: boolean } | undefined => {
  const match = PRESS.exec(data ?? '')
  return match ? { id: match[1]!, yes: match[2] === 'y' } : undefined
}

export const pressOf = (id: string, yes: boolean): string => `ask:${id}:${yes ? 'y' : 'n'}`
