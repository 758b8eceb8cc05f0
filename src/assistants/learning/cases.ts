/**
 * The everyday things that deserve being asked about later, by rules. `day`: needs a day that was said ("tomorrow I have
 * an exam"), is about today ("I slept badly"), or is better asked the day after. `delicate`: asked about without naming it.
 */
export type Case = { topic: string; day: 'said' | 'today' | 'after'; delicate?: true; es: RegExp; en: RegExp }

const RELATIVE =
  '(?:madre|mama|padre|papa|abuel[oa]|herman[oa]|hij[oa]|ti[oa]|pareja|marido|mujer|espos[oa]|novi[oa]|suegr[oa]|prim[oa]|perr[oa]|gat[oa])'
const RELATIVE_EN =
  '(?:mother|mom|mum|father|dad|grand(?:ma|pa|mother|father)|brother|sister|son|daughter|aunt|uncle|partner|husband|wife|boyfriend|girlfriend|cousin|dog|cat)'
const SPORT = '(?:gimnasio|gym|entren\\w+|correr|deporte|pilates|yoga|nadar|natacion|crossfit)'
const SPORT_EN = '(?:gym|work(?:ing)? ?out|training|train|run(?:ning)?|exercis\\w+|swim\\w*|yoga|pilates)'

export const CASES: readonly Case[] = [
  {
    topic: 'gym',
    day: 'today',
    es: new RegExp(
      `\\b(?:(?:no|tampoco) tengo (?:\\w+ )?ganas|sin ganas|cero ganas|pocas ganas|(?:no|tampoco) me apetece|(?:que|me da) pereza|no me animo|paso)\\b.{0,40}\\b${SPORT}\\b|\\bno (?:se si|creo que) (?:voy|vaya|ire|ir) (?:hoy )?(?:al|a) ${SPORT}\\b`,
    ),
    en: new RegExp(
      `\\b(?:don't feel like|do not feel like|not in the mood|can't be bothered|no energy|too tired|too lazy)\\b.{0,40}\\b${SPORT_EN}\\b`,
    ),
  },
  {
    topic: 'gymPlan',
    day: 'today',
    es: new RegExp(
      `\\b(?:hoy|esta tarde|esta noche|luego)\\b.{0,25}\\b(?:voy|ire|toca|quiero ir|tengo que ir|me toca)\\b.{0,12}\\b(?:gimnasio|gym|entrenar)\\b`,
    ),
    en: new RegExp(
      `\\b(?:i'm going|i'll go|i will go|going) to (?:the )?gym\\b.{0,20}\\b(?:today|tonight|later|this (?:afternoon|evening))\\b`,
    ),
  },
  {
    topic: 'exam',
    day: 'said',
    es: /\b(?:tengo|hago|me toca|presento)\b.{0,40}\b(?:examen(?:es)?|parcial(?:es)?|oposicion(?:es)?|selectividad)\b|\bme examino\b/,
    en: /\b(?:i have|i've got|i am taking|i'm taking|i take|got)\b.{0,30}\b(?:exams?|midterms?|finals?|driving test)\b/,
  },
  {
    topic: 'interview',
    day: 'said',
    es: /\b(?:tengo|hago|me toca|me han dado|voy a)\b.{0,30}\bentrevista\b/,
    en: /\b(?:i have|i've got|got)\b.{0,30}\binterview\b/,
  },
  {
    topic: 'presentation',
    day: 'said',
    es: /\b(?:tengo|hago|doy|me toca|presento|expongo|defiendo)\b.{0,40}\b(?:presentacion|exposicion|charla|ponencia|tesis|tfg|tfm|proyecto (?:final|en el trabajo)|reunion importante|demo)\b/,
    en: /\b(?:i have|i've got|i'm giving|i give|got|i'm presenting|i present)\b.{0,40}\b(?:presentation|talk|pitch|demo|thesis|big meeting)\b/,
  },
  {
    topic: 'trip',
    day: 'said',
    es: /\b(?:viajo|volamos|viajamos|me voy de (?:viaje|vacaciones)|nos vamos de (?:viaje|vacaciones)|salgo de viaje|(?:tengo|cojo|tomo) (?:un |el )?(?:vuelo|avion|tren))\b/,
    en: /\b(?:i'm (?:flying|travel+ing)|i fly|i travel|my flight|i have a flight|(?:going|leaving) on (?:a trip|holiday|vacation))\b/,
  },
  {
    topic: 'sleep',
    day: 'today',
    es: /\b(?:(?:no )?(?:he|hemos) dormido (?:fatal|mal|poco|nada|poquisimo|regular)|no he dormido|dormi (?:fatal|mal|poco|nada)|no pegue ojo|no he pegado ojo|noche en vela)\b/,
    en: /\b(?:slept (?:so )?(?:badly|terribly|poorly)|(?:didn't|haven't|couldn't) (?:really )?(?:sleep|slept)|barely slept|no sleep last night)\b/,
  },
  {
    topic: 'moving',
    day: 'said',
    es: /\b(?:me mudo|nos mudamos|(?:hago|tengo|toca|es) la mudanza|me cambio de (?:casa|piso))\b/,
    en: /\b(?:(?:i'm|we're|i am|we are) moving (?:house|home|out|in|flats?|apartments?|on|tomorrow|this|next)|i move (?:house|out)|moving day)\b/,
  },
  {
    topic: 'newJob',
    day: 'said',
    es: /\b(?:empiezo|comienzo)\b.{0,30}\b(?:trabajo|trabajar|curro|empleo|practicas)\b/,
    en: /\b(?:i start|i'm starting)\b.{0,30}\b(?:job|work|internship)\b/,
  },
  {
    topic: 'doctor',
    day: 'said',
    delicate: true,
    es: /\b(?:tengo|me toca|voy|me dan)\b.{0,40}\b(?:medic[oa]|doctora?|dentista|psicolog[oa]|psiquiatra|analitica|radiografia|operacion|cirugia|resonancia|ecografia|revision medica|hospital)\b|\bme operan\b/,
    en: /\b(?:i have|i've got|i'm seeing|i see|going to)\b.{0,40}\b(?:doctor|dentist|therapist|psychologist|surgery|scan|blood test|check-?up|hospital)\b/,
  },
  {
    topic: 'argument',
    day: 'after',
    delicate: true,
    es: /\b(?:(?:he|hemos|me he) (?:discutido|peleado|renido)|discuti|me pelee|(?:tuve|tuvimos|he tenido) una (?:\w+ )?(?:pelea|discusion|bronca)) (?:\w+ ){0,3}con (?:mi|mis|el|ella|un|una)\b/,
    en: /\b(?:(?:i )?(?:had|got into) (?:a|an) (?:\w+ )?(?:fight|argument|row)|i argued|i fought|we argued) (?:\w+ )?with (?:my|him|her)\b/,
  },
  {
    topic: 'family',
    day: 'after',
    delicate: true,
    es: new RegExp(
      `\\bmi ${RELATIVE}\\b.{0,40}\\b(?:enferm[oa]|hospital|ingresad[oa]|operan|operaron|operad[oa]|cancer|infarto|ictus|urgencias|(?:muy )?mal(?:it[oa])?|fiebre|grave)\\b|\\b(?:operan|ingresaron|han ingresado|han operado) a mi ${RELATIVE}\\b`,
    ),
    en: new RegExp(`\\bmy ${RELATIVE_EN}\\b.{0,40}\\b(?:sick|ill|hospital|surgery|cancer|stroke|heart attack|unwell|fever)\\b`),
  },
]
