/**
 * What can be written on the command line: one table for the quick way (`quick-parse.ts`) and for yargs (`parse.ts`).
 */
import { FORMS } from '../../scenarios/forms.ts';
import { BOOK_CADENCES, DEFAULT_PUBLISHING } from '../market/publishing.ts';

export interface OptionSpec {
  readonly type: 'text' | 'flag' | 'list';
  /** A list that takes all words up to the next option. */
  readonly isGreedy?: boolean;
  readonly describe: string;
  /** Name of the value in help. */
  readonly value?: string;
  readonly default?: string;
  readonly choices?: readonly string[];
}

export interface PositionalSpec {
  readonly name: string;
  readonly describe: string;
  readonly isList?: boolean;
  /** A list that may be empty. */
  readonly isOptional?: boolean;
  /** One of a list. */
  readonly one?: string;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly describe: string;
  readonly positional: PositionalSpec;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly (readonly [command: string, does: string])[];
}

export const COMMAND_NAMES = ['run', 'suite', 'score', 'import', 'synthesize', 'inspect', 'verify', 'list'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export const LISTS = [
  'scenarios',
  'faults',
  'symptoms',
  'invariants',
  'settings',
  'defects',
  'presets',
  'instruments',
] as const;
export type ListName = (typeof LISTS)[number];

const JSON_OPTION: OptionSpec = { type: 'flag', describe: 'Print one JSON document and nothing else' };
const TAPE: OptionSpec = {
  type: 'text',
  value: 'FILE',
  describe: 'Tape or recording that replaces the scenario’s market and duration',
};
const SET: OptionSpec = {
  type: 'list',
  value: 'path=value',
  describe: 'Change the scenario: core.…=…, exchange.…=…, cause.faults.0.at=55s, baseline.duration=90s (repeatable)',
};

const CORE: OptionSpec = {
  type: 'text',
  value: 'FILE',
  describe: 'A JavaScript module with a core of your own, see core/port.ts',
};
const SEEDS: OptionSpec = { type: 'text', value: 'LIST', default: '1', describe: 'Seeds: 1..20 or 1,2,5' };
const NO_CACHE: OptionSpec = {
  type: 'flag',
  describe: 'Do not keep an imported recording as a tape, nor use one that was kept',
};

export const FORM_CHOICES = [...FORMS, 'both'] as const;
export type FormChoice = (typeof FORM_CHOICES)[number];

export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  run: {
    describe: 'Run a scenario and its twin, and print the verdict',
    positional: { name: 'scenario', describe: 'Id, unique part of an id, or path of a scenario file' },
    options: {
      seed: { type: 'text', value: 'N', default: '1', describe: 'Seed of all randomness' },
      tape: TAPE,
      set: SET,
      form: {
        type: 'text',
        value: 'NAME',
        default: 'plain',
        describe: `Of an absorbed cause: ${FORMS.join(', or ')} (with its paired one)`,
      },
      defect: {
        type: 'text',
        value: 'NAME',
        describe: 'Plant a bug into the core of the run, not of its twin: npx replaybook list defects',
      },
      core: CORE,
      out: { type: 'text', value: 'DIR', describe: 'Write manifest, scenario, verdict and metrics to this folder' },
      trace: { type: 'flag', describe: 'With --out: also write all that was observed, so that it can be scored again' },
      json: JSON_OPTION,
      'no-cache': NO_CACHE,
    },
    examples: [
      ['$0 run 2.3-all-feeds-silent', 'All market feeds fall silent for 30 s'],
      ['$0 run healthy/tape --tape btc.lz4', 'A healthy run on your own recording'],
      ['$0 run healthy/tape --core my-core.js', 'The same for a core of your own'],
    ],
  },
  suite: {
    describe: 'Run many scenarios, and score them by the playbook’s steps',
    positional: {
      name: 'globs',
      describe: 'Globs over ids, ids or parts of them, folders, files; all scenarios by default',
      isList: true,
      isOptional: true,
    },
    options: {
      seeds: SEEDS,
      jobs: { type: 'text', value: 'N', describe: 'Worker processes; as many as there are processors by default' },
      form: {
        type: 'text',
        value: 'NAME',
        describe: `Forms of the scenarios: ${FORM_CHOICES.join(', ')}; both by default, with --core only plain`,
      },
      vary: {
        type: 'text',
        value: 'N',
        describe: 'Also make N variations of each run, drawn from the limits that its scenario gives (`vary`)',
      },
      defects: {
        type: 'flag',
        describe: 'Also plant every defect into the scenarios of its family, and show which catches it',
      },
      'run-limit': {
        type: 'text',
        value: 'TIME',
        default: '10m',
        describe: 'End a run that takes longer by the clock on the wall, and go on with the others',
      },
      core: CORE,
      out: { type: 'text', value: 'DIR', describe: 'Write results.json, and the folders of runs that went wrong' },
      junit: { type: 'text', value: 'FILE', describe: 'Write the results as JUnit XML' },
      markdown: { type: 'text', value: 'FILE', describe: 'Write a summary in Markdown' },
      json: JSON_OPTION,
      'no-cache': NO_CACHE,
    },
    examples: [
      ['$0 suite', 'Every scenario once'],
      ["$0 suite '2-*/**' healthy --seeds 1..20", 'Two folders, twenty seeds'],
      ['$0 suite --vary 5', 'Other times, lengths and strengths, as far as the outcome stays'],
      ['$0 suite --junit junit.xml --markdown summary.md', 'For a build server'],
    ],
  },
  score: {
    describe: 'Judge a stored run again, without running it',
    positional: { name: 'dir', describe: 'Folder of a run that was made with --out and --trace' },
    options: { json: JSON_OPTION },
    examples: [['$0 score lost-feed', 'After: npx replaybook run 2.3-all-feeds-silent --out lost-feed --trace']],
  },
  import: {
    describe: 'Turn a recording into a tape',
    positional: { name: 'file', describe: 'Recording: Hyperliquid capture or archive, Binance capture, our own' },
    options: {
      format: { type: 'text', value: 'NAME', describe: 'Its format, where it is not to be found from the content' },
      out: { type: 'text', value: 'FILE', describe: 'The tape to write; <file>.arrow by default' },
      json: JSON_OPTION,
    },
    examples: [['$0 import BTC_12.lz4 --out btc.arrow', 'One hour of the exchange’s archive']],
  },
  synthesize: {
    describe: 'Make a tape of a synthetic market, without a core in it',
    positional: { name: 'preset', describe: 'Kind of market: npx replaybook list presets' },
    options: {
      instrument: { type: 'text', value: 'NAMES', default: 'BTC', describe: 'Instruments, with commas between them' },
      duration: { type: 'text', value: 'TIME', default: '10m', describe: 'How long it is watched' },
      seed: { type: 'text', value: 'N', default: '1', describe: 'Seed of all randomness' },
      'book-cadence': {
        type: 'text',
        value: 'NAME',
        default: DEFAULT_PUBLISHING.bookCadence,
        describe: `How often books are sent: ${BOOK_CADENCES.join(', ')}`,
      },
      out: {
        type: 'text',
        value: 'FILE',
        describe: 'The tape to write; <preset>-<instruments>-<seed>.arrow by default',
      },
      raw: { type: 'text', value: 'FILE', describe: 'Also write a raw recording in the exchange’s wire format' },
      json: JSON_OPTION,
    },
    examples: [
      ['$0 synthesize volatile --duration 1h', 'An hour of BTC that moves'],
      ['$0 synthesize calm --instrument BTC,ETH --raw calm.rec --out calm.arrow', 'Two coins, also as a recording'],
    ],
  },
  inspect: {
    describe: 'Say what is in a recording or tape: counts, span, gaps, anomalies',
    positional: { name: 'file', describe: 'Recording or tape' },
    options: { json: JSON_OPTION },
    examples: [['$0 inspect btc.arrow', 'Span, gaps and latency of a tape']],
  },
  verify: {
    describe: 'Run scenarios several times in fresh processes: digests and verdicts must agree',
    positional: {
      name: 'scenarios',
      describe: 'Ids, unique parts or paths; before --node',
      isList: true,
      one: 'scenario',
    },
    options: {
      seeds: SEEDS,
      runs: { type: 'text', value: 'N', default: '2', describe: 'Runs of each seed under each Node' },
      node: {
        type: 'list',
        isGreedy: true,
        value: 'PATH',
        describe: 'Other Node binaries to compare with: --node A B C',
      },
      tape: TAPE,
      json: JSON_OPTION,
    },
    examples: [
      ['$0 verify healthy/tape --seeds 1..5', 'Five seeds, each twice'],
      ['$0 verify healthy/tape --node ./node-22 ./node-24', 'Under three versions of Node'],
    ],
  },
  list: {
    describe: 'Show what there is, with units and defaults',
    positional: { name: 'what', describe: 'What to show', choices: LISTS },
    options: { json: JSON_OPTION },
    examples: [['$0 list settings', 'All settings that core.… and exchange.… can change']],
  },
};
