/** The imports of a file, read from its tokens. */
import type { Token } from './tokens.ts';

export interface Import {
  /** As written; null where it is computed and cannot be known. */
  specifier: string | null;
  /** True for `import type` and `export type` only: `import { type A }` still loads the module. */
  typeOnly: boolean;
  line: number;
}

/** Static and dynamic imports, re-exports, `require`, and files named by `new URL(…, import.meta.url)`. */
export function importsOf(tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text, line } = tokens[at];
    if (kind !== 'word' || isMember(tokens, at)) continue;
    if (text === 'require' && tokens[at + 1]?.text === '(') {
      found.push({ specifier: stringAt(tokens, at + 2), typeOnly: false, line });
    } else if (text === 'URL' && namesOwnFile(tokens, at)) {
      found.push({ specifier: stringAt(tokens, at + 2), typeOnly: false, line });
    } else if (text === 'import' && tokens[at + 1]?.text === '(') {
      found.push({ specifier: stringAt(tokens, at + 2), typeOnly: false, line });
    } else if (text === 'import' || text === 'export') {
      const statement = staticImport(tokens, at);
      if (statement !== null) found.push(statement);
    }
  }
  return found;
}

function isMember(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind === 'punctuator' && (before.text === '.' || before.text === '?.');
}

function stringAt(tokens: readonly Token[], at: number): string | null {
  return tokens[at]?.kind === 'string' ? tokens[at].text : null;
}

/** `URL('./x.ts', import.meta.url)` */
function namesOwnFile(tokens: readonly Token[], at: number): boolean {
  const tail = tokens.slice(at + 3, at + 10).map(token => token.text);
  return tokens[at + 1]?.text === '(' && tail.join('') === ',import.meta.url)' && stringAt(tokens, at + 2) !== null;
}

/** `import 'x'`, `import … from 'x'`, `export … from 'x'`; null for an export that is no re-export. */
function staticImport(tokens: readonly Token[], at: number): Import | null {
  const { line } = tokens[at];
  const bare = stringAt(tokens, at + 1);
  if (bare !== null && tokens[at].text === 'import') return { specifier: bare, typeOnly: false, line };
  let next = at + 1;
  // `import type from 'x'` imports a value by the name of `type`.
  const typeOnly = tokens[next]?.text === 'type' && tokens[next + 1]?.text !== 'from' && tokens[next + 1]?.text !== ',';
  if (typeOnly) next++;
  // A clause is made of names, `*`, commas and one pair of braces; anything else is a declaration.
  while (next < tokens.length) {
    const { kind, text } = tokens[next];
    if (kind === 'word' && text === 'from') {
      const specifier = stringAt(tokens, next + 1);
      if (specifier !== null) return { specifier, typeOnly, line };
    }
    const inClause = kind === 'word' || kind === 'string' || '{}*,'.includes(text);
    if (!inClause || (tokens[at].text === 'export' && next === at + 1 && kind === 'word' && text !== 'type'))
      return null;
    next++;
  }
  return null;
}
