import { gap, words, type Rule } from './rules.ts'

const KILL_ME = `(?:(?:kill|hang|shoot|drown|poison)(?:ing|ed)? myself|(?:end|take|ending|taking) my (?:own )?life|(?:end|ending) it all|commit(?:ting)? suicide|jump(?:ing)? (?:off (?:a|the) (?:bridge|building|roof|balcony|cliff)|in front of (?:a|the) (?:train|bus|car|truck|tube)))`
const WISH = `(?:want|wanted|wanting|wish|hoping|ready|rather|need|like|longing|prefer)`
const HOME = `(?:husband|wife|boyfriend|girlfriend|partner|ex|dad|father|mum|mom|mother|stepdad|stepfather|stepmother|brother|sister|son|daughter|uncle|aunt|grandfather)`
const OTHER = `(?:friend|brother|sister|son|daughter|roommate|flatmate|cousin|mum|mom|dad|mother|father|husband|wife|boyfriend|girlfriend|partner|colleague|classmate|neighbour|neighbor|he|she|they|someone|somebody|guy|girl|boy|kid)`
const HITS = `(?:hits?|hit|beats?|beat up|chok(?:es|ed|ing)|punch(?:es|ed)|slap(?:s|ped)|kick(?:s|ed)|rap(?:es|ed)|abus(?:es|ed)|strangl(?:es|ed)|threaten(?:s|ed)|attack(?:s|ed))`
const PILLS = `(?:pills|tablets|antidepressants|paracetamol|painkillers|medication|meds|xanax|tylenol)`
const ARMED = `(?:gun|knife|axe|rifle|tonight|tomorrow|petrol|gasoline)`

export const englishRules: Rule[] = [
  {
    sign: 'ideation',
    level: 'danger',
    figurative: true,
    pattern: words(
      `i (?:really |just |honestly |do |still )?(?:${WISH}|am ready|have ${gap(2)}wanted) ${gap(1)}(?:to )?(?:die|be dead)(?! (?:laughing|of|from|my hair|for))`,
      `(?<!they |you |we |who |people )want to (?:die|be dead)(?! (?:laughing|of|from|my|for))`,
      `i would rather (?:be dead|die)`,
      `(?:shoot|kill) myself`,
      `jump out (?:of )?the window`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    pattern: words(
      `(?:want|going|plan|planning|about|decided|trying|tried|ready|need) to ${gap(1)}(?:${KILL_ME})`,
      `(?:hang|drown|poison)(?:ing)? myself|(?:killing|killed) myself|(?:end|take|ending|taking) my (?:own )?life|ending it all`,
      `(?:think|thinking|thought|thoughts|dream|dreaming) (?:about|of) ${gap(1)}(?:suicide|dying|death all|${KILL_ME})`,
      `(?:considering|contemplating) suicide|suicidal thoughts`,
      `i (?:am|feel|have been|have felt) ${gap(2)}suicidal`,
      `better off dead|better (?:off )?(?:when|once|if) i (?:am|was|were) (?:gone|dead)`,
      `(?:over|stop|end|peace) (?:when|once|if) i (?:die|am dead)`,
      `(?:scared|afraid) of what i (?:might|could|may|will) do to myself`,
      `done with (?:life|living)|want it all to end|(?:last|final) (?:night|day) (?:alive|on earth)`,
      `(?:wish|hope) i (?:was|were|would be) dead`,
      `(?:wrote|written) ${gap(2)}note(?=.{0,50}(?:over|goodbye|forgive))|my suicide note`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `(?:do|did) not (?:really |even )?want to (?:live|be alive|exist|wake up|be here (?:anymore|any more|any longer))(?! (?:in|with|near|at|there|alone|early|late|before|for) )`,
      `do not think i want to (?:be alive|live|exist)`,
      `(?:do|does) not deserve to (?:live|be alive)`,
      `(?:no|is not any) (?:point|reason|sense) (?:in|to|for) (?:go on |keep |keep on )?(?:living|live|being alive|go on living)`,
      `(?:is not|not) worth living`,
      `(?:wish|hope|want to)(?: ${gap(4)}| )(?:and )?(?:would not|never|not) wake up`,
      `better off without me`,
      `(?:nobody|no one) would (?:miss|notice|care)(?=.{0,60}(?:do it|gone|dead|died))`,
      `will not be (?:around|here|alive) (?:for )?much longer|will not be alive (?:tomorrow|by)`,
      `(?:wish|hope) i (?:did not|do not) (?:exist|wake up)|wish i (?:was|were) not (?:alive|here|born)`,
      `(?:sleep|asleep|bed) and (?:not|never) (?:wake|waking)(?: up)?`,
      `no (?:will|desire|wish) to live`,
      `would not mind (?:dying|being dead)`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    pattern: words(
      `${PILLS}.{0,60}take (?:them|it) all`,
      `(?:have|bought|got) ${gap(3)}(?:rope|gun|blade|razor|poison|pills).{0,60}(?:use it|on myself|tonight|end it)`,
      `(?:bridge|roof|ledge|cliff).{0,30}(?:going to|about to|want to) jump`,
    ),
  },
  {
    sign: 'self-harm',
    level: 'danger',
    pattern: words(
      `(?:want|going|wanted|need|urge|thinking (?:of|about)|keep|been|started|tempted|try|tried) ${gap(1)}(?:to )?(?:hurt|harm|cut|burn)(?:ting|ing)? myself`,
      `(?:cutting|harming|burning) myself|(?:hurt|cut|burned|burnt) myself (?:again|on purpose|last night|today to)`,
      `(?:cut|cutting|burn|burned|burning|slit) my (?:arms|wrists?|legs|thighs)(?! (?:by accident|cooking|shaving|while|on the))`,
      `self.?harm(?:ing|ed)?`,
    ),
  },
  {
    sign: 'overdose',
    level: 'danger',
    pattern: words(
      `(?:took|taken|swallowed) ${gap(3)}(?:whole|entire|bottle|too many|(?:[2-9]\\d|\\d{3})(?! ?(?:mg|ml|g|min|minutes|drops))|twenty|thirty|forty|fifty) ${gap(4)}${PILLS}`,
      `swallowed ${gap(1)}all ${gap(3)}${PILLS}`,
      `i ${gap(2)}(?:overdosed|od'?d)`,
    ),
  },
  {
    sign: 'overdose',
    level: 'concern',
    pattern: words(`(?:took|taken) all (?:of )?(?:my|the|her|his) ${PILLS}(?! (?:for|of) )`),
  },
  {
    sign: 'self-harm',
    level: 'concern',
    pattern: words(`i (?:have )?(?:cut|burned|burnt) myself(?! (?:shaving|cooking|while|by|on|with|some|a))`),
  },
  {
    sign: 'violence',
    level: 'danger',
    pattern: words(
      `my ${HOME} ${gap(2)}${HITS} (?:me|us)(?! (?:up|at|in|to|out|on|with a))`,
      `my ${HOME} ${gap(2)}beats me(?: up)?`,
      `(?:he|she|they) (?:says?|said|swears|told me) (?:that )?(?:he|she|they) (?:will|is going to|are going to|would) kill me`,
      `(?:he|she) (?:beats|chokes|choked|strangled|raped|punches) me`,
      `(?:he|she) hits (?:me|us)(?! up)`,
      `i was raped|(?:he|she|they) raped me|forces me to have sex|sexually abus(?:es|ed|ing) me`,
      `(?:afraid|scared|think|feel) ${gap(2)}(?:he|she|they) (?:will|is going to|are going to|might) kill me`,
      `threatened me with a (?:knife|gun)`,
    ),
  },
  {
    sign: 'others',
    level: 'danger',
    pattern: words(
      `(?:am|will|want|going|plan|planning)(?: going)?(?: to)? (?:kill|shoot|murder) (?:him|her|them|my|everyone|someone|somebody|people).{0,50}${ARMED}`,
      `(?:am going|will|going|want|plan) (?:to )?(?:stab|murder) (?:him|her|them|my|everyone|someone|somebody|people)`,
    ),
  },
  {
    sign: 'others',
    level: 'concern',
    figurative: true,
    pattern: words(
      `(?:am going|want|going|plan) to (?:kill my|(?:kill|shoot|hurt) (?:him|her|them|everyone|someone|somebody|people))`,
    ),
  },
  {
    sign: 'past',
    level: 'concern',
    pattern: words(
      `used to (?:cut|harm|hurt|burn) (?:myself|my arms)`,
      `used to (?:hit|beat|abuse|threaten) me`,
      `used to (?:think about|want to) ${gap(1)}(?:die|suicide|${KILL_ME})`,
      `(?:wish|wished) i (?:had never been|was never|were never|was not) born|never been born`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    holdsNo: true,
    pattern: words(
      `can not (?:take it|take this|do this|go on|go on like this|cope|bear it)(?: anymore| any more| any longer)?(?= |[.,!;\\n]|$)`,
      `(?:do not|can not) see (?:any|a) (?:way out|future|point)`,
      `nothing (?:really |even )?(?:matters|makes sense)(?: anymore| anyway)|no way out`,
      `(?:can not|do not want to) (?:keep|go on|continue) (?:living|going|like this)`,
      `will not have to worry about me`,
      `(?:no one|nobody) (?:cares|would care|will care) (?:if|whether|about me)`,
      `life (?:is|it is) ${gap(4)}(?:too hard|too much)|life.{0,20}is not worth it`,
      `(?:no one|nobody)(?: ${gap(4)}| )needs me`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    pattern: words(
      `i (?:am|feel) ${gap(2)}(?:hopeless|worthless|desperate|empty)`,
      `pain ${gap(1)}(?:never|does not|will not) ${gap(1)}stops?`,
      `i hate (?:my life|myself)`,
      `(?:am|like|being) a burden`,
      `(?:want to|could|wish i could) (?:just )?disappear`,
      `(?:tired|sick) of (?:life|living|fighting|existing|being alive)`,
      `(?:will|going to) ${gap(1)}be gone(?: soon)?(?=[.,!;\n]|$)`,
      `who cares if i (?:am dead|die|died|live)`,
      `sorry.{0,20}this is the only way`,
      `i just want out|want (?:it|this|everything) (?:all )?to (?:be over|stop|end)(?=[.,!;\\n]|$)`,
      `giving away (?:all )?my (?:things|stuff|belongings)`,
      `(?:scared|afraid|terrified) of my ${HOME}`,
    ),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    pattern: words(
      `${OTHER} ${gap(4)}(?:wants?|wanted|tried|threatens|threatened|is going|says|keeps|kept|told me|mentioned|thinks) ${gap(4)}(?:die|suicide|(?:kill|hurt|cut|harm)(?:ing)? (?:himself|herself|themselves))`,
      `(?:cutting|hurting|killing|harming) (?:himself|herself|themselves)`,
      `my ${HOME}(?:'s ${gap(1)})? ?${gap(1)}(?:hits|beats|chokes|hit|beat) (?:him|her|them|my ${HOME})`,
      `${OTHER} ${gap(2)}(?:overdosed|took ${gap(3)}(?:all|bottle|too many) ${gap(3)}${PILLS})`,
    ),
  },
]
