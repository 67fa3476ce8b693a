/** The core's metrics in Prometheus' text format, version 0.0.4: what a scrape at the end of the run would have given. */
import type { MetricField } from '../core/evidence.ts';

/** The name without its labels. */
function family(name: string): string {
  const labels = name.indexOf('{');
  return labels < 0 ? name : name.slice(0, labels);
}

function value(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (number === Number.POSITIVE_INFINITY) return '+Inf';
  if (number === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(number);
}

/** `values` by index of `fields`. Fields of one family have to stand together, as the format wants it. */
export function renderPrometheus(fields: readonly MetricField[], values: Float64Array): string {
  const lines: string[] = [];
  let lastFamily = '';
  fields.forEach((field, index) => {
    const name = family(field.name);
    if (name !== lastFamily) {
      const help = field.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${field.type}`);
      lastFamily = name;
    }
    lines.push(`${field.name} ${value(values[index])}`);
  });
  return `${lines.join('\n')}\n`;
}
