/** What symptoms, playbook steps and checks are about, in a few words for somebody who does not know the playbook. */
import type { Symptom } from '../core/playbook.ts';
import type { Checks } from './verdict.ts';

export const SYMPTOM_TITLES: Readonly<Record<Symptom, string>> = {
  'orders-not-sending': 'we should send orders, and none reaches the exchange',
  'stale-quotes': 'our quotes stay where they are while the market moves, or are missing',
  'position-mismatch': 'what we believe to hold is not what the exchange says',
  'high-latency': 'we react too late',
};

export const STEP_TITLES: Readonly<Record<string, string>> = {
  '1.1': 'rate limits hold orders back',
  '1.2': 'the connection for orders is down',
  '1.3': 'the risk system stops quoting',
  '1.4': 'orders are stuck in their lifecycle',
  '1.5': 'there is not enough margin',
  '2.1': 'events pile up and trigger nothing',
  '2.2': 'market data arrives but is bad',
  '2.3': 'market data stops arriving',
  '2.4': 'estimators are still warming up',
  '2.5': 'a stage of the quote cycle ends it early',
  '3.1': 'local and exchange orders differ',
  '3.2': 'fills arrive for orders no longer tracked',
  '3.3': 'fills are counted twice',
  '3.4': 'local and exchange position differ',
  '3.5': 'fill statistics are not kept up',
  '4.1': 'quote cycles take too long',
  '4.2': 'the quote cycle outgrows its memory arena',
  '4.3': 'something blocks the event loop',
  '4.4': 'round trips to the exchange are slow',
  '4.5': 'the model takes too long to compute',
};

/** `2.3, market data stops arriving` */
export function titled(step: string): string {
  const title = STEP_TITLES[step];
  return title === undefined ? step : `${step}, ${title}`;
}

/** The six checks of a verdict, in the order in which they are read. */
export const CHECK_TITLES: readonly [keyof Checks, string][] = [
  ['twinClean', 'the same run without the cause'],
  ['causeTookEffect', 'the cause'],
  ['symptomAppeared', 'the symptom appears'],
  ['diagnosed', 'the diagnosis'],
  ['symptomResolved', 'the symptom resolves'],
  ['invariants', 'what must always hold'],
];
