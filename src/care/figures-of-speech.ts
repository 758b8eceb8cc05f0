import { gap, words } from './rules.ts'

/*
 * What sounds like danger and is not: said so by the words themselves ("de risa", "for a coffee", "some slack"), whoever
 * says it. Each is blotted out before any rule looks. What only the tone makes harmless does not belong here.
 */

const OF = `(?:risa|hambre|sed|sueno|frio|calor|ganas|amor|envidia|pena|verguenza|miedo|aburrimiento|cansancio|curiosidad|rabia|nervios|emocion|celos|ternura|asco|alegria|gusto)`
const FEARED = `(?:madre|padre|mama|papa|jefe|jefa|profe|profesor|profesora|novi[oa]|mujer|marido|herman[oa]|hij[oa]s|vecin[oa]s|perr[oa]|gat[oa])`

const spanish = words(
  `(?:me )?(?:quiero |queria |voy a |podria )?(?:muero|morir(?:me)?|mori|moria|muriendo) (?:\\w+ )?(?:de|del) (?:la |el )?(?:${OF}|susto)`,
  `me muero por`,
  `mat(?:o|aria|ar) por (?:un|una|el|la|unas?|algo)`,
  `(?:est[ea]|ese|esa|el|la|los|las|estos|estas|esos|esas) ${gap(2)}(?:me )?(?:esta |estan )?(?:mata(?:n|ndo)?)(?: me| los pies| a disgustos| de)?`,
  `mis? ${FEARED} ${gap(1)}me (?:va a |van a )?matan?r? (?:si|cuando|como|por|a disgustos|de)`,
  `mat(?:ar|e|o|ando) (?:el (?:tiempo|rato|gusanillo|hambre|proceso)|las horas|dos pajaros|moscas|bichos|hormigas|cucarachas)`,
  `muert[oa]s? (?:de|del) \\w+`,
  `antes muert[oa] que sencill[oa]`,
  `me mato (?:a|por)`,
  `amores que matan`,
  `sobredosis de (?:trabajo|azucar|cafe|chocolate|informacion|series|tele|dulce|amor|cafeina)`,
  `que suicidio`,
  `suicidio (?:politico|comercial|deportivo|economico)`,
  `escuadron suicida`,
  `matame`,
  `me corte (?:el (?:pelo|dedo|flequillo)|las unas)`,
  `me (?:pego|pegaron|ha pegado|pegue) (?:la gripe|el (?:virus|resfriado|catarro|covid)|un (?:susto|grito|abrazo|resfriado|catarro|bano|viaje)|una (?:bronca|ducha|siesta))`,
  `me pega (?:el sol|mucho|poco|bien|mal|un lametazo|unos lametazos)`,
)

const english = words(
  `(?:kill|die|killing) for (?:a|an|some|that|this|the)`,
  `(?:dying|die|died|dead|dies) (?:of|from|with) (?:laughter|laughing|boredom|embarrassment|hunger|thirst|curiosity|heat|cold|shame|cringe)`,
  `die laughing`,
  `(?:is|are|was|were) killing (?:me|it)`,
  `killed it`,
  `kill (?:a|the|this|that) (?:process|task|job|thread|server|lights?|mood|bug|vibe|tab)`,
  `kill (?:time|some time)`,
  `my (?:mum|mom|dad|mother|father|boss|wife|husband|teacher|parents|girlfriend|boyfriend|sister|brother) (?:will|is going to|would|are going to) kill me (?:if|when|for)`,
  `(?:just |please )?(?:shoot|kill) me(?: now| already)`,
  `just shoot me`,
  `cut myself some slack`,
  `(?:cut|cutting) my (?:finger|hair|nails)`,
  `(?:hit|hits) me (?:up|hard|that)`,
  `suicide squad`,
  `suicide (?:prevention|rates?|awareness|statistics|hotline)`,
  `die (?:my|her|his) hair`,
)

// What is told of a book, a film, the news or a lesson is not told of oneself.
const ABOUT = `(?:protagonista|personaje|novela|libro|pelicula|serie|cancion|poema|tema de|documental|noticia|trabajo sobre|clase|actor|actriz|capitulo|leyendo|book|novel|movie|film|series|song|lyrics|documentary|main character|character|essay|research|news|lesson|watching|reading|listening|read|heard|episode)`
const TOLD = new RegExp(
  `\\b${ABOUT}\\b[^.!?\\n]{0,80}?(?:se suicidan?|se matan?|se mata|se suicida|suicidi\\w*|suicid\\w+|kills? (?:himself|herself|themselves)|domestic violence|violencia)`,
  'gu',
)
const TITLED = new RegExp(`\\b${ABOUT}\\b[^.!?\\n"]{0,40}"[^"\\n]{1,80}"[^.!?\\n]{0,60}`, 'gu')
const IN_CLASS = /\b(?:prevencion del?|linea[^.!?\n]{0,20}contra el|sobre el|tasas? de) suicidio\b/gu

/** The same text with every harmless figure of speech made blank. */
export const withoutFigures = (text: string): string =>
  [TITLED, TOLD, IN_CLASS, spanish, english].reduce(
    (left, figure) => left.replaceAll(figure, (all) => ' '.repeat(all.length)),
    text,
  )
