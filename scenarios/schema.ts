/**
 * The scenario format: what a file under `scenarios/` may hold (design, section 10), as far as this version can run it.
 *
 * Only shapes are here; what the parts mean to each other is in `rules.ts`, faults are checked against their registry in
 * `faults.ts`, settings against their tree in `settings-tree.ts`. `zod/mini` is used because it costs a tenth of `zod` when
 * the program is bundled, and the messages are ours in any case (`issues.ts`).
 */
import * as z from 'zod/mini';
import { STEPS, SYMPTOMS } from '../core/playbook.ts';
import { FAULTS } from '../sim/faults/registry.ts';
import { SYNTHETIC_SYMBOLS } from '../sim/market/synthetic-plan.ts';
import { PRESET_NAMES } from '../sim/synthetic/presets.ts';
import { DURATION_PATTERN, MOMENT_PATTERN, parseDuration, parseMoment } from './duration.ts';
import type { Plain } from './tree.ts';
import { OPERATOR_ACTIONS, OUTCOMES } from './vocabulary.ts';

const MAX_FAULTS = 100;

function text<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  z.globalRegistry.add(schema, { description });
  return schema;
}

/** A time, such as `12s`. */
export const duration = z.string().check(
  z.regex(DURATION_PATTERN, { abort: true }),
  z.refine(value => parseDuration(value).ok),
);
/** A time or a share of the run, such as `40%`. */
export const moment = z.string().check(
  z.regex(MOMENT_PATTERN, { abort: true }),
  z.refine(value => parseMoment(value, 0).ok),
);

const step = z.enum(STEPS);
/** Each a schema of its own: a description belongs to the one object, wherever it is used. */
const name = () => z.string().check(z.minLength(1), z.maxLength(200));
const invariant = () => text(name(), 'Name of an invariant: `replaybook list invariants`.');

/** A parameter of any kind: it is checked against the registry of faults. */
const parameter = z.custom<Plain>(() => true);

/** The kind of a fault: there are too many for a message to name them all. */
export const faultKind = z.enum(FAULTS.map(info => info.kind));

export const faultSchema = z.strictObject({
  kind: text(faultKind, 'Kind of the fault: `replaybook list faults`.'),
  target: text(z.optional(name()), 'What it acts on: a feed or a connection.'),
  direction: text(z.optional(z.enum(['up', 'down', 'both'])), 'Of a fault on a link: `up` is from the core.'),
  at: text(moment, 'When it begins, from the start of the run: a time (`12s`) or a share of the run (`40%`).'),
  for: text(duration, 'How long it lasts.'),
  probability: text(
    z.optional(z.number().check(z.gt(0), z.lte(1))),
    'Share of the messages that it hits; 1 by default.',
  ),
  atLeast: text(
    z.optional(z.int().check(z.gte(0), z.lte(1_000_000))),
    'How often it has to take effect, 1 by default; 0: it may have none.',
  ),
  params: text(z.optional(z.record(z.string(), parameter)), 'Its own parameters: `replaybook list faults`.'),
});

const symbol = z.enum(SYNTHETIC_SYMBOLS);

const market = z.strictObject({
  tape: text(
    z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
    'Name of a sample (`btc-busy`) or path of a tape or recording, from the folder of this file.',
  ),
  from: text(z.optional(duration), 'Start of the run on the tape; the tape’s start by default.'),
  to: text(z.optional(duration), 'End of the run on the tape; the tape’s end by default.'),
  synthetic: text(
    z.optional(z.enum(PRESET_NAMES)),
    'In place of a tape: a market made by the program, by its preset: `replaybook list presets`.',
  ),
  instrument: text(
    z.optional(symbol),
    'Instrument of a synthetic market, BTC by default: `replaybook list instruments`.',
  ),
  instruments: text(
    z.optional(z.array(symbol).check(z.minLength(1), z.maxLength(SYNTHETIC_SYMBOLS.length))),
    'Its instruments, where it has more than one.',
  ),
});

/** A settings tree of any shape: it is checked against the defaults' tree. */
export const coreSettings = z.custom<Plain>(() => true);

/** Settings by their dotted paths, checked like those of the tree (`settings-changes.ts`). */
const changes = z.record(
  z.string(),
  z.custom<Plain>(() => true),
);

/** Settings of the simulated exchange, checked like those of the core. */
export const exchangeSettings = z.custom<Plain>(() => true);

const expectation = z.strictObject({
  outcome: text(
    z.enum(OUTCOMES),
    '`symptom`: one turns hot and resolves; `absorbed`: nothing does; `decoy`: only looks like it; `healthy`: no cause.',
  ),
  symptom: text(z.optional(z.enum(SYMPTOMS)), 'The symptom that turns hot.'),
  appearsWithin: text(z.optional(duration), 'How soon, after the cause took effect.'),
  resolvesWithin: text(z.optional(duration), 'How soon it is cold again, after the cause ended.'),
  diagnosis: text(
    z.optional(z.union([step, z.array(step).check(z.minLength(1))])),
    'The playbook step that the diagnosis must name first; of several causes a list: it must name all, any of them first.',
  ),
  mayDiagnose: text(
    z.optional(z.array(step).check(z.minLength(1))),
    'Steps that it may name after it, in addition to those that the faults and defects declare (of a `decoy` none).',
  ),
  mayTurnHot: text(
    z.optional(z.array(z.enum(SYMPTOMS)).check(z.minLength(1))),
    'Symptoms that may turn hot beside, in addition to those that the faults and defects declare (unless the outcome is `absorbed` or `decoy`).',
  ),
  notDiagnosed: text(z.optional(z.array(step).check(z.minLength(1))), 'Steps that it must not name.'),
  mayBreak: text(z.optional(z.array(invariant())), 'Invariants that the cause may break.'),
  breaks: text(
    z.optional(invariant()),
    'Of an absorbed cause: the invariant that its paired defect breaks (`replaybook list invariants`).',
  ),
});

export const scenarioSchema = z.strictObject({
  title: text(name(), 'What happens, in one sentence.'),
  playbook: text(z.nullable(step), 'The step that this is about, such as "2.3"; null for a healthy run.'),
  baseline: z.strictObject({
    market,
    duration: text(
      z.optional(duration),
      'Length of the run; to the tape’s end by default. A synthetic market needs one.',
    ),
    core: text(
      z.optional(coreSettings),
      'Settings of the core that differ from their defaults: `replaybook list settings`.',
    ),
    exchange: text(
      z.optional(exchangeSettings),
      'Settings of the simulated exchange that differ from their defaults: `replaybook list settings`. Equity and leverage of `account` are the core’s where they are not given.',
    ),
  }),
  cause: z.optional(
    z.strictObject({
      faults: text(
        z.optional(z.array(faultSchema).check(z.minLength(1), z.maxLength(MAX_FAULTS))),
        'What goes wrong in the world: `replaybook list faults`.',
      ),
      set: text(z.optional(changes), 'Settings that are a mistake, by their paths: `core.fills.dedupCapacity: 50`.'),
      defect: text(z.optional(name()), 'A planted bug: `replaybook list defects`.'),
    }),
  ),
  pairedDefect: text(
    z.optional(z.union([name(), z.strictObject({ defect: z.optional(name()), set: z.optional(changes) })])),
    'Of an absorbed cause: the defect (or `{ defect, set }`) with which it is not absorbed.',
  ),
  mustFail: text(z.optional(z.literal(true)), 'The verdict has to be `fail`: a canary.'),
  vary: text(
    z.optional(
      z.record(z.string(), z.union([z.string(), z.array(z.union([z.string(), z.number()])).check(z.minLength(1))])),
    ),
    'Within which limits the outcome stays, by path: `45s..75s`, `0.02..0.05` or `[BTC, ETH]`. Several paths with commas between them are drawn once. A suite can draw from them.',
  ),
  expect: expectation,
  resolution: z.optional(
    z.strictObject({
      selfHeal: text(z.optional(z.literal(true)), 'The core must recover by itself.'),
      operator: text(z.optional(z.enum(OPERATOR_ACTIONS)), 'What an operator does.'),
      at: text(z.optional(moment), 'When the operator does it.'),
      set: text(z.optional(changes), 'Of `operator: set`: the settings of the core that the operator changes.'),
      counterfactual: text(
        z.optional(changes),
        'Settings of one more run, with which the symptom must not appear, or for half the time at most.',
      ),
      withoutDefect: text(
        z.optional(z.literal(true)),
        'The fix is the program without the defect of the cause: one more run, as with `counterfactual`.',
      ),
      helps: text(z.optional(z.boolean()), 'false: the counterfactual is a wrong fix, and must not help.'),
      healFor: text(z.optional(duration), 'How long before the run’s end all faults are over; 30s by default.'),
    }),
  ),
});

/** A scenario as it is written, with its shape checked. */
export type ScenarioDocument = z.infer<typeof scenarioSchema>;
export type FaultText = z.infer<typeof faultSchema>;
