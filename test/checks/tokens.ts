/**
 * TypeScript source as tokens, with comments apart: enough for checks that must not be fooled by strings, templates, regular
 * expressions and comments. What it cannot read it refuses with a line number, so that nothing hides behind an error.
 */

export interface Token {
  /** `template` is a piece of a template literal; the expressions inside `${}` are tokens of their own. */
  kind: 'word' | 'punctuator' | 'string' | 'template' | 'regex' | 'number';
  /** As written; for strings without quotes. */
  text: string;
  /** From 1. */
  line: number;
}

export interface Comment {
  text: string;
  /** Line of its first character, from 1. */
  line: number;
}

export interface Source {
  tokens: Token[];
  comments: Comment[];
}

const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*.*?\*\//sy;
const WORD = /[#@]?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d[\d_]*)?n?/y;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/sy;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** A template's text from its start, or the end of an expression, up to its end or its next expression. */
const TEMPLATE = /[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)/sy;
const PUNCTUATOR = /\*\*=|===|!==|\.\.\.|\*\*|=>|==|!=|<=|\?\.(?!\d)|[-{}()[\];,<>+*/%&|^!~?:=.]/y;

/** Words after which a slash starts a regular expression. */
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do']);

/** Reads a whole file. Throws an Error that names the line where it cannot. */
export function tokenize(text: string): Source {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  /** For each brace that is open, whether it is a template's `${`. */
  const braces: boolean[] = [];
  let at = text.startsWith('#!') ? text.indexOf('\n') : 0;
  let line = 1;

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const advance = (taken: string): void => {
    at += taken.length;
    for (const character of taken) if (character === '\n') line++;
  };
  const push = (kind: Token['kind'], taken: string, shown = taken): void => {
    tokens.push({ kind, text: shown, line });
    advance(taken);
  };
  const pushTemplate = (): void => {
    const taken = take(TEMPLATE);
    if (taken === null) throw new Error(`line ${line}: a template literal does not end`);
    if (taken.endsWith('${')) braces.push(true);
    push('template', taken);
  };

  while (at < text.length) {
    const space = take(SPACE);
    if (space !== null) {
      advance(space);
      continue;
    }
    const comment = take(LINE_COMMENT) ?? take(BLOCK_COMMENT);
    if (comment !== null) {
      comments.push({ text: comment, line });
      advance(comment);
      continue;
    }
    const character = text[at];
    if (character === '`') {
      pushTemplate();
      continue;
    }
    if (character === "'" || character === '"') {
      const string = take(STRING);
      if (string === null) throw new Error(`line ${line}: a string does not end`);
      push('string', string, string.slice(1, -1));
      continue;
    }
    if (character === '/' && regexMayStart(tokens.at(-1))) {
      const regex = take(REGEX);
      if (regex === null) throw new Error(`line ${line}: a regular expression does not end`);
      push('regex', regex);
      continue;
    }
    const word = take(WORD);
    if (word !== null) {
      push('word', word);
      continue;
    }
    const number = take(NUMBER);
    if (number !== null) {
      push('number', number);
      continue;
    }
    const punctuator = take(PUNCTUATOR);
    if (punctuator === null) throw new Error(`line ${line}: cannot read ${JSON.stringify(character)}`);
    if (punctuator === '{') braces.push(false);
    if (punctuator === '}' && braces.pop() === true) {
      pushTemplate();
      continue;
    }
    push('punctuator', punctuator);
  }
  if (braces.length > 0) throw new Error(`line ${line}: ${braces.length} braces are not closed`);
  return { tokens, comments };
}

function regexMayStart(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word') return BEFORE_REGEX.has(before.text);
  if (before.kind === 'template') return before.text.endsWith('${');
  return before.kind === 'punctuator' && before.text !== ')' && before.text !== ']' && before.text !== '}';
}
