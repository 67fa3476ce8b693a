import { expect, it } from 'vitest';
import { endOfCancelFailure, endOfStatus, isDuplicateNonce } from '../../../core/execution/exchange-texts.ts';

it.each([
  ['open', 'open'],
  ['filled', 'filled'],
  ['canceled', 'cancelled'],
  ['marginCanceled', 'expired'],
  ['selfTradeCanceled', 'expired'],
  ['scheduledCancel', 'expired'],
  ['somethingNewCanceled', 'expired'],
  ['badAloPxRejected', 'rejected'],
  ['somethingNewRejected', 'rejected'],
  ['rejected', 'rejected'],
  ['triggered', 'unknown'],
  ['', 'unknown'],
])('the status %s is %s', (status, end) => {
  expect(endOfStatus(status)).toBe(end);
});

it.each([
  ['Order was never placed, already canceled, or filled. asset=4', 'gone'],
  ['Cannot modify canceled or filled order', 'gone'],
  ['Error placing new order during modify: Post only order would have immediately matched', 'gone'],
  ['already filled', 'filled'],
  ['Post only order would have immediately matched, bbo was 90901@90902. asset=0', 'none'],
  ['Too many requests', 'none'],
  ['timeout', 'none'],
])('a cancel refused with "%s" leaves the order %s', (text, end) => {
  expect(endOfCancelFailure(text)).toBe(end);
});

it('tells that a nonce was used before', () => {
  expect(isDuplicateNonce('Invalid nonce: duplicate nonce 1790000000001')).toBe(true);
  expect(isDuplicateNonce('Invalid nonce: 5 is not within 2 days before and 1 day after the block')).toBe(false);
});
