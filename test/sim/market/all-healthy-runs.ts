/**
 * Ten minutes of every instrument in the three everyday markets, with several seeds, without a fault:
 *
 *     npm run build && node dist/test/sim/market/all-healthy-runs.js [seeds] [minutes]
 *
 * Prints a line a run; the exit code is 1 where one was not healthy.
 */
import { NS_PER_S } from '../../../core/scale.ts';
import { SYNTHETIC_SYMBOLS } from '../../../sim/market/synthetic-plan.ts';
import type { PresetName } from '../../../sim/synthetic/presets.ts';
import { runHealthy } from './healthy-runs.ts';

const PRESETS: readonly PresetName[] = ['calm', 'busy', 'volatile'];
const [seeds = '3', minutes = '10'] = process.argv.slice(2);

for (const preset of PRESETS) {
  for (const symbol of SYNTHETIC_SYMBOLS) {
    for (let seed = 1; seed <= Number(seeds); seed++) {
      const { quoted, hot, violations, stats } = runHealthy(preset, [symbol], seed, Number(minutes) * 60 * NS_PER_S);
      const healthy = quoted > 0.95 && hot.length === 0 && violations.length === 0;
      if (!healthy) process.exitCode = 1;
      const figures = `${(100 * quoted).toFixed(1)} % quoted, ${stats.fills} fills, ${stats.commands} commands`;
      console.log(`${healthy ? 'ok  ' : 'NOT '} ${preset} ${symbol} seed ${seed}: ${figures}, ${hot.length} hot`);
      for (const wrong of [...hot, ...violations].slice(0, 3)) console.log(`     ${wrong}`);
    }
  }
}
