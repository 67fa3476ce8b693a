/** Keeps names of files, titles and symbols from steering the terminal that they are printed on. */

/** The text with every control character but line breaks written out, `\x1b`. */
export function printable(text: string): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    shown += isControl && character !== '\n' ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  }
  return shown;
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}
