import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Numbers for Prometheus. No label carries a person, a chat or a text. */
export function openMetrics(read: () => Promise<Readings>) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `centralita_${name}`, help, labelNames, registers })
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `centralita_${name}`, help, labelNames, registers })

  const waiting = gauge('conversations_waiting', 'Conversations that are ready and not taken')
  const oldest = gauge('conversations_oldest_wait_seconds', 'How long the oldest of them has been ready')
  const parked = gauge('parked_messages', 'Messages that nobody could answer')
  const outbox = gauge('outbox_messages', 'Messages in the outbox that are not over, or rest in doubt', ['kind', 'status'])
  const heard = counter('heard_total', 'What arrived', ['channel', 'result'])
  const turns = counter('turns_total', 'Turns that ended', ['assistant', 'outcome'])
  const sends = counter('sends_total', 'Sends that were settled', ['kind', 'status'])
  const turnSeconds = new Histogram({
    name: 'centralita_turn_seconds',
    help: 'From the claim to the end of a turn',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const modelTokens = counter('model_tokens_total', 'Tokens that models were asked for and gave', ['assistant', 'model'])
  const modelMoney = counter('model_dollars_total', 'What they cost, where the price is known', ['assistant', 'model'])
  const reused = counter('model_reused_total', 'Answers given again instead of asked for', ['assistant'])
  const savedTokens = counter('model_saved_tokens_total', 'Tokens that this saved', ['assistant'])
  const savedMoney = counter('model_saved_dollars_total', 'Money that this saved, where the price is known', ['assistant'])
  const http = counter('http_requests_total', 'Requests by route and status', ['route', 'status'])

  return {
    heard: (channel: string, result: string) => heard.inc({ channel, result }),
    turn: (assistant: string, outcome: string, seconds: number) => {
      turns.inc({ assistant, outcome })
      turnSeconds.observe(seconds)
    },
    send: (kind: string, status: string) => sends.inc({ kind, status }),
    model: ({ assistant, model, tokens, micros }: { assistant: string; model: string; tokens: number; micros: number }) => {
      modelTokens.inc({ assistant, model }, tokens)
      modelMoney.inc({ assistant, model }, micros / 1e6)
    },
    reused: ({ assistant, tokens, micros }: { assistant: string; tokens: number; micros: number }) => {
      reused.inc({ assistant })
      savedTokens.inc({ assistant }, tokens)
      savedMoney.inc({ assistant }, micros / 1e6)
    },
    http: (route: string, status: number) => http.inc({ route, status: String(status) }),
    async text(): Promise<string> {
      const now = await read()
      waiting.set(now.conversations)
      oldest.set(now.oldestWaitMs / 1000)
      parked.set(now.parked)
      outbox.reset()
      for (const { kind, status, n } of now.outbox) outbox.set({ kind, status }, n)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

export type Readings = {
  conversations: number
  oldestWaitMs: number
  parked: number
  outbox: { kind: string; status: string; n: number }[]
}
export type Metrics = ReturnType<typeof openMetrics>
