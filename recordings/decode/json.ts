/** Checked access to what JSON.parse gives: every mismatch is a `format` error that names the field. */
import { ReplaybookError } from '../../core/errors.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** Parses the bytes of one frame. Throws `format` where they are not JSON. */
export function parseJson(bytes: Uint8Array, start: number, end: number): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReplaybookError('format', 'not a JSON text', {}, cause);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new ReplaybookError('format', `${what} is not an object`);
  return value;
}

export function listAt(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ReplaybookError('format', `${what} is not a list`);
  return value;
}

export function stringAt(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new ReplaybookError('format', `${what} is not a text`);
  return value;
}

/** An integer from 0 to `max`. */
export function integerAt(value: unknown, what: string, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new ReplaybookError('format', `${what} is not an integer from 0 to ${max}`);
  }
  return value === 0 ? 0 : value;
}
