/** Mutable state of modules: no snapshot holds it, and one run would pass it on to the next in the same process. */
import type { Problem } from './determinism-rules.ts';
import type { Token } from './tokens.ts';

const COLLECTIONS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet']);
const MUTATING = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/**
 * Refused at the top level: `let` and `var`; collections that are not typed readonly; empty arrays and objects that are not
 * typed readonly; any array or object that the module changes by a method; and in classes static fields that are not
 * readonly. Typed arrays are let be: they serve as constants and as scratch space.
 */
export function moduleStateIn(tokens: readonly Token[]): Problem[] {
  const problems: Problem[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text, line } = tokens[at];
    const refuse = (message: string): void => {
      problems.push({ line, rule: 'state', message });
    };
    depth += depthChange(tokens[at]);
    if (kind !== 'word') continue;
    if (text === 'static' && isMutableStatic(tokens, at))
      refuse('a static field that is not readonly is state of the module');
    if (depth > 0) continue;
    if (text === 'let' || text === 'var') refuse(`a top-level \`${text}\` is state of the module`);
    if (text === 'const') {
      const message = mutableConstant(tokens, at);
      if (message !== null) refuse(message);
    }
  }
  return problems;
}

function depthChange({ kind, text }: Token): number {
  if (kind === 'template') return (text.endsWith('${') ? 1 : 0) - (text.startsWith('}') ? 1 : 0);
  if (kind !== 'punctuator') return 0;
  if ('([{'.includes(text)) return 1;
  return ')]}'.includes(text) ? -1 : 0;
}

/** `const NAME: type = value` at `at`. */
function mutableConstant(tokens: readonly Token[], at: number): string | null {
  const name = tokens[at + 1].text;
  let next = at + 2;
  let depth = 0;
  let readonly = false;
  while (next < tokens.length && !(depth === 0 && tokens[next].text === '=')) {
    const token = tokens[next];
    if (depth === 0 && token.text === ';') return null;
    depth += depthChange(token);
    if (token.kind === 'word' && /^(readonly|Readonly\w*)$/.test(token.text)) readonly = true;
    next++;
  }
  const first = tokens[next + 1];
  const second = tokens[next + 2];
  if (readonly || first === undefined || second === undefined) return null;
  if (first.text === 'new' && COLLECTIONS.has(second.text)) {
    return `the ${second.text} ${name} is state of the module, unless it is typed Readonly${second.text}`;
  }
  const literal = first.kind === 'punctuator' && (first.text === '[' || first.text === '{');
  if (!literal) return null;
  const empty = second.kind === 'punctuator' && (second.text === ']' || second.text === '}');
  if (empty) return `${name}, empty and not typed readonly, is state of the module`;
  return changesByMethod(tokens, name) ? `${name} is changed by this module and so is its state` : null;
}

function changesByMethod(tokens: readonly Token[], name: string): boolean {
  return tokens.some(
    (token, at) =>
      token.kind === 'word' &&
      token.text === name &&
      tokens[at - 1]?.text !== '.' &&
      tokens[at + 1]?.text === '.' &&
      MUTATING.test(tokens[at + 2]?.text ?? '') &&
      tokens[at + 3]?.text === '(',
  );
}

/** `static x = …`, `static #x: T`, but neither `static readonly x` nor a method, accessor or block. */
function isMutableStatic(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at + 1];
  const mark = tokens[at + 2]?.text ?? '';
  return name?.kind === 'word' && name.text !== 'readonly' && ['=', ':', ';', '?'].includes(mark);
}
