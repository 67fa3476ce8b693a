/**
 * Where the real recordings are that tests replay. They are third-party data and not part of the repository: tests skip
 * and say so where they are absent, except in CI, where they must run.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

// npm runs scripts in the package's folder; the data lies beside it.
const root = resolve(process.env.REPLAYBOOK_DATA ?? '../shared/data');

export const ARCHIVE_HOUR = join(root, 'hyperliquid-archive/BTC_20240101_12.lz4');
export const WS_CAPTURE = join(root, 'hyperliquid-ws/btcusd_20250126.gz');
export const BINANCE_CAPTURE = join(root, 'binance-usdm/ethusdt_20240808.gz');

/** True where the recordings are at hand. In CI their absence is an error, not a skip. */
export const HAVE_DATA = existsSync(ARCHIVE_HOUR) && existsSync(WS_CAPTURE) && existsSync(BINANCE_CAPTURE);
if (!HAVE_DATA) {
  const message = `No recordings in ${root}: set REPLAYBOOK_DATA to their folder. Tests on them are skipped.`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(message);
}
