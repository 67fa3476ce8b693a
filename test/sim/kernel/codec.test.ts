import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../../core/errors.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';

const roundTrip = (state: unknown): unknown => decodeState(encodeState(state));

const noNegativeZero = (x: number): number => (Object.is(x, -0) ? 0 : x);

const typedArrays = fc.oneof(
  fc.uint8Array(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.int16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float32Array().map(array => array.map(noNegativeZero)),
  fc.float64Array().map(array => array.map(noNegativeZero)),
);

const plainData = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double().map(noNegativeZero),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    typedArrays,
    fc.array(tie('value')),
    fc.dictionary(
      fc.string({ unit: 'binary' }).filter(key => key !== '__proto__'),
      tie('value'),
    ),
  ),
})).value;

describe('what goes in comes out', () => {
  it('for drawn plain data, strictly', () => {
    fc.assert(
      fc.property(plainData, state => {
        expect(roundTrip(state)).toStrictEqual(withPrototype(state));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('the same state gives the same bytes, and decoding and encoding again too', () => {
    fc.assert(
      fc.property(plainData, state => {
        const bytes = encodeState(state);
        expect(encodeState(decodeState(bytes))).toEqual(bytes);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('not-a-number, the infinities and integers beyond 2^53', () => {
    const state = [NaN, Infinity, -Infinity, 2 ** 53, 2 ** 63, -(2 ** 64), Number.MAX_VALUE, 5e-324];
    expect(roundTrip(state)).toEqual(state);
  });

  it('keys in their order', () => {
    expect(Object.keys(roundTrip({ z: 1, a: 2, m: 3 }) as object)).toEqual(['z', 'a', 'm']);
  });

  it('names that objects already have', () => {
    const state = { constructor: 1, toString: 'x', hasOwnProperty: null };
    expect(roundTrip(state)).toEqual(state);
  });

  it('nesting up to 100 levels', () => {
    let state: unknown = 1;
    for (let level = 0; level < 100; level++) state = [state];
    expect(roundTrip(state)).toEqual(state);
    expect(() => encodeState([state])).toThrow(/nested deeper than 100/);
  });
});

describe('-0', () => {
  it('becomes 0, alone and in arrays', () => {
    expect(roundTrip([-0, { a: -0 }])).toStrictEqual([0, { a: 0 }]);
    expect(roundTrip(new Float64Array([-0, 1, NaN]))).toStrictEqual(new Float64Array([0, 1, NaN]));
    expect(roundTrip(new Float32Array([-0]))).toStrictEqual(new Float32Array([0]));
  });

  it('stays in the source', () => {
    const source = new Float64Array([-0]);
    encodeState({ source });
    expect(source[0]).toBe(-0);
  });
});

describe('typed arrays', () => {
  it('come back as copies that can be written and are aligned', () => {
    // One byte of string before the array makes its place in the bytes odd.
    const bytes = encodeState(['a', new Float64Array([1.5, 2.5])]);
    const [, array] = decodeState(bytes) as [string, Float64Array];
    expect(array.byteOffset).toBe(0);
    bytes.fill(0);
    expect([...array]).toEqual([1.5, 2.5]);
  });

  it('of which only a window was given hold only that', () => {
    const window = new Int32Array([1, 2, 3, 4]).subarray(1, 3);
    expect(roundTrip(window)).toStrictEqual(new Int32Array([2, 3]));
  });
});

describe('what is refused, with its path', () => {
  class Order {
    price = 1;
  }
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const holes: unknown[] = [1];
  holes[2] = 3;

  it.each([
    ['undefined', { a: [1, { b: undefined }] }, 'state.a[1].b is undefined'],
    ['a hole', { holes }, 'state.holes[1] is undefined'],
    ['undefined itself', undefined, 'state is undefined'],
    ['a function', { f: () => 1 }, 'state.f is a function'],
    ['a bigint', [1n], 'state[0] is a bigint'],
    ['a symbol', [Symbol('x')], 'state[0] is a symbol'],
    ['a symbol key', { a: { [Symbol('x')]: 1 } }, 'state.a has a key that is a symbol'],
    ['a Map', { book: new Map() }, 'state.book is a Map'],
    ['a Set', new Set(), 'state is a Set'],
    ['a Date', { at: new Date(0) }, 'state.at is a Date'],
    ['a class instance', { orders: [new Order()] }, 'state.orders[0] is a Order'],
    ['a DataView', new DataView(new ArrayBuffer(1)), 'state is a DataView'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'state is a ArrayBuffer'],
    ['a Buffer', [Buffer.from('a')], 'state[0] is a Buffer'],
    ['a BigInt64Array', [new BigInt64Array(1)], 'state[0] is a BigInt64Array'],
    ['half a surrogate pair', { name: '\ud800' }, 'state.name is a string with half a surrogate pair'],
    ['such a key', { '\ud800': 1 }, 'state has a key with half a surrogate pair'],
    ['a __proto__ key', JSON.parse('{"a":{"__proto__":1}}'), 'state.a has a key __proto__'],
    ['a cycle', cyclic, 'contains itself'],
  ])('%s', (_name, state, message) => {
    let error: unknown;
    try {
      encodeState(state);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ReplaybookError);
    expect((error as ReplaybookError).code).toBe('internal');
    expect((error as ReplaybookError).message).toContain(message);
  });
});

describe('damaged bytes', () => {
  const bytes = encodeState({ orders: [{ price: 1.5, side: 'bid' }], words: new Int32Array(8), text: 'some text' });
  const codeOf = (damaged: Uint8Array): string => {
    try {
      decodeState(damaged);
      return 'none';
    } catch (error) {
      return error instanceof ReplaybookError ? error.code : `untyped ${error}`;
    }
  };

  it('cut short anywhere', () => {
    for (let length = 0; length < bytes.length; length++) expect(codeOf(bytes.subarray(0, length))).toBe('format');
  });

  it('with something after the end', () => {
    expect(codeOf(new Uint8Array([...bytes, 0]))).toBe('format');
  });

  it('with any bit flipped give another value or a typed error, nothing else', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(['none', 'format']).toContain(codeOf(damaged));
    }
  });

  it.each([
    ['an array of four thousand million', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a text of four thousand million', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['an unknown extension', [0xd4, 99, 0]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['half a Float64Array', [0xd6, 7, 0, 0, 0, 0]],
    ['a __proto__ key', [0x81, 0xa9, ...Buffer.from('__proto__'), 0x01]],
    ['nothing', []],
  ])('that claim %s', (_name, claim) => {
    expect(codeOf(new Uint8Array(claim))).toBe('format');
  });
});

/** fast-check's dictionaries may have no prototype; decoded ones have. */
function withPrototype(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrototype);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPrototype(inner)]));
}
