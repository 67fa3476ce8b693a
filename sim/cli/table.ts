/** Plain tables for a terminal. */
import { wrap } from '../../reports/wrap.ts';

const GAP = '  ';

/** Rows with their columns under each other, two spaces apart; the last column is wrapped to `width`. */
export function table(rows: readonly (readonly string[])[], width: number): string {
  const last = Math.max(0, ...rows.map(row => row.length)) - 1;
  const widths = Array.from({ length: Math.max(0, last) }, (_, column) =>
    Math.max(...rows.map(row => (row[column] ?? '').length)),
  );
  const lines = rows.flatMap(row => {
    const head = widths.map((columnWidth, column) => (row[column] ?? '').padEnd(columnWidth) + GAP).join('');
    return wrap(row[last] ?? '', width, head, ' '.repeat(head.length));
  });
  return lines.map(line => `${line.trimEnd()}\n`).join('');
}
