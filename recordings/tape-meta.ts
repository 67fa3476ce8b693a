/** Reads the JSON that a tape file keeps in its schema's metadata, and believes nothing of it unchecked. */
import { ReplaybookError } from '../core/errors.ts';
import type { Instrument } from '../core/market.ts';
import { integerAt, isObject, listAt, objectAt, stringAt } from './decode/json.ts';
import type { TapeOrigin, TapeSource } from './tape.ts';
import { TAPE_FORMAT_VERSION } from './tape-schema.ts';

export interface TapeMeta {
  name: string;
  identity: string;
  originNs: string;
  source: TapeSource;
  instruments: Instrument[];
}

/** Throws `format` where the text is missing, no JSON, of another version, or lacks a field. */
export function readTapeMeta(text: string | undefined): TapeMeta {
  if (text === undefined) throw new ReplaybookError('format', 'an Arrow file, but not a Replaybook tape');
  const meta = objectAt(parse(text), 'metadata');
  if (meta.version !== TAPE_FORMAT_VERSION) {
    throw new ReplaybookError(
      'format',
      `tape version ${String(meta.version)}, but only ${TAPE_FORMAT_VERSION} is known`,
    );
  }
  const source = objectAt(meta.source, 'source');
  if (typeof source.recorded !== 'boolean') throw new ReplaybookError('format', 'source.recorded is not a boolean');
  return {
    name: stringAt(meta.name, 'name'),
    identity: stringAt(meta.identity, 'identity'),
    originNs: stringAt(meta.originNs, 'originNs'),
    source: {
      format: stringAt(source.format, 'source.format'),
      file: stringAt(source.file, 'source.file'),
      recvShiftNs: integerAt(source.recvShiftNs, 'source.recvShiftNs'),
      recorded: source.recorded,
      ...(source.origin === undefined ? {} : { origin: originAt(source.origin) }),
    },
    instruments: instrumentsAt(meta.instruments, 'instruments'),
  };
}

function originAt(value: unknown): TapeOrigin {
  const origin = objectAt(value, 'source.origin');
  return {
    sha256: stringAt(origin.sha256, 'source.origin.sha256'),
    bytes: integerAt(origin.bytes, 'source.origin.bytes'),
    importer: integerAt(origin.importer, 'source.origin.importer'),
  };
}

/** Throws `format` where a field is missing or of another type. */
export function instrumentsAt(value: unknown, what: string): Instrument[] {
  return listAt(value, what).map(instrumentAt);
}

function instrumentAt(value: unknown): Instrument {
  if (!isObject(value)) throw new ReplaybookError('format', 'an instrument is not an object');
  const minNotionalUsd = value.minNotionalUsd;
  if (typeof minNotionalUsd !== 'number') throw new ReplaybookError('format', 'minNotionalUsd is not a number');
  return {
    symbol: stringAt(value.symbol, 'symbol'),
    priceDecimals: integerAt(value.priceDecimals, 'priceDecimals'),
    sizeDecimals: integerAt(value.sizeDecimals, 'sizeDecimals'),
    significantFigures: integerAt(value.significantFigures, 'significantFigures'),
    minNotionalUsd,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReplaybookError('format', 'the metadata is no JSON', {}, cause);
  }
}
