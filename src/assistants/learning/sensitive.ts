import { fold } from '../when/fold.ts'

/**
 * What a person would not want to see on a locked screen, or said aloud by somebody else. Rather too much than too little:
 * what is taken for delicate is still remembered and answered, only never brought up unasked.
 */
const DELICATE = new RegExp(
  [
    // Health of body and mind.
    /\b(?:depre(?:sion|sivo|siva|ssion|ssed)?|ansiedad|ansios[oa]|anxiety|panico|panic attacks?|bipolar\w*|esquizo\w*|schizo\w*|tdah|adhd|autis\w+|anorexi\w+|bulimi\w+|terapi[ae]\w*|therap\w+|psico\w+|psych\w+|medica(?:cion|mento\w*|tion)|pastillas?|pills|antidepres\w+|insulina|insulin|diabet\w+|cancer|tumor\w*|quimio\w*|chemo\w*|vih|hiv|sida|its|ets|std|epileps\w+|infarto|ictus|stroke|diagnos\w+|enfermedad\w*|enferm[oa]s?|illness|disease|hospital\w*|ingresad[oa]s?|urgencias|operacion|operan|operaron|surgery|cirugia|medic[oa]s?|doctor[ae]?s?|dentista|analitica|biopsia|biopsy|embaraz\w+|pregnan\w+|abort\w+|miscarriage|fertilidad|fertility|regla|menopausia)\b/,
    /\b(?:suicid\w*|matarme|kill myself|morirme|quitarme la vida|autolesion\w*|cortarme|self.?harm|no quiero vivir)\b/,
    // Love, body, faith, opinion.
    /\b(?:sexual\w*|sexo|sex|gay|lesbiana|lesbian|bisexual|trans(?:exual|genero|gender)?|amante|infidel\w*|infiel|cheat(?:ed|ing) on|me engan[oa]\w*|divorci\w*|divorc\w*|separacion|ruptura|he roto con|broke up)\b/,
    /\b(?:catolic[oa]|musulman\w*|muslim|judi[oa]s?|jewish|evangelic\w*|ate[oa]s?|atheist|religio\w*|iglesia|voto|votar|vote[ds]?|partido politico|sindicato|afiliad[oa])\b/,
    // Money, law, harm, addiction.
    /\b(?:deudas?|debts?|hipoteca|embargo|desahuci\w*|bancarrota|bankrupt\w*|despid\w+|despedid[oa]|fired|paro|desemplead[oa]|unemployed|nomina|salario|sueldo|salary)\b/,
    /\b(?:juicio|denunci\w*|carcel|prison|jail|policia|police|antecedentes|abogad[oa]|lawyer|papeles|inmigracion|deport\w*|asilo)\b/,
    /\b(?:maltrat\w*|abus[oae]\w*|viola(?:cion|ron|da|do)|rape[d]?|violencia|violence|me pega\w*|acoso|acosa\w*|bullying|harass\w*)\b/,
    /\b(?:alcohol\w*|borrach[oa]|drunk|drogas?|drugs?|cocaina|cocaine|heroina|heroin|marihuana|cannabis|porros?|adict\w*|adiccion\w*|addict\w*|ludopat\w*|apuestas|gambling|recai\w*|relapse\w*)\b/,
    /\b(?:fallec\w*|murio|ha muerto|muerte|funeral|entierro|velatorio|died|death|luto|duelo|grief)\b/,
    /\b(?:discuti\w*|discusion\w*|pelea\w*|bronca\w*|argued|argument)\b/,
    /\b(?:contrasena|password|pin|tarjeta de credito|credit card|iban|dni|pasaporte|passport)\b/,
  ]
    .map((one) => one.source)
    .join('|'),
)

export const isDelicate = (text: string): boolean => DELICATE.test(fold(text.normalize('NFC').slice(0, 8_000)))
