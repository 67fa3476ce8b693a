/** The kinds of fault that there are: what each does, its parameters and limits, and what it may light up. */
import { ACCOUNT_FAULTS } from './account/account-faults.ts';
import { CONNECTION_FAULTS } from './connection/connection-faults.ts';
import type { FaultInfo, FaultKind } from './fault-kind.ts';
import { FEED_FAULTS } from './feed/feed-faults.ts';
import { HOST_FAULTS } from './host/host-faults.ts';
import { ORDER_FAULTS } from './orders/order-faults.ts';
import { REQUEST_FAULTS } from './requests/request-faults.ts';

/** By group, in the order of the design, section 8. */
const KINDS: readonly FaultKind[] = [
  ...FEED_FAULTS,
  ...CONNECTION_FAULTS,
  ...REQUEST_FAULTS,
  ...ORDER_FAULTS,
  ...HOST_FAULTS,
  ...ACCOUNT_FAULTS,
];

const BY_NAME: ReadonlyMap<string, FaultKind> = new Map(KINDS.map(kind => [kind.info.kind, kind]));

export const FAULTS: readonly FaultInfo[] = KINDS.map(kind => kind.info);

/** The kind of that name, which was checked before. */
export function kindOf(name: string): FaultKind {
  const kind = BY_NAME.get(name);
  if (kind === undefined) throw new TypeError(`there is no kind of fault called ${name}`);
  return kind;
}
