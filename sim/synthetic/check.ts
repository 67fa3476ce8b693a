/** Limits of the parameters of a synthetic market, and the check of a whole set against them. */
import { ReplaybookError } from '../../core/errors.ts';
import type {
  AccountParameters,
  MakerGroup,
  MarketEvent,
  PatientParameters,
  PriceParameters,
  ReferenceParameters,
  SyntheticParameters,
  TakerParameters,
} from './parameters.ts';

/** Least and greatest value, both allowed. */
type Limits<Group> = Readonly<Record<keyof Group, readonly [min: number, max: number]>>;

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1_000;

const PRICE: Limits<PriceParameters> = {
  volatilityBpsPerSqrtS: [0, 100],
  activeFactor: [1, 20],
  activeMeanS: [0.1, DAY_S],
  quietMeanS: [0.1, DAY_S],
  swingBps: [0, 200],
  swingMemoryS: [0.1, DAY_S],
  // At most one jump a step of 50 ms.
  jumpsPerS: [0, 10],
  jumpMeanBps: [0, 200],
  commonShare: [0, 1],
  impactBpsPerMUsd: [0, 1_000],
};
const TAKERS: Limits<TakerParameters> = {
  perS: [0, 10_000],
  buyShare: [0, 1],
  selfExcitation: [0, 0.95],
  crossExcitation: [0, 0.95],
  excitementMemoryS: [0.01, 3_600],
  sizeMedianUsd: [10, 10_000_000],
  sizeLogDeviation: [0, 4],
  sizeMaxUsd: [10, 100_000_000],
  slippageBps: [0, 1_000],
  tiltPerBps: [0, 10],
  imbalanceTilt: [0, 1],
  snipeMs: [1, DAY_MS],
  snipeEdgeBps: [0, 1_000],
  snipeUsd: [10, 100_000_000],
};
const MAKERS: Limits<MakerGroup> = {
  makers: [1, 1_000],
  levels: [1, 100],
  nearestBps: [0.01, 1_000],
  levelRatio: [1, 10],
  makerRatio: [1, 10],
  sizeMedianUsd: [10, 100_000_000],
  sizeLogDeviation: [0, 4],
  bidSizeFactor: [0, 100],
  askSizeFactor: [0, 100],
  reactionMs: [1, DAY_MS],
  toleranceBps: [0, 1_000],
  toleranceShare: [0, 1],
  opinionBps: [0, 100],
  opinionMeanS: [0.01, DAY_S],
};
const PATIENT: Limits<PatientParameters> = {
  ordersASide: [0, 100_000],
  distanceMedianBps: [0.01, 50],
  distanceLogDeviation: [0, 4],
  lifetimeMeanS: [0.1, DAY_S],
  sizeMedianUsd: [10, 10_000_000],
  sizeLogDeviation: [0, 4],
};
const REFERENCES: Limits<ReferenceParameters> = {
  oracleNoiseBps: [0, 100],
  venueNoiseBps: [0, 100],
  openInterestUsd: [10_000, 100_000_000_000],
};
const ACCOUNTS: Limits<AccountParameters> = {
  accounts: [0, 10_000],
  interestShare: [0, 1],
  longShare: [0, 1],
  liquidationMinBps: [1, 5_000],
  liquidationMeanBps: [0, 5_000],
  returnMeanS: [1, DAY_S],
};
const EVENT: Limits<MarketEvent> = {
  atShare: [0, 1],
  slideBps: [-5_000, 5_000],
  slideS: [0.1, DAY_S],
  recoveredShare: [0, 1],
  recoveryS: [0.1, DAY_S],
  depthFactor: [0.001, 10],
  spreadFactor: [0.1, 100],
  takerFactor: [0, 100],
};
/** A book cannot stay filled unless somebody quotes, and no ladder may reach beyond this, the price being 10,000. */
const MAX_DISTANCE_BPS = 8_000;

/**
 * Checks a set of parameters, also one that was put together from a preset and a user's changes. Throws `scenario`, with
 * the path of the value under `market`.
 */
export function checkParameters(parameters: SyntheticParameters): void {
  within('price', parameters.price, PRICE);
  within('takers', parameters.takers, TAKERS);
  parameters.makers.forEach((group, at) => {
    within(`makers.${at}`, group, MAKERS);
    whole(`makers.${at}.makers`, group.makers);
    whole(`makers.${at}.levels`, group.levels);
    let farthestBps = group.nearestBps;
    for (let maker = 1; maker < group.makers && farthestBps <= MAX_DISTANCE_BPS; maker++)
      farthestBps *= group.makerRatio;
    for (let level = 1; level < group.levels && farthestBps <= MAX_DISTANCE_BPS; level++)
      farthestBps *= group.levelRatio;
    if (farthestBps > MAX_DISTANCE_BPS)
      refuse(`makers.${at}`, `the farthest quote lies beyond ${MAX_DISTANCE_BPS} bps`);
  });
  if (parameters.makers.length === 0) refuse('makers', 'at least one group of makers is needed');
  within('patient', parameters.patient, PATIENT);
  whole('patient.ordersASide', parameters.patient.ordersASide);
  within('references', parameters.references, REFERENCES);
  within('accounts', parameters.accounts, ACCOUNTS);
  whole('accounts.accounts', parameters.accounts.accounts);
  if (parameters.event !== null) within('event', parameters.event, EVENT);
  const { selfExcitation, crossExcitation } = parameters.takers;
  if (selfExcitation + crossExcitation > 0.95) {
    refuse('takers.crossExcitation', 'with selfExcitation at most 0.95, or takers would multiply without end');
  }
}

function within<Group>(path: string, group: Group, limits: Limits<Group>): void {
  for (const key of Object.keys(limits) as (keyof Group & string)[]) {
    const value = group[key] as number;
    const [min, max] = limits[key];
    // Written so that NaN is refused.
    if (!(value >= min && value <= max)) refuse(`${path}.${key}`, `${value} is not from ${min} to ${max}`);
  }
}

function whole(path: string, value: number): void {
  if (!Number.isInteger(value)) refuse(path, `${value} is not a whole number`);
}

function refuse(path: string, why: string): never {
  throw new ReplaybookError('scenario', `synthetic market: ${path}: ${why}`);
}
