import { gap, words, type Rule } from './rules.ts'

// The same families as in roundabout-es.ts.

const HOPE = `(?:hope|hoping|wish|wishing|pray|praying|want|wanting|dream of)`
const ACCIDENT = `(?:car|truck|lorry|bus|train|lightning|cancer|accident|heart attack|something|someone)`
const THEY = `(?:everyone|everybody|people|the world|they|my (?:family|kids|children|parents|friends|wife|husband|partner|mum|mom|dad))`
const GONE = `(?:if|when|once) i (?:was|were|am|would be|had) (?:gone|dead|disappeared)`
const POISON = `(?:bleach|antifreeze|rat poison|drain cleaner|ammonia|weed ?killer|pesticide)`
const MEANS = `(?:pills|tablets|rope|gun|blade|razor|knife|noose)`
const HURTS = `(?:choked|strangled|punched|kicked|beat|raped|burned|stabbed|threw|dragged|smothered)`

export const roundaboutEnglish: Rule[] = [
  {
    sign: 'ideation',
    level: 'danger',
    pattern: words(
      `${HOPE} ${gap(4)}${ACCIDENT} ${gap(3)}(?:hits?|kills?|takes?|runs? over|crash(?:es)? into) ${gap(1)}me`,
      `${THEY} ${gap(4)}(?:better|happier|relieved|better off) ${gap(2)}${GONE}`,
      `(?:picked|chosen|set|decided on|planned) (?:a|the) (?:day|date|place|method|spot).{0,60}(?:goodbyes?|letters?(?! of)|notes?|will)`,
      `(?:wrote|written|writing|recorded) ${gap(4)}(?:letters?|notes?|video|message)s? ${gap(5)}(?:when|once|after) i (?:am|will be) (?:gone|not here|dead)`,
      `(?:want|wish|need) ${gap(3)}my heart ${gap(2)}stop(?:s|ped)?(?: beating)?`,
      `(?:sleep|close my eyes) (?:and )?for ?ever(?= |[.,!;\\n]|$)`,
      `(?:want|wish|would like|ready) to (?:stop|cease) (?:existing|to exist|being alive|living|breathing)`,
      `by (?:the weekend|tomorrow|tonight|morning|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next week) i will be (?:dead|gone)|i will be dead (?:by|before|soon|tomorrow|tonight)`,
      `(?:scared|afraid|terrified) of (?:living|being alive|waking up again)`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `(?:no|not|any|without a) ${gap(2)}(?:reason|point|sense|purpose) (?:to|in|for) (?:stay(?:ing)?|keep(?:ing)?|be(?:ing)?|remain(?:ing)?|carry(?:ing)? on|go(?:ing)? on) ?(?:alive|breathing|living|existing|in this world)`,
      `(?:do|does) not ${gap(2)}want to (?:be (?:alive|here)|live|exist|breathe|wake up) (?:anymore|any more|any longer)`,
      `(?:simply|just|really|honestly) do not want to (?:be alive|live|exist)`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    pattern: words(
      `(?:bridge|roof|ledge|cliff|tracks|platform).{0,60}(?:think(?:ing)? (?:about|of) (?:it|jumping|letting go|ending)|imagin\\w+ (?:jumping|falling))`,
      `how (?:many|much) ${gap(6)}(?:to (?:die|kill (?:me|myself|yourself))|would kill me)`,
      `(?:painless|easiest|quickest|best|fastest) ${gap(2)}(?:way|method)s? (?:to|of) (?:die|dying|kill(?:ing)? (?:myself|yourself)|suicide|end(?:ing)? my life)`,
      `(?:goodbye|tonight is the night|it ends).{0,80}(?:have|got|with) ${gap(3)}${MEANS} (?:ready|next to me|in my hand|right here|here)`,
      `(?:rope|belt|cord|noose|bag) ${gap(2)}(?:around|round|over) my (?:neck|head)`,
    ),
  },
  {
    sign: 'overdose',
    level: 'danger',
    pattern: words(
      `(?:going to|will|want to|about to|could) ${gap(1)}(?:swallow|take|down) ${gap(2)}(?:bottle|handful|box|all) ${gap(3)}(?:pills|tablets|aspirin|paracetamol|tylenol|painkillers|meds|medication)`,
      `i (?:just |have |have just |already )?(?:drank|drunk|swallowed|took|taken|injected) ${gap(3)}${POISON}`,
    ),
  },
  {
    sign: 'self-harm',
    level: 'danger',
    pattern: words(
      `(?:started|begun|back to|keep|been) (?:cutting|burning|slicing|scratching) (?:my (?:arms|wrists?|legs|thighs|skin|stomach)|again|myself)`,
    ),
  },
  {
    sign: 'violence',
    level: 'danger',
    pattern: words(
      `(?:he|she|they) ${gap(1)}${HURTS} me ${gap(3)}(?:last night|again|until|yesterday|when|because|against|down|unconscious|today)`,
      `(?:touches|touched) me ${gap(2)}(?:at night|when i (?:sleep|am asleep)|down there|again|and i do not)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    pattern: words(
      `done with everything|(?:be )?sorry when i am gone|it will (?:all )?be over soon(?=[.,!;\\n]|$)|(?:want|need) the pain to (?:end|stop|go away)`,
      `(?:a|such a|nothing but a) burden (?:to|on|for)`,
      `nothing i (?:do|say|try) ${gap(2)}(?:matters|works|helps|changes|is ever)`,
      `(?:in bed|not eaten|not slept|not left) ${gap(3)}(?:for (?:days|weeks|months))`,
      `(?:checks|goes through|reads|tracks) my (?:phone|messages|location)`,
    ),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    pattern: words(
      `(?:he|she|they) (?:wants?|is going|are going|threatens?|plans?) to (?:end it all|end (?:his|her|their) (?:own )?life|die)`,
      `(?:left|found) (?:a|his|her|their) (?:suicide )?note.{0,60}(?:missing|gone|goodbye)`,
    ),
  },
  {
    sign: 'ideation',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `${THEY} ${gap(4)}(?:better|happier|relieved|better off) ${gap(2)}(?:without me|(?:if|when|once) i (?:was|were|am|had) (?:not (?:here|around|alive)|never been born))`,
    ),
  },
  {
    sign: 'plan',
    level: 'danger',
    holdsNo: true,
    pattern: words(
      `how (?:many|much) ${gap(6)}to (?:not|never) wake up`,
      `(?:can not take|can not do) (?:it|this).{0,80}(?:have|got|with) ${gap(3)}${MEANS} (?:ready|next to me|in my hand|right here|here)`,
    ),
  },
  {
    sign: 'despair',
    level: 'concern',
    holdsNo: true,
    pattern: words(`(?:nobody|no one) would (?:notice|miss me|care|even know) if i`),
  },
  {
    sign: 'somebody-else',
    level: 'concern',
    holdsNo: true,
    pattern: words(`(?:left|found) (?:a|his|her|their) (?:suicide )?note.{0,60}not (?:answering|picking up|home)`),
  },
]
