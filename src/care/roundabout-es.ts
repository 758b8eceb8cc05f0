import { gap, words, type Rule } from './rules.ts'

/*
 * What is said in a roundabout way: an accident that is hoped for, a sleep without a morning, a world that would be better
 * off, things put in order, ways that are looked up. Each piece is a family of ways to say it, taken from published lists of
 * warning signs and never from a single case.
 */

const HOPE = `(?:espero|esperando|ojala|deseo|deseando|rezo|rezando|quiero|quisiera|fantaseo|sueno con|imagino|pido)`
const ACCIDENT = `(?:coche|carro|auto|camion|tren|autobus|bus|rayo|cancer|infarto|accidente|enfermedad|algo)`
const TAKES_ME = `(?:me (?:atropelle|mate|lleve|arrolle|pille|aplaste|pase por encima)|se me lleve|acabe conmigo)`
const THEY = `(?:tod[oa]s|todo el mundo|el mundo|ell[oa]s|l[oa]s demas|mi familia|mi gente|mis (?:hij[oa]s|padres|amig[oa]s|herman[oa]s)|mi (?:madre|padre|mujer|marido|pareja|novi[oa]))`
const BETTER = `(?:mejor|mas (?:feliz|felices|tranquil[oa]s?|contentos?|en paz)|felices|aliviad[oa]s?|descansari?a\\w*|descansaran)`
const GONE = `(?:si (?:yo )?(?:ya )?(?:desapareciera|desaparezco|me (?:muero|muriera|fuera para siempre)|faltara|falto)|cuando (?:yo )?(?:ya )?(?:me (?:muera|haya ido)|falte))`
// What holds a "no" stands in rules that say so.
const NOT_HERE = `(?:sin mi|si (?:yo )?(?:ya )?no (?:existiera|estuviera|estoy|existo|viviera)|cuando (?:yo )?(?:ya )?no este)`
const POISON = `(?:lejia|cloro|amoniaco|veneno|raticida|matarratas|insecticida|anticongelante|sosa caustica|desatascador|salfuman|disolvente)`
const DRANK = `me (?:bebi|he bebido|tome|he tomado|trague|he tragado|acabo de (?:beber|tomar|tragar))`
const MEANS = `(?:pastillas|pildoras|comprimidos|medicamentos|soga|cuerda|cuchilla|cuchillo|pistola|escopeta|navaja)`
const KIN = `(?:marido|esposo|esposa|mujer|novi[oa]|pareja|ex|padre|madre|papa|mama|padrastro|madrastra|herman[oa]|hij[oa]|ti[oa]|abuel[oa]|suegr[oa]|cunad[oa]|primo|jefe|entrenador|profesor|vecino)`
const END = `(?=[.,!;\\n]|$)`

export const roundaboutSpanish: Rule[] = [
  {
    sign: 'ideation',
    level: 'danger',
    pattern: words(
      `${HOPE} ${gap(3)}${ACCIDENT} ${gap(3)}${TAKES_ME}`,
      `${HOPE} ${gap(2)}${TAKES_ME} ${gap(2)}${ACCIDENT}`,
      `${THEY} ${gap(4)}${BETTER} ${gap(2)}${GONE}`,
      `(?:quiero|quisiera|ojala|necesito|espero) ${gap(4)}(?:deje|dejara|pare|parara) de (?:latir|respirar)`,
      `(?:quiero|quisiera|deseo|me gustaria|ganas de|desearia) ${gap(1)}dejar de (?:existir|vivir|respirar|ser)`,
      `(?:miedo|terror|panico) (?:a|de) (?:seguir (?:viviendo|viv[oa]|aqui)|despertar(?:me)? otra vez)`,
      `(?:para|desde) ${gap(1)}que me (?:muera|muero|mate)`,
      `(?:fecha|dia|hora) ${gap(4)}(?:decidid[oa]|elegid[oa]|escogid[oa]|pensad[oa]|puest[oa]).{0,60}(?:dejare de|ya no (?:estare|sufrire|molestare)|descansare|se acabara|adios)|(?:decidid[oa]|elegid[oa]|escogid[oa]) ${gap(2)}(?:la fecha|el dia|el sitio).{0,60}(?:dejare de|ya no (?:estare|sufrire|molestare)|descansare|se acabara|adios)`,
      `(?:quiero|quisiera|ojala|prefiero|preferiria|me gustaria) ${gap(2)}(?:dormir(?:me)?|acostarme|cerrar los ojos) (?:y )?para siempre`,
      `que sentido (?:tiene|tendria) ${gap(1)}(?:seguir )?(?:vivir|viviendo|viv[oa]|existir)`,
      `(?:plane\\w+|planific\\w+|pens\\w+|piens[eo]|imagin\\w+|decid\\w+) ${gap(6)}(?:terminar|acabar|poner fin) (?:con|a) mi vida`,
      `la muerte es ${gap(1)}(?:unica|mejor) ${gap(1)}(?:solucion|salida|opcion|forma)`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `${THEY} ${gap(4)}${BETTER} ${gap(2)}${NOT_HERE}`,
      `(?:cartas?|notas?|video|audio|mensajes?) ${gap(6)}cuando (?:yo )?(?:ya )?no este`,
      `(?:cuant[oa]s|que (?:dosis|cantidad|pastillas)) ${gap(8)}para no despertar(?:se|me)?`,
      `no (?:salgo|saldre|salimos|saldremos) viv[oa]s?`,
      `(?:me gustaria|quisiera|desearia|preferiria|prefiero|quiero|ojala|mejor) (?:poder |pudiera )?no (?:existir|haber existido|haber nacido|ser nadie nunca mas)`,
      `(?:dormir(?:me)?|acostarme|cerrar los ojos|irme a la cama) ${gap(1)}(?:y |para )?(?:que )?(?:no|nunca) (?:volver a )?(?:abrir los ojos|abrirlos|levantarme|despertar(?:me)?)`,
      `no ${gap(4)}(?:sentido|motivos?|razon|razones|fuerzas|ganas) ${gap(1)}(?:a |de |para |en |que )?seguir (?:respirando|existiendo|viviendo|con vida|viv[oa]|en este mundo)`,
      `no (?:quiero|pienso|voy a) (?:llegar|ver|estar|seguir) ${gap(2)}(?:a manana|el amanecer|manana viv[oa]|con vida)`,
      `(?:de no ser por|si no fuera por) ${gap(6)}(?:ya )?no estaria (?:aqui|aca|viv[oa]|en este mundo)`,
      `no quiero seguir (?:viv[oa]|con vida|respirando|existiendo)`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    pattern: words(
      `me (?:puse|he puesto|ate|he atado|pase|enrolle|coloque) ${gap(3)}(?:soga|cuerda|cinturon|cable|sabana|bolsa) ${gap(3)}(?:cuello|cabeza)`,
      `(?:cuant[oa]s|que (?:dosis|cantidad|pastillas)|como|cual es) ${gap(8)}(?:para (?:morir(?:se|me)?|matar(?:se|me)|suicidar(?:se|me))|morir sin dolor)`,
      `(?:forma|manera|metodo|modo)s? ${gap(3)}(?:de |para )(?:morir(?:se|me)?|matarme|suicidar(?:se|me)|acabar conmigo)`,
      `(?:lo hago|lo hare|se acabo|adios).{0,80}(?:tengo|estan|con) ${gap(3)}${MEANS} ${gap(2)}(?:en la|en mi|delante|preparad\\w+|list\\w+|al lado|a mano)`,
    ),
  },
  {
    sign: 'self-harm',
    level: 'danger',
    pattern: words(
      `me (?:quemo|queme|he quemado|estoy quemando|rajo|raje|pincho|arano) ${gap(2)}(?:la piel|los brazos|el brazo|las piernas|los muslos)`,
      `(?:brazos?|munecas?|piernas|muslos|piel|venas) ${gap(4)}(?:bisturi|cuchilla|hoja de afeitar|cutter)`,
      `me (?:hago|hice|he hecho) (?:cortes|heridas|quemaduras) ${gap(2)}(?:en|para|a proposito|otra vez)`,
    ),
  },
  {
    sign: 'overdose',
    level: 'danger',
    pattern: words(`${DRANK} ${gap(4)}${POISON}`),
  },
  {
    sign: 'violence',
    level: 'danger',
    pattern: words(
      `mi ${KIN} ${gap(8)}(?:cuchillo|pistola|navaja|machete|escopeta) ${gap(6)}(?:me |nos |conmigo)`,
      `mi ${KIN} ${gap(2)}me (?:toca|toco|manosea|manoseo|acaricia) ${gap(2)}(?:otra vez|anoche|por las noches|cuando (?:duermo|no hay|estoy)|ahi abajo|sin que|aunque no quiero)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    pattern: words(
      `(?:soy|ser|como|siendo) ${gap(1)}(?:un estorbo|una molestia|un lastre|un peso|una carga|un error)(?= para|[.,!;\\n]|$)`,
      `sin ganas de (?:vivir|nada|seguir)`,
      `(?:semanas|dias|meses) sin (?:levantarme|salir de (?:la cama|casa)|ducharme|comer|hablar con nadie)`,
      `(?:ya )?todo me da (?:igual|lo mismo)${END}|me da (?:igual|lo mismo) todo${END}`,
      `(?:miedo|temo|asusta) ${gap(1)}(?:de |a )?lo que (?:me )?(?:pueda|podria|puedo|pudiera|llegue a) ${gap(1)}hacer(?:me)?`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    holdsNo: true,
    pattern: words(
      `no ${gap(2)}(?:veo|tengo|encuentro|hay) ${gap(1)}(?:futuro|esperanza|salida)`,
      `nadie ${gap(2)}(?:daria cuenta|daran cuenta|notaria|enteraria|echaria de menos|lloraria) ${gap(2)}(?:si |de que )?(?:falto|faltara|desaparezco|desapareciera|me (?:voy|fuera|muero))`,
      `no le importo a nadie`,
      `nada ${gap(1)}importa(?: ya| nada)?${END}|ya nada ${gap(1)}importa`,
      `no (?:hay|veo|encuentro) ${gap(1)}(?:manera|forma|modo) de salir(?= de (?:esto|aqui)|[.,!;\\n]|$)`,
    ),
  },
  {
    sign: 'violence',
    level: 'concern',
    pattern: words(
      `(?:pareja|novi[oa]|marido|esposo|mujer) ${gap(3)}(?:revisa|controla|mira|vigila|espia|lee) ${gap(2)}(?:movil|telefono|celular|whatsapp|mensajes|dinero)`,
    ),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    pattern: words(
      `se (?:hace|hizo|esta haciendo) (?:cortes|heridas|quemaduras|dano)`,
      `(?:ha dejado|dejo|nos dejo|encontre) ${gap(2)}(?:nota|carta).{0,60}(?:desaparec\\w+|despid\\w+|despedida)`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `(?:decidid[oa]|elegid[oa]|escogid[oa]) ${gap(2)}(?:la fecha|el dia|el sitio).{0,60}ya no (?:estare|sufrire|molestare)`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `(?:no aguanto|no puedo mas).{0,80}(?:tengo|estan|con) ${gap(3)}${MEANS} ${gap(2)}(?:en la|en mi|delante|preparad\\w+|list\\w+|al lado|a mano)`,
      `(?:no aguanto|no puedo) mas.{0,40}(?:esta noche|hoy|manana) lo (?:hago|hare)|(?:no aguanto|no puedo) mas.{0,40}lo (?:hago|hare) (?:esta noche|hoy|manana)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    holdsNo: true,
    pattern: words(`(?:cuando|despues de que) (?:yo )?ya no este(?: aqui)?${END}`),
  },
  {
    sign: 'violence',
    level: 'concern',
    holdsNo: true,
    pattern: words(`(?:pareja|novi[oa]|marido|esposo|mujer).{0,50}no me deja (?:ver|salir|hablar|trabajar|vestir)`),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    holdsNo: true,
    pattern: words(
      `(?:ha dejado|dejo|nos dejo|encontre) ${gap(2)}(?:nota|carta).{0,60}no (?:coge|contesta|responde|aparece|ha vuelto|sabemos)`,
    ),
  },
]
