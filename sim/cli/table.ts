/** Plain tables for a terminal. */
import { wrap } from '../../reports/wrap.ts';
import { printableLine } from './printable.ts';

const GAP = '  ';
/** The last column has this much room, and lines become wider than they should be where need be. */
const MIN_LAST = 20;

/** Rows with their columns under each other, two spaces apart; the last column is wrapped to `width`. */
export function table(cells: readonly (readonly string[])[], width: number): string {
  const rows = cells.map(row => row.map(printableLine));
  const last = Math.max(0, ...rows.map(row => row.length)) - 1;
  const widths = Array.from({ length: Math.max(0, last) }, (_, column) =>
    Math.max(...rows.map(row => (row[column] ?? '').length)),
  );
  const lines = rows.flatMap(row => {
    const head = widths.map((columnWidth, column) => (row[column] ?? '').padEnd(columnWidth) + GAP).join('');
    return wrap(row[last] ?? '', Math.max(width, head.length + MIN_LAST), head, ' '.repeat(head.length));
  });
  return lines.map(line => `${line.trimEnd()}\n`).join('');
}
