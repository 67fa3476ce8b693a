/** The forbidden words and operators, token by token. Aliases are refused by refusing every mention of the object. */
import type { Token } from './tokens.ts';

export type Rule =
  /** Clocks, dates and time zones. */
  | 'clock'
  /** Unseeded randomness. */
  | 'random'
  /** Functions that round differently from machine to machine, and `**`. */
  | 'mathematics'
  /** Timers of the host. */
  | 'timer'
  /** Promises; refused in the core and the kernel only. */
  | 'waiting'
  /** What depends on language and region. */
  | 'locale'
  /** The process, its environment, and ways around the names here. */
  | 'process'
  /** Modules of Node; refused in the core only, which is pure. */
  | 'outside'
  /** Order that is not that of insertion or index. */
  | 'order'
  /** What is collected when the engine likes. */
  | 'collection'
  /** The text of stacks differs from version to version. */
  | 'stack'
  /** State of a module, which no snapshot holds. */
  | 'state';

export interface Problem {
  line: number;
  rule: Rule;
  message: string;
}

/** IEEE 754 and ECMAScript fix these to the last bit. */
const ALLOWED_MATH = new Set([
  'abs',
  'min',
  'max',
  'floor',
  'ceil',
  'round',
  'trunc',
  'sign',
  'sqrt',
  'imul',
  'fround',
]);

/** Globals of which every mention is refused, so that no alias of them can be made. */
const GLOBALS: Readonly<Record<string, Rule>> = {
  Date: 'clock',
  Temporal: 'clock',
  performance: 'clock',
  crypto: 'random',
  webcrypto: 'random',
  setTimeout: 'timer',
  setInterval: 'timer',
  setImmediate: 'timer',
  queueMicrotask: 'timer',
  Intl: 'locale',
  process: 'process',
  globalThis: 'process',
  global: 'process',
  eval: 'process',
  require: 'process',
  fetch: 'process',
  WeakRef: 'collection',
  FinalizationRegistry: 'collection',
  Promise: 'waiting',
  await: 'waiting',
  async: 'waiting',
};

/** Not functions themselves: followed by a parenthesis, they are the name of somebody's own method or parameter. */
const NOT_CALLABLE = new Set(['process', 'performance', 'crypto', 'global']);

/** Properties and methods, on whatever object, also as `['name']`, and in the braces of an import or a destructuring. */
const MEMBERS: readonly (readonly [RegExp, Rule])[] = [
  [/^(random(Bytes|UUID|Int|Fill|FillSync)|getRandomValues|generate(Key|Prime)\w*)$/, 'random'],
  [/^(hrtime|cpuUsage|memoryUsage|uptime)$/, 'clock'],
  [/^(getTimezoneOffset|get(Hours|Minutes|Date|Day|Month|FullYear|Year))$/, 'clock'],
  [/^(localeCompare|toLocale\w*)$/, 'locale'],
  [/^(stack|captureStackTrace|prepareStackTrace|stackTraceLimit)$/, 'stack'],
  [/^waitAsync$|^nextTick$/, 'timer'],
  [/^then$/, 'waiting'],
];

/** Modules of Node that read clocks, machines or the network, or run things beside. */
const REFUSED_MODULES =
  /^(node:)?(perf_hooks|timers|process|os|worker_threads|child_process|cluster|http|https|http2|net|dgram|dns|tls|vm|v8|inspector|async_hooks|readline|repl|test|diagnostics_channel)(\/.*)?$/;

export function forbiddenIn(tokens: readonly Token[]): Problem[] {
  const problems: Problem[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const refuse = (rule: Rule, message: string): void => {
      problems.push({ line: token.line, rule, message });
    };
    if (token.kind === 'string') checkString(tokens, at, refuse);
    else if (token.kind === 'punctuator') {
      if (token.text.startsWith('**')) refuse('mathematics', `\`${token.text}\` rounds by machine: use core/math.ts`);
    } else if (token.kind === 'word') checkWord(tokens, at, refuse);
  }
  return problems;
}

type Refuse = (rule: Rule, message: string) => void;

function checkWord(tokens: readonly Token[], at: number, refuse: Refuse): void {
  const { text } = tokens[at];
  const before = textAt(tokens, at - 1);
  const after = textAt(tokens, at + 1);
  const member = before === '.' || before === '?.';
  // Named in an import's or a destructuring's braces, they become an alias.
  const inBraces = before === '{' || before === ',';
  for (const [pattern, rule] of MEMBERS) {
    if (!pattern.test(text)) continue;
    if (member || (inBraces && (rule === 'random' || rule === 'locale')))
      refuse(rule, `\`${text}\` is not deterministic`);
  }
  if (member) {
    if ((text === 'sort' || text === 'toSorted') && after === '(' && textAt(tokens, at + 2) === ')') {
      refuse('order', `\`.${text}()\` without a comparator orders numbers as text`);
    }
    return;
  }
  if (text === 'Math') {
    const name = textAt(tokens, at + 2);
    if (after !== '.' || !ALLOWED_MATH.has(name)) {
      const what = after === '.' ? `Math.${name}` : 'Math other than by a direct call';
      refuse(name === 'random' ? 'random' : 'mathematics', `\`${what}\`: use core/math.ts or a random stream`);
    }
  } else if (text === 'Function' && (after === '(' || before === 'new' || before === '=')) {
    refuse('process', '`Function` makes code from text');
  } else if (text === 'Atomics' && /^wait/.test(textAt(tokens, at + 2))) {
    refuse('timer', '`Atomics.wait` waits for the machine');
  } else if (text === 'for' && isForIn(tokens, at)) {
    refuse('order', '`for…in` walks inherited keys too: use Object.keys');
  } else if (Object.hasOwn(GLOBALS, text) && !isOwnName(tokens, at)) {
    refuse(GLOBALS[text], `\`${text}\` is not deterministic here`);
  }
}

/** True where the word names a property, parameter or method of somebody's own. */
function isOwnName(tokens: readonly Token[], at: number): boolean {
  const before = textAt(tokens, at - 1);
  const after = textAt(tokens, at + 1);
  if (NOT_CALLABLE.has(tokens[at].text) && after === '(') return true;
  // `{ Date: 1 }`, `readonly process: number`, `performance?: …`; but not the middle of `a ? Date : b`.
  const isKey = after === ':' || (after === '?' && textAt(tokens, at + 2) === ':');
  return isKey && ['{', ',', ';', '}', 'readonly'].includes(before);
}

/** A string in brackets is a property's name; one after `from`, or in an import's parentheses, a module's. */
function checkString(tokens: readonly Token[], at: number, refuse: Refuse): void {
  const { text } = tokens[at];
  const before = textAt(tokens, at - 1);
  const inImport = before === 'from' || before === 'import' || (before === '(' && textAt(tokens, at - 2) === 'import');
  if (inImport) {
    if (REFUSED_MODULES.test(text)) refuse('process', `the module ${text} is not deterministic`);
    else if (text.startsWith('node:')) refuse('outside', `the core is pure: it does not import ${text}`);
  }
  if (before === '[' && textAt(tokens, at + 1) === ']') {
    for (const [pattern, rule] of MEMBERS) {
      if (pattern.test(text)) refuse(rule, `\`['${text}']\` is not deterministic`);
    }
  }
}

/** `for (const key in object)`: an `in` directly inside the parentheses, of which no semicolon makes three parts. */
function isForIn(tokens: readonly Token[], at: number): boolean {
  let depth = 0;
  let found = false;
  for (let next = at + 1; next < tokens.length; next++) {
    const { kind, text } = tokens[next];
    if (kind === 'punctuator' && '([{'.includes(text)) depth++;
    else if (kind === 'punctuator' && ')]}'.includes(text)) {
      depth--;
      if (depth === 0) return found;
    } else if (depth === 1 && text === ';') return false;
    else if (depth === 1 && kind === 'word' && text === 'in') found = true;
    if (depth === 0) return false;
  }
  return false;
}

function textAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  // A string's text must not be taken for a word or a mark.
  return token === undefined || token.kind === 'string' ? '' : token.text;
}
