/**
 * How deep a YAML text can be nested, found from its tokens alone. The YAML library goes down one call for each level: a text
 * of a hundred thousand dashes would bring the whole process down, with no error that anybody could catch.
 */
import { CST, Lexer } from 'yaml';

/** Deeper than any scenario; each level takes the library a few calls. */
export const MAX_NESTING = 200;

/** Where a text is nested too deeply, line and column from 1, or null. */
export function tooDeepAt(text: string): { line: number; column: number } | null {
  // Levels that brackets open, and those that a line may open: one for each column of its indentation and each indicator.
  let brackets = 0;
  let line = 0;
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    // A mark of one character, which the text does not have, announces a scalar as it was written.
    const type: string | null = isScalar ? 'written' : CST.tokenType(token);
    isScalar = type === 'scalar';
    switch (type) {
      case 'scalar':
      case 'doc-mode':
      case 'flow-error-end':
        continue;
      case 'flow-map-start':
      case 'flow-seq-start':
        brackets++;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        if (brackets > 0) brackets--;
        break;
      case 'newline':
        line = 0;
        break;
      case 'space':
        if (line === 0) line = token.length;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (brackets === 0) line++;
    }
    if (brackets + line > MAX_NESTING) return placeAt(text, offset);
    offset += token.length;
  }
  return null;
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}
