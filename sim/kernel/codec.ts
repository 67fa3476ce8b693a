/**
 * The one codec of snapshots: plain data to bytes and back (design, section 4).
 *
 * Plain data is null, booleans, numbers, well-formed strings, dense arrays, objects without a class, and typed arrays.
 * Anything else is refused with its path, because it would come back as something else. Keys keep their order. What was one
 * object in two places comes back as two. -0 becomes 0, also in float arrays: the two would print alike and digest apart.
 */
import { decode, ExtData, type ExtensionCodecType, encode } from '@msgpack/msgpack';
import { ReplaybookError } from '../../core/errors.ts';

/** Extension type of each kind of array: its index. Only ever append; files hold these numbers. */
const ARRAY_KINDS = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;
type PlainArray = InstanceType<(typeof ARRAY_KINDS)[number]>;

const MAX_DEPTH = 100;
const LONE_SURROGATE = /\p{Surrogate}/u;

const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode(value: unknown): ExtData | null {
    if (!ArrayBuffer.isView(value)) return null;
    const array = value as PlainArray;
    return new ExtData(kindOf(array), bytesOf(array));
  },

  decode(data: Uint8Array, type: number): PlainArray {
    const kind = ARRAY_KINDS[type];
    if (kind === undefined) throw new RangeError(`unknown extension type ${type}`);
    if (data.length % kind.BYTES_PER_ELEMENT !== 0) {
      throw new RangeError(`${data.length} bytes are not a whole number of ${kind.name} elements`);
    }
    // A copy of its own, aligned whatever its place in the file.
    return new kind(new Uint8Array(data).buffer);
  },
};

/** The extension type, or -1 for what is none of the arrays: DataView, Buffer, BigInt64Array and other classes. */
function kindOf(array: object): number {
  const prototype: unknown = Object.getPrototypeOf(array);
  return ARRAY_KINDS.findIndex(kind => kind.prototype === prototype);
}

function bytesOf(array: PlainArray): Uint8Array {
  if (array instanceof Float64Array || array instanceof Float32Array) {
    const copy = array.slice();
    // -0 + 0 is 0; no other number changes.
    for (let index = 0; index < copy.length; index++) copy[index] += 0;
    return new Uint8Array(copy.buffer);
  }
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Bytes of plain data. What is not plain data is a defect of the program: code `internal`, with its path. */
export function encodeState(state: unknown): Uint8Array {
  const problem = findUnfit(state, 0);
  if (problem !== null) throw new ReplaybookError('internal', `A snapshot cannot hold this: state${problem}.`);
  return encode(state, { extensionCodec, maxDepth: MAX_DEPTH + 1 });
}

/** What `encodeState` was given, all of it fresh. Damaged bytes are refused with the code `format`. */
export function decodeState(bytes: Uint8Array): unknown {
  // No length that damaged bytes may claim can be more than the bytes themselves.
  const limit = bytes.length;
  try {
    return decode(bytes, {
      extensionCodec,
      maxStrLength: limit,
      maxBinLength: limit,
      maxArrayLength: limit,
      maxMapLength: limit,
      maxExtLength: limit,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplaybookError('format', `The snapshot's data is damaged: ${reason}.`, {}, cause);
  }
}

/** The path and name of the first part that is not plain data, as `.orders[3].price is a bigint`, or null. */
function findUnfit(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return null;
    case 'string':
      return LONE_SURROGATE.test(value) ? ' is a string with half a surrogate pair' : null;
    case 'object':
      return value === null ? null : findUnfitObject(value, depth);
    default:
      return value === undefined ? ' is undefined' : ` is a ${typeof value}`;
  }
}

function findUnfitObject(value: object, depth: number): string | null {
  if (depth >= MAX_DEPTH) return ` is nested deeper than ${MAX_DEPTH} levels, or contains itself`;
  if (Array.isArray(value)) {
    // By index, and not by forEach, which would skip the holes.
    for (let index = 0; index < value.length; index++) {
      const problem = findUnfit(value[index], depth + 1);
      if (problem !== null) return `[${index}]${problem}`;
    }
    return null;
  }
  if (ArrayBuffer.isView(value)) return kindOf(value) < 0 ? ` is a ${className(value)}` : null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return ` is a ${className(value)}`;
  if (Object.getOwnPropertySymbols(value).length > 0) return ' has a key that is a symbol';
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') return ' has a key __proto__';
    if (LONE_SURROGATE.test(key)) return ' has a key with half a surrogate pair';
    const problem = findUnfit(inner, depth + 1);
    if (problem !== null) return `.${key}${problem}`;
  }
  return null;
}

function className(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === 'function' && made.name !== '' ? made.name : 'class instance';
}
