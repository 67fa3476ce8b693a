/** Makes the samples anew: `npm run build && node dist/recordings/samples/make.js`. */
import { writeTape } from '../tape-file.ts';
import { RANDOM_WALK, randomWalkTape } from './random-walk.ts';
import { samplePath } from './samples.ts';

const path = samplePath(RANDOM_WALK);
if (path === null) throw new Error(`${RANDOM_WALK} is no sample`);
const tape = randomWalkTape();
await writeTape(tape, path);
console.log(`${path}\n${tape.identity}`);
