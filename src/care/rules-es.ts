import { gap, words, type Rule } from './rules.ts'

// Patterns are written without accents: that is how the words arrive (see plain-words.ts).

const WISH = `(?:quier[oa]|quisiera|queriendo|deseo|deseando|necesito|ojala|prefiero|preferiria|me gustaria|(?:me dan?|tengo|he tenido|con|tantas) ${gap(2)}ganas de)`
const THINK = `(?:piens[eo]|pensar|pensando|pensado|penso|decidid[oa]|idea de|ideas de|a punto de|planeo|planeando|intente|intentar|intentado|plan para)`
const KILL_ME = `(?:matarme|suicidarme|ahorcarme|quitarme (?:la vida|de en medio)|acabar con mi vida|pegarme un tiro|(?:tirarme|lanzarme|saltar) (?:al (?:tren|metro|vacio)|a las vias|por (?:la ventana|el balcon)|desde|de un|del puente)|cortarme las venas)`
const PARTNER = `(?:marido|esposo|esposa|mujer|novi[oa]|pareja|ex(?:marido|novi[oa]|pareja)?)`
const HOME = `(?:${PARTNER}|padre|madre|papa|mama|padrastro|madrastra|herman[oa]|hij[oa]|ti[oa]|abuel[oa]|suegr[oa]|cunad[oa])`
const ARMED = `(?:pistola|arma|cuchillo|escopeta|navaja|machete|hacha|esta noche|manana|ya se como|gasolina)`
const PILLS = `(?:pastillas|pildoras|comprimidos|ansioliticos|antidepresivos|somniferos|lexatin|orfidal|tranquimazin|paracetamol(?:es)?|medicamentos)`
const MANY = `(?:frasco|bote|botella|caja|blister|monton|punado|enter[oa]|demasiad[oa]s|(?:[2-9]\\d|\\d{3})(?! ?(?:mg|ml|g|gr|min|gotas|minutos))|veinte|treinta|cuarenta|cincuenta|sesenta)`
const TOOK = `me (?:he (?:tomado|tragado)|tome|trague|acabo de (?:tomar|tragar)|estoy tomando)`

export const spanishRules: Rule[] = [
  {
    sign: 'ideation',
    level: 'danger',
    figurative: true,
    pattern: words(
      `me (?:quiero|queria|voy a|iba a) (?:morir|matar|suicidar|ahorcar|quitar la vida|tirar (?:por|al|a las|desde|de un)|pegar un tiro)`,
      `${WISH} ${gap(2)}(?:morir(?:me)?|estar muert[oa])`,
      KILL_ME,
      `me mato(?! a )`,
      `me pego un tiro`,
      `me tiro (?:por la ventana|por el balcon|al tren|al metro)`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    pattern: words(
      `${THINK} ${gap(3)}(?:en |a )?(?:${KILL_ME}|morirme|el suicidio)`,
      `me (?:suicido|ahorco)`,
      `(?:ideas|pensamientos) suicidas`,
      `(?:soy|me siento|estoy) suicida`,
      `(?:mejor|preferible) ${gap(3)}(?:estar muert[oa])|(?:estaria|estoy|estaremos) mejor muert[oa]s?|mejor me muero`,
      `para que (?:seguir (?:viviendo|viv[oa])|quiero (?:seguir )?(?:vivir|viviendo))`,
      `pronto ${gap(2)}(?:dejare de (?:sufrir|existir)|(?:habra terminado|se habra acabado)(?= todo|[.,!;\\n]|$))`,
      `(?:quiero|voy a|quisiera) (?:acabar|terminar) con (?:todo(?! (?:el|la|los|las|lo|esto|este))|mi vida)|(?:quiero|quisiera) ir?me de este mundo`,
      `(?:esta|sera) (?:es |sera )?mi ultima (?:noche|carta)(?=[.,!;\\n]|$)`,
      `(?:carta|nota) de (?:despedida|suicidio)`,
      `dentro de poco ${gap(3)}(?:muert[oa])`,
      `miedo (?:de|a) que me mate`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `no (?:quiero|quisiera|deseo|tengo ganas de|creo que quiera|se si quiero) (?:seguir )?(?:vivir|viviendo|viv[oa]|existir|estar (?:viv[oa]|en este mundo))(?! (?:en(?! este mundo)|con|sol[oa]|sin|de|alli|aqui|cerca|lejos|juntos) )`,
      `(?:la|esta|mi) vida (?:ya )?no (?:vale|merece) la pena`,
      `(?:mejor|ojala) ${gap(2)}(?:que |si )?(?:yo )?no (?:existiera|existiese|existir|haber nacido|hubiera nacido|estuviera (?:aqui|viv[oa]))`,
      `no (?:tengo|encuentro|veo|hay|me quedan?) (?:ningun |ninguna |mas )?(?:motivos?|razon|razones|ganas) (?:para|de) (?:seguir )?(?:vivir|viviendo|vivid)`,
      `ya no quiero (?:estar|seguir) aqui(?=[.,!;\n]|$)`,
      `sin mi (?:estari?a[ns]?|estareis|estaran|estariais|viviria[ns]?) ${gap(1)}mejor`,
      `dormir(?:me)? (?:y|para) no (?:volver a )?despertar(?:me)?`,
      `no (?:voy a|puedo) seguir viviendo`,
      `no (?:vale|merece) la pena (?:seguir )?(?:vivir|viviendo|vivirla)`,
      `no merezco (?:seguir )?(?:vivir|viviendo|vivir)`,
      `no ${gap(1)}(?:veo|encuentro|tiene) (?:el |ningun )?sentido (?:a |en )?(?:seguir )?(?:vivir|viviendo)`,
      `(?:ojala|quiero|quisiera|y) ${gap(3)}no (?:volver a )?(?:despert\\w+|amanec\\w+)`,
      `(?:ya )?no (?:voy a estar|estare) aqui(?=.{0,40}desp[ei]d)`,
      `(?:estari?a[ns]?|estariais|estaran|estan|estaremos|viviria[ns]?) (?:mucho )?mejor sin mi`,
      `si me muero nadie ${gap(4)}(?:nota|notar|notaria|importa|importaria|llorara)`,
      `no me importa(?:ria)? (?:morir(?:me)?|matarme)`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    pattern: words(
      `${PILLS}.{0,60}(?:tom|trag)\\w+ tod[oa]s`,
      `(?:tengo|compre|he comprado|consegui) ${gap(4)}(?:soga|cuerda|pistola|veneno|cuchilla).{0,50}(?:hacerlo|usar\\w+|acabar|conmigo|donde)`,
      `(?:puente|azotea|acantilado|balcon|vias).{0,30}(?:voy a (?:saltar|tirarme)|saltar)`,
      `en la muerte.{0,60}(?:tengo un plan|ya se como)`,
    ),
  },
  {
    sign: 'self-harm',
    level: 'danger',
    pattern: words(
      `me (?:corto|corte|he cortado|estoy cortando|acabo de cortar|he vuelto a cortar) (?:otra vez |de nuevo )?(?:los brazos|las venas|las munecas|las piernas|los muslos|el brazo|la muneca|otra vez|de nuevo|a proposito|para sentir)`,
      `(?:quiero|ganas de|voy a|pens\\w+ en|necesito|intent\\w+|deseo|impulso de|miedo de) ${gap(1)}hacerme dano|me hago dano (?:a mi mism[oa]|a proposito|para|cuando|cada vez)`,
      `me autolesiono|autolesionarme|autolesionandome|me he autolesionado`,
      `me quemo con (?:cigarr\\w+|un mechero)|me (?:quemo|queme|he quemado) (?:a proposito|para sentir)`,
      `me golpeo (?:la cabeza|contra)`,
    ),
  },
  {
    sign: 'overdose',
    level: 'danger',
    pattern: words(
      `${TOOK} ${gap(3)}${MANY} ${gap(3)}${PILLS}(?! de hoy)`,
      `me (?:trague|he tragado) ${gap(2)}tod[oa]s ${gap(3)}${PILLS}`,
      `acabo de (?:tomarme|tragarme) ${gap(3)}${MANY} ${gap(3)}${PILLS}`,
      `${TOOK} ${gap(2)}${PILLS} ${gap(4)}(?:de golpe|de una vez|para no despertar)`,
      `(?:he tenido|tuve|creo que es|me ha dado) una sobredosis(?! de (?!${PILLS}))`,
      `me he pasado con las pastillas`,
    ),
  },
  {
    sign: 'overdose',
    level: 'concern',
    pattern: words(`${TOOK} ${gap(1)}tod[oa]s (?:las|los|mis|sus) ${PILLS}(?! de (?:hoy|la manana|la noche|esta))`),
  },
  {
    sign: 'violence',
    level: 'danger',
    pattern: words(
      `mi ${HOME} ${gap(4)}(?:me|nos) (?:esta )?(?:pega(?:ndo)?|pego|golpea(?:ndo)?|golpeo|agrede|agredio|viol[ao]|abusa|maltrata|ahoga|ahogo|estrangul[ao]|amenaz[ao]|ha (?:pegado|golpeado|violado|amenazado)|da palizas|dio una paliza|tiro al suelo|empuja|empujo|encierra|encerro|agarro del cuello|agarra del cuello|tira del pelo|obliga a (?:acostarme|tener))`,
      `mis (?:padres|hij[oa]s|herman[oa]s|suegros|abuelos|tios) ${gap(3)}(?:me|nos) (?:pegan|golpean|maltratan|violan|amenazan|encierran)`,
      `(?:intento|quiso|paro de|empezo a|vuelve a|volvio a) (?:pegarme|golpearme|estrangularme|violarme|ahogarme)`,
      `me (?:violo|violaron|han violado|ha violado|fuerza a tener)|abusa de mi|abusan de mi`,
      `(?:sensacion|siento|miedo) ${gap(2)}que ${gap(5)}me va a matar|me va a matar a mi`,
      `mi ${PARTNER} ${gap(5)}me va a matar`,
      `me amenaz[ao] con (?:un cuchillo|una pistola|un arma|una navaja|un machete|matarme)`,
      `(?:dice|dijo|jura) que me (?:va a matar|mata|matara)`,
    ),
  },
  {
    sign: 'others',
    level: 'danger',
    pattern: words(
      `(?:voy|vamos) a (?:matar|apunalar|disparar|quemar)(?:l[oae]s?)? ${gap(5)}${ARMED}`,
      `(?:l[oae]s? |se )?(?:voy a |quiero )(?:matar|apunalar|degollar|acuchillar)(?:l[oae]s?)?(?=(?: a)?.{0,40}\\b${ARMED})`,
      `(?:l[oae]s? voy a|voy a) (?:apunalar|degollar|acuchillar)(?:l[oae]s?)?`,
    ),
  },
  {
    sign: 'others',
    level: 'concern',
    figurative: true,
    pattern: words(
      `(?:voy a|quiero) matar a (?:mi|un|una|todos|alguien)`,
      `(?:l[oae]s? (?:voy a|quiero) matar|(?:voy a|quiero) matarl[oae]s?)`,
    ),
  },
  {
    sign: 'violence',
    level: 'concern',
    figurative: true,
    pattern: words(
      `me va a matar`,
      `me controla ${gap(3)}(?:movil|telefono|dinero|ropa)`,
      `me (?:dice|llama|grita) ${gap(3)}no (?:valgo|sirvo)`,
    ),
  },
  {
    sign: 'past',
    level: 'concern',
    pattern: words(
      `me (?:cortaba|autolesionaba|hacia dano)`,
      `(?:pensaba en|queria|quise) (?:matarme|morirme|morir|suicidarme|quitarme la vida)`,
      `me (?:pegaba|golpeaba|maltrataba|violaba|amenazaba)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    holdsNo: true,
    pattern: words(
      `no (?:puedo|aguanto|soporto) mas(?= con (?:mi vida|todo|esto|esta vida)|[.,!;\\n]|$)`,
      `(?:no )?(?:nada|mi vida|la vida) (?:no )?(?:tiene|vale) (?:sentido|nada)`,
      `no (?:le )?(?:veo|encuentro) (?:la |ninguna )?(?:salida|sentido a (?:nada|la vida|mi vida))`,
      `no tengo (?:fuerzas|ganas) (?:para|de) nada`,
      `no (?:sirvo para|valgo) nada`,
      `no lo (?:soporto|aguanto) mas|ya no (?:puedo|aguanto|doy) mas?`,
      `(?:ya )?no doy mas|ya no siento nada`,
      `nadie me (?:necesita|quiere|echaria de menos)`,
      `ojala (?:nunca|no) (?:hubiera|hubiese) nacido`,
      `(?:es|seria) mejor (?:si|que) (?:yo )?no (?:este|estuviera)`,
      `(?:nada|nunca|esto no) ${gap(1)}va a (?:mejorar|cambiar|ir a mejor)`,
      `no quiero (?:seguir|continuar|estar aqui)(?= (?:asi|mas)|[.,!;\n]|$)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    pattern: words(
      `(?:estoy|me siento) ${gap(1)}(?:desesperad[oa]|hundid[oa]|vaci[oa]|acabad[oa]|sin salida)`,
      `(?:quiero|ganas de|quisiera) desaparecer`,
      `odio mi vida|me odio`,
      `(?:soy|me siento|ser) una carga`,
      `(?:le tengo|tengo) miedo ${gap(2)}(?:a mi ${HOME}|de mi ${HOME}|en mi casa)|mi ${HOME}.{0,40}le tengo miedo`,
      `pienso ${gap(2)}en la muerte`,
      `(?:cansad[oa]|hart[oa]) de (?:luchar|vivir|la vida|existir|todo)`,
      `pronto (?:estare|descansare) en paz`,
      `me da (?:igual|lo mismo) (?:vivir|morir|si me muero)`,
      `quiero que (?:todo )?(?:se )?(?:acabe|termine)(?: todo| ya)?(?=[.,!;\n]|$)`,
      `regal(?:e|ando|o) (?:todas )?mis cosas`,
      `tengo miedo (?:a|de) que (?:vuelva|venga)`,
    ),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    holdsNo: true,
    pattern: words(`no quiere (?:seguir )?(?:vivir|viviendo)`),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    pattern: words(
      `se (?:quiere|queria|va a|iba a|quieren) (?:matar|morir|suicidar|ahorcar|quitar la vida|hacer dano)`,
      `(?:quiere|queria|quieren|intento|ha intentado|piensa en|pensando en|ganas de|habla de) (?:morirse|morir|matarse|suicidarse|quitarse la vida|el suicidio|suicidio)`,
      `se (?:corta|cortaba|ha cortado|autolesiona|hace dano) ?(?:los brazos|las venas|las munecas|a proposito)?`,
      `se ha (?:suicidado|tomado ${gap(2)}${MANY} ${gap(3)}${PILLS})|se tomo ${gap(2)}${MANY} ${gap(3)}${PILLS}`,
      `(?:${HOME}|vecin[oa]|amig[oa]|companer[oa]).{0,40} (?:le|la|les) (?:esta )?(?:pega(?:ndo)?|golpea(?:ndo)?|maltrata|insulta|amenaza)`,
      `(?:le|la) (?:pega|golpea|maltrata|insulta|amenaza) (?:su|el) ${HOME}`,
    ),
  },
]
