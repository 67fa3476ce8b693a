/** Columns of ours as Arrow takes them, without a copy. */
import type { Data, DataType, Field } from 'apache-arrow';
import type { BinaryColumn } from './arrow-file.ts';
import type { Column } from './byte-order.ts';

/** apache-arrow, loaded only where a file is written: it takes a quarter of a second. */
export type Arrow = typeof import('apache-arrow');

/** A field without gaps: our columns have none. */
export function fullField(arrow: Arrow, name: string, type: DataType): Field {
  return new arrow.Field(name, type, false);
}

/** A column of numbers. */
export function flatData(arrow: Arrow, type: DataType, column: Column): Data {
  return new arrow.Data(type, 0, column.length, 0, [undefined, column]);
}

/** A column of lists of structs: where each list begins, and the struct's columns. */
export function listData(arrow: Arrow, type: DataType, offsets: Int32Array, columns: Column[]): Data {
  const struct: DataType = type.children[0].type;
  const children = columns.map((column, i) => flatData(arrow, struct.children[i].type, column));
  const rows = new arrow.Data(struct, 0, columns[0].length, 0, undefined, children);
  return new arrow.Data(type, 0, offsets.length - 1, 0, [offsets], [rows]);
}

/** A column of byte strings. */
export function binaryData(arrow: Arrow, type: DataType, { offsets, bytes }: BinaryColumn): Data {
  return new arrow.Data(type, 0, offsets.length - 1, 0, [offsets, bytes]);
}
