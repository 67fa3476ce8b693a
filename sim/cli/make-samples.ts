/** Makes the sample tapes anew: `npm run build && node dist/sim/cli/make-samples.js`. */
import { BTC_BUSY, samplePath } from '../../recordings/samples/samples.ts';
import { writeTape } from '../../recordings/tape-file.ts';
import { sampleTape } from './sample-tape.ts';

const path = samplePath(BTC_BUSY);
if (path === null) throw new Error(`${BTC_BUSY} is no sample`);
const tape = sampleTape();
await writeTape(tape, path);
console.log(`${path}\n${tape.identity}`);
