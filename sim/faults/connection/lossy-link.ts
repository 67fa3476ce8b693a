/**
 * The network loses packets. On a socket nothing vanishes by that: what is lost is sent again when nothing was heard for a while, and
 * again after twice that while, and all that was sent after it waits (playbook 4.4).
 */
import { CONNECTIONS } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import { SlowLink, upOfMarket } from './slow-link.ts';

/** What was lost so often comes through the next time, so that nothing is late by more than fifteen timeouts. */
const MOST_LOSSES = 4;

export const lossyLink: FaultKind = {
  info: faultInfo({
    kind: 'lossy-link',
    group: 'connection',
    description:
      'The network loses packets of the connection. A lost one is sent again after a timeout, again after twice that, and what was sent ' +
      'after it waits: nothing vanishes, all comes late.',
    targets: CONNECTIONS,
    defaultTarget: 'user',
    hasDirection: true,
    parameters: [
      {
        name: 'loss',
        type: 'number',
        description: 'Share of the packets that is lost, each time they are sent.',
        unit: '',
        min: 0.3,
        max: 0.9,
        default: 0.5,
      },
      {
        name: 'retransmitAfter',
        type: 'time',
        description: 'Time until a lost packet is sent again for the first time.',
        min: 50 * NS_PER_MS,
        max: NS_PER_S,
        default: 300 * NS_PER_MS,
      },
    ],
    primary: '4.4',
    allowed: ['1.2', '1.4', '3.1', '3.2', '3.4'],
    symptoms: ['high-latency', 'position-mismatch', 'stale-quotes', 'orders-not-sending'],
  }),
  contradiction: upOfMarket,
  create: (fault, world) => {
    const loss = numberOf(fault, 'loss');
    const timeoutNs = numberOf(fault, 'retransmitAfter');
    return new SlowLink(fault, world, () => {
      let extraNs = 0;
      let waitNs = timeoutNs;
      for (let losses = 0; losses < MOST_LOSSES && world.random.next() < loss; losses++) {
        extraNs += waitNs;
        waitNs *= 2;
      }
      return extraNs;
    });
  },
};
