/** Prints the digest of one run in a synthetic market, from a process of its own. */
import { createCore } from '../../../core/core.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';

const toNs = 25 * NS_PER_S;
const market = { synthetic: syntheticPlan('volatile', ['BTC', 'SOL']) };
const times = { fromNs: 0, toNs, healNs: toNs };
const plan = { seed: 1, market, ...times, core: DEFAULT_SETTINGS, world: DEFAULT_WORLD, faults: [] };
console.log(new Simulation(plan, [], createCore).run().digest);
