export const care = {
  log: {
    care_held: 'Cuidado: señales de peligro ({sign}, {seen_by}); los mensajes por iniciativa propia quedan en pausa',
    care_told: 'Cuidado: se avisó al operador, con permiso de la persona',
    care_not_told: 'Cuidado: no se pudo avisar al operador; se reintentará',
  },
  say: {
    help: {
      inCountry: (country: string): string => `En ${country}:`,
      always: 'a cualquier hora',
      emergency: (number: string): string => `Si estás en peligro ahora, llama a emergencias: ${number}.`,
      emergencyAnywhere:
        'Si estás en peligro ahora, llama al número de emergencias del país donde estás (en toda la Unión Europea, el 112; en buena parte de América, el 911) o ve al hospital más cercano.',
      emergencyNumber: 'el número de emergencias de tu país',
      elsewhere: 'Si estás en otro país, llama al número de emergencias de allí.',
    },
    danger: {
      self: 'Siento mucho que estés pasando por esto, y gracias por contármelo. Yo soy un programa: puedo escucharte, pero mereces que te acompañe una persona. Hay quien escucha, sin juzgar:',
      hurt: 'Siento mucho que estés así, y gracias por contármelo. Yo soy un programa; hay personas que pueden estar contigo en esto, sin juzgarte:',
      overdose:
        'Lo que cuentas puede ser una urgencia aunque ahora te encuentres bien. Llama ya a emergencias, o pide a quien tengas cerca que lo haga, y di qué has tomado y cuánto.',
      violence:
        'Siento mucho lo que te está pasando. No es culpa tuya y nadie tiene derecho a hacerte daño. Hay quien puede ayudarte:',
      others:
        'Parece que estás al límite. Antes de hacer nada, aléjate un momento y habla con alguien. Hay quien escucha, sin juzgar:',
      company: 'Si puedes, no te quedes a solas: avisa a alguien de confianza.',
      watched: 'Si alguien más puede ver este teléfono, ten cuidado con esta conversación.',
      held: 'Mientras tanto no te escribiré por mi cuenta; aquí sigo cuando tú quieras. (Más sobre esto: /aviso)',
      again: (numbers: string): string => `Sigo aquí. Y recuerda que ahora mismo puedes hablar con una persona: ${numbers}.`,
      yes: 'Sí, avisa',
      no: 'No avises',
      ask: '¿Quieres que avise a la persona que lleva este asistente de que lo estás pasando mal? No le diré tus palabras. Escribe «/aviso sí» o «/aviso no». Si no dices nada, no aviso a nadie.',
    },
    concern: {
      self: 'Por lo que escribes, quizá lo estés pasando mal. Si es así, no tienes que llevarlo a solas.',
      other:
        'Lo que cuentas de esa persona es serio, y está bien que te importe. Escúchala, no la dejes sola si corre peligro, y pide ayuda con ella:',
      noLines: 'Hablar con alguien de confianza o con un profesional ayuda.',
    },
    notice: {
      what: 'Qué soy y qué no: soy un programa. No soy un servicio de emergencias ni de psicología, no hago diagnósticos ni receto, nadie me vigila en directo y puedo no darme cuenta de que alguien está en peligro, o alarmarme sin motivo.',
      does: (canTell: boolean): string =>
        `Qué hago si lo que escribes parece peligroso: te enseño teléfonos de ayuda${canTell ? ', dejo de escribirte por mi cuenta y, solo si tú lo permites, aviso a la persona que lleva este asistente (sin tus palabras)' : ' y dejo de escribirte por mi cuenta; a nadie más se avisa'}. Los recordatorios que me pediste siguen.`,
      consent: {
        yes: 'Avisar a quien lleva el asistente: SÍ. Para cambiarlo: «/aviso no».',
        no: 'Avisar a quien lleva el asistente: NO. Para cambiarlo: «/aviso sí».',
        open: 'Avisar a quien lleva el asistente: no lo has dicho, así que no. Para permitirlo: «/aviso sí».',
      },
      held: 'Ahora mismo no te escribo por mi cuenta. Para que vuelva a hacerlo: «/aviso seguir».',
      agreed:
        'De acuerdo: si veo peligro, avisaré a la persona que lleva este asistente, sin tus palabras. No es un servicio de guardia; para algo urgente, llama.',
      agreedNobody:
        'Lo apunto, pero este asistente no tiene ahora a quién avisar: no cuentes con ello. Para algo urgente, llama.',
      refused: 'De acuerdo: no avisaré a nadie.',
      resumed: 'De acuerdo: vuelvo a escribirte por mi cuenta cuando toque. Gracias por decírmelo.',
      notHeld: 'No había nada en pausa.',
    },
    prompt: {
      danger: (signs: string): string =>
        [
          '## Cuidado: señales de peligro',
          `En lo que la persona acaba de escribir hay señales de peligro (${signs}). Delante de tu respuesta ya se le muestran los teléfonos de ayuda: no los repitas ni añadas otros.`,
          'Contesta en pocas frases, con calidez y calma. Tómalo en serio. Pregunta si está a salvo ahora y si puede estar con alguien. Escucha más que aconsejas.',
          'No diagnostiques, no recetes ni hables de dosis, no des ningún detalle sobre métodos, no riñas, no discutas, no prometas guardar secretos ni digas que avisarás a alguien, no cambies de tema. No programes mensajes.',
        ].join('\n'),
      concern: (lines: string): string =>
        `## Cuidado\nPor lo que escribe, la persona puede estar pasándolo mal. Pregunta con delicadeza y una sola vez cómo está; no alarmes, no diagnostiques ni recetes. Si ves que corre peligro, llama a raise_concern.${lines ? ` Si viene al caso, puedes ofrecerle exactamente esto:\n${lines}` : ''}`,
      joking:
        '## Cuidado\nLo que escribe suena a broma o exageración. Contesta con naturalidad; si algo no te cuadra, pregunta una vez si está bien. Si ves peligro de verdad, llama a raise_concern.',
      other: (lines: string): string =>
        `## Cuidado\nLa persona está preocupada por otra que puede estar en peligro. Ayúdala a ayudar: escuchar sin juzgar, preguntar sin miedo, no dejarla sola si hay peligro, llamar a emergencias si es ahora. No diagnostiques ni recetes.${lines ? ` Puedes darle exactamente esto:\n${lines}` : ''}`,
      held: '## Cuidado\nHace poco en esta conversación hubo señales de peligro. Trata a la persona con tacto; no saques el tema si ella no lo saca. No programes mensajes por tu propia idea. Si vuelve el peligro, llama a raise_concern.',
      tool: 'Da la alarma cuando la persona corre peligro (quiere morir, se hace daño, ha tomado demasiado, sufre violencia, va a dañar a alguien) o está muy mal, aunque lo diga con rodeos. Se le mostrarán teléfonos de ayuda. No sirve para bromas, frases hechas ni películas.',
      raised:
        'Hecho: los teléfonos de ayuda se muestran delante de tu respuesta. No los repitas; sigue con calidez y en pocas frases.',
      raisedConcern: (lines: string): string =>
        `Anotado. Sigue con delicadeza.${lines ? ` Si viene al caso, puedes ofrecer exactamente esto:\n${lines}` : ' No inventes teléfonos.'}`,
      signs: {
        ideation: 'deseo de morir',
        plan: 'un plan o un medio para morir',
        'self-harm': 'autolesión',
        overdose: 'una posible sobredosis',
        violence: 'violencia que sufre',
        others: 'amenaza a otra persona',
        despair: 'desesperanza',
        past: 'algo del pasado',
        'somebody-else': 'otra persona en peligro',
      },
    },
  },
}
