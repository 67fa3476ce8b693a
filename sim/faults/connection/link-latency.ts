/** The way between core and exchange is longer than it was: another route, a VPN, a queue (playbook 4.4). */
import { CONNECTIONS } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import { SlowLink, upOfMarket } from './slow-link.ts';

export const linkLatency: FaultKind = {
  info: faultInfo({
    kind: 'link-latency',
    group: 'connection',
    description:
      'Messages on the connection take longer: on user posts, replies and streams, on market what comes down. A post beside the ' +
      'websocket goes another way. A round trip is 0.09 s at the median without it.',
    targets: CONNECTIONS,
    defaultTarget: 'user',
    hasDirection: true,
    parameters: [
      {
        name: 'added',
        type: 'time',
        description: 'What each message takes longer in each direction.',
        min: 0,
        max: 5 * NS_PER_S,
        default: 100 * NS_PER_MS,
      },
      {
        name: 'jitter',
        type: 'time',
        description: 'On top of it, drawn evenly for each message up to this.',
        min: 0,
        max: 5 * NS_PER_S,
        default: 0,
      },
    ],
    primary: '4.4',
    allowed: ['1.2', '1.4', '3.1', '3.2', '3.4'],
    symptoms: ['high-latency', 'position-mismatch', 'stale-quotes', 'orders-not-sending'],
  }),
  contradiction: upOfMarket,
  create: (fault, world) => {
    const addedNs = numberOf(fault, 'added');
    const jitterNs = numberOf(fault, 'jitter');
    return new SlowLink(fault, world, () => addedNs + (jitterNs > 0 ? Math.floor(world.random.next() * jitterNs) : 0));
  },
};
