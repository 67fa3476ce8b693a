/** What the exchange answers to queries of its rules and of the account as it is now. */
import type { RestBody } from '../../core/port.ts';
import type { Exchange } from '../exchange/exchange.ts';

type Body<Request extends RestBody['request']> = Extract<RestBody, { request: Request }>;

export function clearinghouseState(exchange: Exchange): Body<'clearinghouseState'> {
  const { account } = exchange.clearing;
  return { request: 'clearinghouseState', positions: account.positions(), account: account.accountState() };
}

export function userRateLimit(exchange: Exchange): Body<'userRateLimit'> {
  return { request: 'userRateLimit', ...exchange.rateLimit() };
}

/** The margin tiers are those of now: a fault may have lowered them. */
export function meta(exchange: Exchange): Body<'meta'> {
  return { request: 'meta', instruments: exchange.clearing.account.rules() };
}
