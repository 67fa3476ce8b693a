/**
 * Queries beside the sockets (REST) and their answers: of the account as it was a little while ago, of its past, and of the
 * exchange's rules; or the page that tells a client that it has asked too much.
 */
import type { RestBody, RestCommand } from '../../core/port.ts';
import { HTTP_TOO_MANY_REQUESTS, infoWeight, TOO_MANY_REQUESTS_PAGE } from '../exchange/limits/ip-weight.ts';
import { CLASS_EXCHANGE } from '../kernel/kernel.ts';
import type { RunState } from '../run-state.ts';
import type { WorldEvent } from '../world.ts';
import { type AccountPicture, AccountPictures, type AccountPicturesState } from './account-pictures.ts';
import type { AccountRecords } from './account-records.ts';
import { clearinghouseState, meta, userRateLimit } from './rest-bodies.ts';

export class RestQueries<CoreSettings> {
  readonly #run: RunState<CoreSettings>;
  readonly #records: AccountRecords;
  readonly #pictures: AccountPictures;

  constructor(run: RunState<CoreSettings>, records: AccountRecords) {
    this.#run = run;
    this.#records = records;
    this.#pictures = new AccountPictures(run.latency.snapshotLagMaxNs + run.faults.pictureLagNs);
  }

  /** A query leaves the core. */
  send(command: RestCommand): void {
    const { faults, kernel, latency, nowNs } = this.#run;
    const roundTripNs = latency.restRoundTripNs();
    const lagNs = latency.snapshotLagNs() + faults.pictureAgeNs(command);
    const upNs = Math.floor(roundTripNs / 2);
    const event: WorldEvent = { kind: 'rest', command, replyNs: roundTripNs - upNs, lagNs };
    kernel.schedule(nowNs + upNs, CLASS_EXCHANGE, event);
  }

  /** A query arrives at the exchange. */
  arrives({ command, replyNs, lagNs }: Extract<WorldEvent, { kind: 'rest' }>): void {
    const { nowNs } = this.#run;
    const exchNs = nowNs - lagNs;
    const atNs = nowNs + replyNs;
    const body = this.#weighedBody(command, exchNs);
    this.#run.deliverAt(atNs, null, { kind: 'rest-reply', nowNs: atNs, id: command.id, exchNs, body });
  }

  /** The answer to a query, or the page that tells that there were too many. */
  #weighedBody(command: RestCommand, asOfNs: number): RestBody {
    const { exchange, faults, nowNs } = this.#run;
    const faulty = faults.queryArrives(command);
    if (faulty !== null) return faulty;
    const { ip } = exchange.limits;
    if (!ip.admit(nowNs, infoWeight(command.request))) {
      return { request: 'failed', httpStatus: HTTP_TOO_MANY_REQUESTS, text: TOO_MANY_REQUESTS_PAGE };
    }
    const body = this.#restBody(command, asOfNs);
    if (body.request === 'userFillsByTime') ip.answered(nowNs, body.request, body.fills.length);
    return body;
  }

  /** What the exchange says of the account as it was at `asOfNs`. */
  #restBody({ request, cloid = 0, fromNs = 0 }: RestCommand, asOfNs: number): RestBody {
    switch (request) {
      case 'openOrders':
      case 'clearinghouseState':
        return (this.#pictures.at(asOfNs) ?? this.#takePicture())[request];
      case 'orderStatus':
        return { request, order: this.#records.orderStatus(cloid, asOfNs) };
      case 'userFillsByTime':
        return { request, fills: this.#records.fillsBetween(fromNs, asOfNs) };
      case 'userRateLimit':
        return userRateLimit(this.#run.exchange);
      case 'meta':
        return meta(this.#run.exchange);
    }
  }

  /** The account has changed, or the run begins: what it has become is kept. */
  accountChanged(): void {
    this.#pictures.changed(this.#run.nowNs, () => this.#takePicture());
  }

  #takePicture(): AccountPicture {
    const { exchange } = this.#run;
    return {
      openOrders: { request: 'openOrders', orders: exchange.openOrders() },
      clearinghouseState: clearinghouseState(exchange),
    };
  }

  snapshot(): AccountPicturesState {
    return this.#pictures.snapshot();
  }

  restore(state: AccountPicturesState): void {
    this.#pictures.restore(state);
  }
}
