/** A core that notes what it receives and does what a test tells it to: for tests of the world around a core. */
import { METRICS } from '../../core/infra/metrics/fields.ts';
import type { Command, CoreFactory, CoreHost, Inbound, QuotingCore, Stage } from '../../core/port.ts';

/** One received message, cut down to what tests look at. */
export interface Received {
  kind: Inbound['kind'];
  nowNs: number;
  detail: string;
  sequence: number;
}

/** What the core does with a message: sends commands, charges. */
export type Reaction = (
  message: Inbound,
  act: { send(command: Command): void; charge(stage: Stage, units: number): void },
) => void;

export class ProbeCore implements QuotingCore {
  readonly metrics = new Float64Array(METRICS.length);
  readonly received: Received[] = [];
  readonly #host: CoreHost;
  readonly #react: Reaction;

  constructor(host: CoreHost, react: Reaction) {
    this.#host = host;
    this.#react = react;
  }

  receive(message: Inbound): void {
    this.received.push({
      kind: message.kind,
      nowNs: message.nowNs,
      detail: describe(message),
      sequence: message.kind === 'book' || message.kind === 'trades' ? message.sequence : 0,
    });
    this.#react(message, this.#host);
  }

  snapshot(): unknown {
    return { received: this.received.map(entry => ({ ...entry })) };
  }

  restore(state: unknown): void {
    this.received.splice(0, this.received.length, ...(state as { received: Received[] }).received);
  }
}

function describe(message: Inbound): string {
  switch (message.kind) {
    case 'connection':
      return `${message.connection} ${message.status}`;
    case 'book':
    case 'trades':
    case 'subscribed':
      return message.feed;
    case 'timer':
      return message.timer;
    default:
      return '';
  }
}

/** A factory and the list of cores that it made. */
export function probe(react: Reaction): { createCore: CoreFactory<unknown>; cores: ProbeCore[] } {
  const cores: ProbeCore[] = [];
  return {
    cores,
    createCore: host => {
      const core = new ProbeCore(host, react);
      cores.push(core);
      return core;
    },
  };
}

/** Connects the market at the start, again whenever it is closed or refused, and subscribes to book and trades. */
export const subscribeToMarket: Reaction = (message, act) => {
  if (message.kind === 'start') act.send({ kind: 'connect', connection: 'market' });
  if (message.kind !== 'connection') return;
  if (message.status === 'open') {
    act.send({ kind: 'subscribe', feed: 'l2Book', instrument: 0 });
    act.send({ kind: 'subscribe', feed: 'trades', instrument: 0 });
  } else {
    act.send({ kind: 'connect', connection: 'market' });
  }
};
