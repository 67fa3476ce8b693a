/** Whether this machine keeps the lowest byte of a number first, as all our files do; asked of the machine itself. */
export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A column of a file of ours. */
export type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/** The column's bytes, lowest first; a view where the machine keeps them so, which all common ones do. */
export function littleEndian(values: Column): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (LITTLE_ENDIAN || values.BYTES_PER_ELEMENT === 1) return bytes;
  const swapped = Buffer.from(bytes);
  if (values.BYTES_PER_ELEMENT === 2) return swapped.swap16();
  return values.BYTES_PER_ELEMENT === 4 ? swapped.swap32() : swapped.swap64();
}
