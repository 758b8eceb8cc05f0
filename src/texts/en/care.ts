import type { care as spanish } from '../es/care.ts'

export const care: typeof spanish = {
  log: {
    care_held: 'Care: signs of danger ({sign}, {seen_by}); unasked messages are on hold',
    care_told: 'Care: the operator was told, with the person’s permission',
    care_not_told: 'Care: the operator could not be told; it will be tried again',
  },
  say: {
    help: {
      inCountry: (country) => `In ${country}:`,
      always: 'at any hour',
      emergency: (number) => `If you are in danger now, call the emergency services: ${number}.`,
      emergencyAnywhere:
        'If you are in danger now, call the emergency number of the country you are in (112 in all of the European Union, 911 in much of America) or go to the nearest hospital.',
      emergencyNumber: 'the emergency number of your country',
      elsewhere: 'If you are in another country, call the emergency number there.',
    },
    danger: {
      self: 'I am so sorry you are going through this, and thank you for telling me. I am a program: I can listen, but you deserve a person beside you. These people listen, without judging:',
      hurt: 'I am so sorry you are feeling like this, and thank you for telling me. I am a program; there are people who can be with you in this, without judging:',
      overdose:
        'What you describe can be an emergency even if you feel fine now. Call the emergency services right away, or ask somebody near you to, and say what you took and how much.',
      violence:
        'I am so sorry about what is happening to you. It is not your fault, and nobody has the right to hurt you. These people can help:',
      others:
        'It sounds as if you are at your limit. Before doing anything, step away for a moment and talk to somebody. These people listen:',
      company: 'If you can, do not stay alone: tell somebody you trust.',
      watched: 'If somebody else can see this phone, take care with this conversation.',
      held: 'Meanwhile I will not write to you first; I am here whenever you want. (More about this: /notice)',
      again: (numbers) => `I am still here. And remember that you can talk to a person right now: ${numbers}.`,
      yes: 'Yes, tell them',
      no: 'No, tell nobody',
      ask: 'Do you want me to tell the person who runs this assistant that you are having a hard time? I will not pass on your words. Write “/notice yes” or “/notice no”. If you say nothing, I tell nobody.',
    },
    concern: {
      self: 'From what you write, you may be having a hard time. If so, you do not have to carry it alone.',
      other:
        'What you tell of that person is serious, and it is good that you care. Listen to them, do not leave them alone if they are in danger, and ask for help with them:',
      noLines: 'Talking to somebody you trust, or to a professional, helps.',
    },
    notice: {
      what: 'What I am and am not: I am a program. I am no emergency or psychological service, I make no diagnoses and prescribe nothing, nobody watches me live, and I may not notice that somebody is in danger, or worry without reason.',
      does: (canTell) =>
        `What I do when what you write sounds dangerous: I show you help lines${canTell ? ', I stop writing to you first and, only if you allow it, I tell the person who runs this assistant (without your words)' : ' and I stop writing to you first; nobody else is told'}. Reminders you asked for go on.`,
      consent: {
        yes: 'Tell whoever runs the assistant: YES. To change it: “/notice no”.',
        no: 'Tell whoever runs the assistant: NO. To change it: “/notice yes”.',
        open: 'Tell whoever runs the assistant: you have not said, so no. To allow it: “/notice yes”.',
      },
      held: 'Right now I do not write to you first. To let me again: “/notice resume”.',
      agreed:
        'All right: if I see danger I will tell the person who runs this assistant, without your words. Nobody is on call there; for anything urgent, phone.',
      agreedNobody: 'Noted, but this assistant has nobody to tell just now: do not count on it. For anything urgent, phone.',
      refused: 'All right: I will tell nobody.',
      resumed: 'All right: I will write to you first again when there is reason. Thank you for telling me.',
      notHeld: 'Nothing was on hold.',
    },
    prompt: {
      danger: (signs) =>
        [
          '## Care: signs of danger',
          `What the person just wrote shows signs of danger (${signs}). The help lines are already shown in front of your answer: do not repeat them and add no others.`,
          'Answer in a few sentences, warm and calm. Take it seriously. Ask whether they are safe now and whether somebody can be with them. Listen more than you advise.',
          'Make no diagnosis, prescribe nothing and speak of no doses, give no detail of any method, do not scold, do not argue, promise no secrecy and do not say that you will tell anybody, do not change the subject. Schedule no messages.',
        ].join('\n'),
      concern: (lines) =>
        `## Care\nFrom what they write, the person may be having a hard time. Ask gently and once how they are; raise no alarm, make no diagnosis, prescribe nothing. If you see danger, call raise_concern.${lines ? ` Where it fits you may offer exactly this:\n${lines}` : ''}`,
      joking:
        '## Care\nWhat they write sounds like a joke or an exaggeration. Answer naturally; if something feels off, ask once whether they are all right. If you see real danger, call raise_concern.',
      other: (lines) =>
        `## Care\nThe person worries about somebody else who may be in danger. Help them help: listen without judging, ask without fear, do not leave them alone in danger, call the emergency services if it is now. Make no diagnosis, prescribe nothing.${lines ? ` You may give exactly this:\n${lines}` : ''}`,
      held: '## Care\nThere were signs of danger in this conversation not long ago. Be tactful; do not bring it up unless they do. Schedule no messages of your own idea. If the danger returns, call raise_concern.',
      tool: 'Raise the alarm when the person is in danger (wants to die, hurts themselves, took too much, suffers violence, is about to hurt somebody) or is very low, even if said in a roundabout way. They will be shown help lines. Not for jokes, idioms or films.',
      raised: 'Done: the help lines are shown in front of your answer. Do not repeat them; go on warmly, in a few sentences.',
      raisedConcern: (lines) =>
        `Noted. Go on gently.${lines ? ` Where it fits you may offer exactly this:\n${lines}` : ' Do not make up phone numbers.'}`,
      signs: {
        ideation: 'a wish to die',
        plan: 'a plan or a means to die',
        'self-harm': 'self-harm',
        overdose: 'a possible overdose',
        violence: 'violence they suffer',
        others: 'a threat to somebody else',
        despair: 'despair',
        past: 'something of the past',
        'somebody-else': 'somebody else in danger',
      },
    },
  },
}
