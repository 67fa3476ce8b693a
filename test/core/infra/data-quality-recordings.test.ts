/**
 * Healthy markets as they were recorded raise nothing but what their gaps really are: no anomaly, no shut gate, no stale feed.
 */
import { describe, expect, it } from 'vitest';
import { ConnectionSupervisor, DEFAULT_SUPERVISOR } from '../../../core/infra/connection-supervisor.ts';
import { DataQuality, DEFAULT_DATA_QUALITY } from '../../../core/infra/data-quality.ts';
import { MarketBook } from '../../../core/infra/market-book.ts';
import { FEEDS, type Feed } from '../../../core/market.ts';
import type { BookMessage } from '../../../core/port.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { frameCount, SNAPSHOT, type Tape, TRADES } from '../../../recordings/tape.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../../support/data.ts';
import { loadMarketFile } from '../../support/load-market.ts';
import { bookFrame, KeptLog, tradesFrame } from './frames.ts';

/** Plays a tape through the checks and a book, as the core does, with a check a second. */
function play(tape: Tape) {
  const log = new KeptLog();
  const quality = new DataQuality(DEFAULT_DATA_QUALITY, log.write);
  const supervisor = new ConnectionSupervisor(DEFAULT_SUPERVISOR, FEEDS, () => 0.5, log.write);
  const market = new MarketBook();
  const { frames } = tape;
  const startNs = frames.recvNs[0];
  supervisor.onConnection('market', 'open', startNs);
  supervisor.onConnection('user', 'open', startNs);
  log.entries.length = 0;
  const sequences = new Float64Array(FEEDS.length);
  let timerNs = startNs + NS_PER_S;
  let refused = 0;
  let applied = 0;
  for (let frame = 0; frame < frameCount(tape); frame++) {
    const nowNs = frames.recvNs[frame];
    for (; timerNs < nowNs; timerNs += NS_PER_S) {
      quality.check(timerNs);
      supervisor.check(timerNs, 0);
    }
    const feed: Feed = FEEDS[frames.feed[frame]];
    const common = {
      nowNs,
      exchNs: frames.exchNs[frame],
      sequence: sequences[frames.feed[frame]]++,
      first: frames.firstRow[frame],
      count: frames.rowCount[frame],
    };
    supervisor.onMarketData(feed, nowNs);
    if (frames.kind[frame] === TRADES) {
      if (!quality.checkTrades(tradesFrame({ ...common, trades: tape.trades }), market.midTicks)) refused++;
      continue;
    }
    const message = bookFrame({
      ...common,
      feed: feed as BookMessage['feed'],
      isSnapshot: frames.kind[frame] === SNAPSHOT,
      updateId: frames.updateId[frame],
      previousUpdateId: frames.previousUpdateId[frame],
      levels: tape.levels,
    });
    if (!quality.checkBook(message, market.midTicks)) refused++;
    else if (market.apply(message)) {
      applied++;
      quality.bookApplied(message.feed, nowNs, market.book.bestBidTicks, market.book.bestAskTicks);
    }
  }
  return { entries: log.entries, quality, refused, applied };
}

describe.skipIf(!HAVE_DATA)('recorded markets', () => {
  it('an hour of whole books: all are applied, nothing is said', async () => {
    const { tape } = await loadMarketFile(ARCHIVE_HOUR);
    const { entries, refused, applied } = play(tape);
    expect(entries.filter(entry => entry.type !== 'reconnection')).toEqual([]);
    expect([applied, refused]).toEqual([5_587, 0]);
  });

  it('a websocket capture, with a book sent twice and old trades at its start', async () => {
    const { tape } = await loadMarketFile(WS_CAPTURE);
    const { entries, refused, applied } = play(tape);
    expect(entries.filter(entry => entry.type !== 'reconnection')).toEqual([]);
    expect([applied, refused]).toEqual([46, 0]);
  });

  it('deltas with levels far from the mid, a late snapshot and a fast touch: the chain of updates holds to the end', async () => {
    const { tape } = await loadMarketFile(BINANCE_CAPTURE);
    const { entries, quality, applied } = play(tape);
    expect(quality.feedOutOfStep).toBeNull();
    expect(entries.filter(entry => entry.type !== 'reconnection')).toEqual([]);
    expect(applied).toBeGreaterThan(50_000);
  });
});
