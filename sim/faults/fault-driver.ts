/** Begins and ends the faults of a plan: what each kind does at those two moments. What it does between is its overlay's. */
import { CLASS_FAULT } from '../kernel/kernel.ts';
import type { Gateway } from '../network/gateway.ts';
import type { MarketFeed } from '../network/market-feed.ts';
import type { RunState } from '../run-state.ts';

interface FaultDriverState {
  running: number;
}

export class FaultDriver<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  readonly #marketFeed: MarketFeed<CoreSettings>;
  readonly #gateway: Gateway<CoreSettings>;
  /** Faults that have not ended yet. */
  #running: number;

  constructor(run: RunState<CoreSettings>, marketFeed: MarketFeed<CoreSettings>, gateway: Gateway<CoreSettings>) {
    this.#run = run;
    this.#marketFeed = marketFeed;
    this.#gateway = gateway;
    this.#running = run.plan.faults.length;
  }

  /** Puts every fault's beginning into the kernel. */
  scheduleAll(): void {
    this.#run.plan.faults.forEach((fault, index) => {
      this.#run.kernel.schedule(fault.atNs, CLASS_FAULT, { kind: 'fault-begin', index });
    });
  }

  begin(index: number): void {
    const { connections, faults, kernel, nowNs, plan } = this.#run;
    const fault = plan.faults[index];
    faults.begin(index);
    let endNs = nowNs + fault.forNs;
    if (fault.kind === 'feed-silence') {
      // Its length is that of the gap: it counts from the last frame that came through.
      const lastNs = connections.lastDeliveredNs(fault.feeds);
      if (lastNs >= 0) endNs = lastNs + fault.forNs;
    } else if (this.#gateway.sockets.closeByServer(fault.connection)) {
      this.#run.faultTookEffect(index, `closed the ${fault.connection} connection`);
    }
    kernel.schedule(endNs, CLASS_FAULT, { kind: 'fault-end', index });
  }

  end(index: number): void {
    for (const item of this.#run.faults.end(index)) this.#marketFeed.release(item);
    this.#running--;
    if (this.#running === 0) this.#run.observers.healed(this.#run.nowNs);
  }

  snapshot(): FaultDriverState {
    return { running: this.#running };
  }

  restore(state: FaultDriverState): void {
    this.#running = state.running;
  }
}
