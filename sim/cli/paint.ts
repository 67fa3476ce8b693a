/** Colour of single words, where it is wanted. */
import { styleText } from 'node:util';

export type Paint = (style: 'bold' | 'red' | 'yellow' | 'green', text: string) => string;

export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
