/** Figures of recordings and tapes in words. */
import { NS_PER_MS } from '../../core/scale.ts';
import type { ImportReport } from '../../recordings/importers/report.ts';
import { seconds } from '../../reports/seconds.ts';

/** `46 snapshot, 9 trades`: what there is of each, without what there is none of. */
export function counts(figures: object): string {
  const parts = Object.entries(figures)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${count} ${name}`);
  return parts.join(', ') || 'none';
}

/** Milliseconds with one decimal, for latencies. */
export function milliseconds(ns: number): string {
  return `${(ns / NS_PER_MS).toFixed(1)} ms`;
}

/** An origin as a date in UTC, to the second; the digits themselves where they are no date. */
export function originText(originNs: string): string {
  const ms = Number(originNs.slice(0, -6) || '0');
  return ms > 8.64e15 ? originNs : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Bad lines that are shown; the report holds more, and counts all. */
const SHOWN_SKIPS = 5;

/** What an import did with its file. */
export function importRows(report: ImportReport): string[][] {
  const rows = [
    ['format', report.compression === 'none' ? report.format : `${report.format} (${report.compression})`],
    ['lines', `${report.lines}, of them ${report.skippedLines} skipped`],
    ['ignored', counts(report.ignored)],
    ['anomalies', counts(report.anomalies)],
    ['decimals', report.instruments.map(({ symbol, decimals }) => `${symbol} ${decimals}`).join(', ')],
  ];
  if (report.recvShiftNs > 0) {
    rows.push(['clock', `receive times shifted by ${seconds(report.recvShiftNs)}: the recorder’s clock ran behind`]);
  }
  if (report.tornTailBytes > 0) {
    rows.push(['torn tail', `${report.tornTailBytes} bytes of an unfinished frame at the end`]);
  }
  for (const { line, reason } of report.skipped.slice(0, SHOWN_SKIPS)) rows.push([`line ${line}`, reason]);
  return rows;
}
