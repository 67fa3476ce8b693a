/**
 * Ways to damage bytes, drawn: positions and lengths are shares of the length, so that each fits every file. Whatever a disk,
 * a transfer or a hand may do to a file: cut it, flip bits, repeat, swap, remove or overwrite pieces, put in pieces of other
 * formats, claim huge lengths, and in a text put values of another type.
 */
import fc from 'fast-check';

export type Damage =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'byte'; at: number; value: number }
  | { kind: 'cut'; at: number }
  | { kind: 'repeat' | 'remove'; at: number; length: number }
  | { kind: 'swap'; at: number; other: number; length: number }
  | { kind: 'huge'; at: number; claim: readonly number[] }
  | { kind: 'zeros'; at: number; length: number }
  | { kind: 'foreign'; at: number; piece: string; whole: boolean }
  | { kind: 'value'; at: number; value: string }
  | { kind: 'lines'; at: number; other: number; how: 'swap' | 'repeat' | 'remove' }
  | { kind: 'empty' };

const share = fc.nat({ max: 999_999 }).map(millionths => millionths / 1_000_000);

/** Beginnings of all formats that are read here, and of some that are not. */
const FOREIGN = [
  'ARROW1\0\0',
  'ARROW1RB',
  'RPBKREC1',
  'RBSNAP\r\n',
  '\x1f\x8b\x08\0\0\0\0\0\0\x03',
  '\x04\x22\x4d\x18\x64\x40\xa7',
  '\x50\x2a\x4d\x18\xff\xff\xff\xff',
  'PK\x03\x04',
  'PAR1',
  '%PDF-1.7\n',
  '\x89PNG\r\n\x1a\n',
  '\xef\xbb\xbf',
  '\xff\xfe',
  '<?xml version="1.0"?>\n',
  '1737918843893903000 {"channel":"l2Book","data":{}}\n',
  'title: x\nplaybook: null\n',
];

const CLAIMS = [
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];

/** What may stand in the place of a value of JSON or YAML. */
const VALUES = [
  'null',
  'true',
  '{}',
  '[]',
  '[[]]',
  '""',
  '"1e999"',
  '"0"',
  '"0.0"',
  '"00.10"',
  '"1.123456789"',
  '"99999999999999999999"',
  '"\\ud800"',
  '"-1"',
  '"1e3"',
  '-1',
  '-0',
  '0.5',
  '1e3',
  '1e999',
  '9007199254740993',
  '99999999999999999999999',
  'NaN',
  '*a',
  '&a 1',
  '!!binary "x"',
  '{"__proto__":1}',
  '"a":1,"a":2',
  '\t',
  '\\',
];

export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('byte' as const), at: share, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
  fc.record({ kind: fc.constantFrom('repeat' as const, 'remove' as const), at: share, length: share }),
  fc.record({ kind: fc.constant('swap' as const), at: share, other: share, length: share }),
  fc.record({ kind: fc.constant('huge' as const), at: share, claim: fc.constantFrom(...CLAIMS) }),
  fc.record({ kind: fc.constant('zeros' as const), at: share, length: share }),
  fc.record({
    kind: fc.constant('foreign' as const),
    at: share,
    piece: fc.constantFrom(...FOREIGN),
    whole: fc.boolean(),
  }),
);

/** What may happen to a text besides. */
export const textDamage: fc.Arbitrary<Damage> = fc.oneof(
  { arbitrary: damage, weight: 3 },
  {
    arbitrary: fc.record({ kind: fc.constant('value' as const), at: share, value: fc.constantFrom(...VALUES) }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('lines' as const),
      at: share,
      other: share,
      how: fc.constantFrom('swap' as const, 'repeat' as const, 'remove' as const),
    }),
    weight: 1,
  },
);

export const EMPTY: Damage = { kind: 'empty' };

/** The damaged bytes: a copy. */
export function damaged(bytes: Uint8Array, what: Damage): Buffer {
  const size = bytes.length;
  const copy = Buffer.from(bytes);
  if (what.kind === 'empty' || size === 0) return Buffer.alloc(0);
  const at = Math.floor(what.at * size);
  const reach = (length: number): number => Math.min(size, at + 1 + Math.floor(length * Math.min(size, 4_096)));
  switch (what.kind) {
    case 'flip':
      copy[at] ^= 1 << what.bit;
      return copy;
    case 'byte':
      copy[at] = what.value;
      return copy;
    case 'cut':
      return copy.subarray(0, at);
    case 'repeat':
      return Buffer.concat([copy.subarray(0, reach(what.length)), copy.subarray(at)]);
    case 'remove':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(reach(what.length))]);
    case 'huge':
      copy.set(what.claim.slice(0, size - at), at);
      return copy;
    case 'zeros':
      return copy.fill(0, at, reach(what.length));
    case 'foreign': {
      const piece = Buffer.from(what.piece, 'latin1');
      return what.whole
        ? Buffer.concat([piece, copy])
        : Buffer.concat([copy.subarray(0, at), piece, copy.subarray(at)]);
    }
    case 'swap': {
      const length = 1 + Math.floor(what.length * Math.min(size / 2, 4_096));
      const other = Math.floor(what.other * (size - length));
      const from = Math.min(at, size - length);
      copy.set(bytes.subarray(other, other + length), from);
      copy.set(bytes.subarray(from, from + length), other);
      return copy;
    }
    case 'value':
      return withValue(copy, at, what.value);
    case 'lines':
      return withLines(copy, what);
  }
}

/** Puts a value in the place of the one that stands at or after a position. */
function withValue(text: Buffer, at: number, value: string): Buffer {
  const colon = Math.max(text.indexOf(':', at), text.indexOf(',', at));
  if (colon === -1) return text;
  let end = colon + 1;
  let isQuoted = false;
  while (end < text.length) {
    const byte = text.toString('latin1', end, end + 1);
    if (byte === '"') isQuoted = !isQuoted;
    else if (!isQuoted && ',}]\n'.includes(byte)) break;
    end++;
  }
  return Buffer.concat([text.subarray(0, colon + 1), Buffer.from(value), text.subarray(end)]);
}

function withLines(text: Buffer, { at, other, how }: { at: number; other: number; how: string }): Buffer {
  const lines = text.toString('latin1').split('\n');
  const one = Math.floor(at * lines.length);
  const two = Math.floor(other * lines.length);
  if (how === 'swap') [lines[one], lines[two]] = [lines[two], lines[one]];
  else if (how === 'repeat') lines.splice(two, 0, lines[one]);
  else lines.splice(one, 1);
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** How many draws a reader gets. `REPLAYBOOK_DRAWS=10000` takes some ten minutes on two cores. */
export const DRAWS = Number(process.env.REPLAYBOOK_DRAWS ?? (process.env.CI === 'true' ? 2_000 : 300));

/** What a reader's draws may take, ms, on a machine that does other things besides: a draw takes one to five when it is idle. */
export const DRAWS_TIMEOUT_MS = 120_000 + DRAWS * 60;

/** Under a seed of their own, so that a failure comes again. */
export function draws(): { seed: number; numRuns: number } {
  return { seed: 1, numRuns: DRAWS };
}
