/**
 * YAML text as plain values, with the place of every key and value.
 *
 * Guarantees: only objects with text keys, lists, texts, numbers, booleans and null come out; no key is given twice; no key
 * can reach an object's prototype; aliases are refused, so that a small text cannot unfold into a large one.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Place } from '../core/errors.ts';
import { Complaints, type Part, type Path, type Places, pathText } from './complaints.ts';
import { MAX_NESTING, tooDeepAt } from './nesting.ts';

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type PlainMap = { [key: string]: Plain };

/** Keys that mean something to JavaScript itself. */
const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

export class Tree implements Places {
  value: Plain = null;
  readonly #file: string;
  readonly #lines = new LineCounter();
  /** Offsets by path; `key:` and `value:` apart. */
  readonly #offsets = new Map<string, number>();
  /** Paths that did not come from the file, with the option that set them. */
  readonly #origins = new Map<string, string>();

  /** Reads a text; what cannot be read is thrown as one `ScenarioError`. `file` is only named in messages. */
  constructor(text: string, file: string) {
    this.#file = file;
    const complaints = new Complaints(this);
    const tooDeep = tooDeepAt(text);
    if (tooDeep !== null) {
      complaints.addAt({ file, ...tooDeep }, `nested deeper than ${MAX_NESTING} levels`);
      complaints.throwIfAny();
    }
    // Keys given twice are found below: the library compares every pair of keys, which takes minutes on a hostile file.
    const document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
      version: '1.2',
      resolveKnownTags: false,
    });
    for (const issue of [...document.errors, ...document.warnings]) {
      complaints.addAt(this.#placeAt(issue.pos[0]), `not valid YAML: ${issue.message}`);
    }
    complaints.throwIfAny();
    if (document.contents !== null) this.value = this.#read(document.contents, [], complaints);
    complaints.throwIfAny();
  }

  /** Where a part was written: the part itself, or the nearest part around it that was written at all. */
  placeOf(path: Path, part: Part): Place {
    const around = Array.from({ length: path.length + 1 }, (_, shorter) =>
      pathText(path.slice(0, path.length - shorter)),
    );
    const origin = around.map(text => this.#origins.get(text)).find(found => found !== undefined);
    if (origin !== undefined) return { file: origin };
    for (const [shorter, text] of around.entries()) {
      const offset = this.#offsets.get(`${shorter === 0 ? part : 'key'}:${text}`) ?? this.#offsets.get(`value:${text}`);
      if (offset !== undefined) return this.#placeAt(offset);
    }
    return { file: this.#file, line: 1, column: 1 };
  }

  /** Says that what stands at a path was set by an option of the command line, whose words complaints then name. */
  setOrigin(path: Path, origin: string): void {
    this.#origins.set(pathText(path), origin);
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  #read(node: Node, path: Path, complaints: Complaints): Plain {
    const offset = node.range?.[0] ?? 0;
    this.#offsets.set(`value:${pathText(path)}`, offset);
    if (isAlias(node)) {
      complaints.add(path, 'aliases (*name) are not allowed: write the value out');
      return null;
    }
    if (isScalar(node)) {
      const { value } = node;
      if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
        return value;
      }
      complaints.add(path, 'expected a text, a number, true, false or null');
      return null;
    }
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => this.#read(item, [...path, index], complaints));
    }
    if (!isMap<Node, Node | null>(node)) return null;
    const map: PlainMap = {};
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const keyOffset = key.range?.[0] ?? offset;
      if (!isScalar(key) || typeof key.value !== 'string') {
        complaints.addAt(this.#placeAt(keyOffset), 'a key must be a text: put it in quotes');
        continue;
      }
      const name = key.value;
      const inner = [...path, name];
      if (FORBIDDEN_KEYS.includes(name)) {
        complaints.addAt(this.#placeAt(keyOffset), `${pathText(inner)}: this key is not allowed`);
        continue;
      }
      if (seen.has(name)) {
        complaints.addAt(this.#placeAt(keyOffset), `${pathText(inner)}: this key is given twice`);
        continue;
      }
      seen.add(name);
      this.#offsets.set(`key:${pathText(inner)}`, keyOffset);
      map[name] = value === null ? null : this.#read(value, inner, complaints);
    }
    return map;
  }
}

export function isPlainMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
