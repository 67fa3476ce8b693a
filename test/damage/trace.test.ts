/**
 * Damaged traces: a typed error that names the file and a place in it. With the checksum made again after the damage, so that it
 * gets past: a typed error too, or the trace as it was where the damage strikes nothing that counts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { ReplaybookError } from '../../core/errors.ts';
import { footerStart } from '../../recordings/seal.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { StoredTrace } from '../../sim/trace/trace-decode.ts';
import { driveTrace } from '../../sim/trace/trace-driver.ts';
import { encodeTrace } from '../../sim/trace/trace-encode.ts';
import { readTrace } from '../../sim/trace/trace-file.ts';
import { TraceRecorder } from '../../sim/trace/trace-recorder.ts';
import { tempFolder } from '../recordings/support.ts';
import { S, syntheticRun, witness } from '../sim/trace/support.ts';
import { type Damage, DRAWS_TIMEOUT_MS, damage, damaged, draws, EMPTY } from './draws.ts';
import { withinMemory } from './memory.ts';

const folder = tempFolder();
const path = `${folder}/damaged`;
const recorder = new TraceRecorder();
new Simulation({ ...syntheticRun('calm', []), toNs: 3 * S, healNs: 2 * S }, [recorder], createCore).run();
const { bytes, identity } = encodeTrace(arrow, recorder.trace(), '1.0.0', { seed: 1 });
const whole = Buffer.from(bytes);
const told = calls({ trace: recorder.trace(), identity, facts: { seed: 1 } });

/** The calls that a trace makes. */
function calls({ trace }: StoredTrace): string[] {
  const observer = witness();
  driveTrace(trace, [observer]);
  return [...observer.calls, observer.core()];
}

/** What is made of damaged bytes, or the error, which is typed and names the file. */
function outcome(content: Buffer): StoredTrace | ReplaybookError {
  writeFileSync(path, content);
  try {
    return readTrace(path, '1.0.0');
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    expect([error.code, error.place.file]).toEqual(['format', path]);
    expect(error.message.startsWith(`trace ${path}: `)).toBe(true);
    return error;
  }
}

/** Draws damages of the file; those that change nothing do not count. */
async function draw(hold: (content: Buffer) => void): Promise<void> {
  const drawn = fc.array(damage, { minLength: 1, maxLength: 3 });
  await withinMemory(() =>
    fc.assert(
      fc.property(drawn, (damages: Damage[]) => {
        const content = damages.reduce(damaged, whole);
        if (!content.equals(whole)) hold(content);
      }),
      { ...draws(), examples: [[[EMPTY]]] },
    ),
  );
}

describe('a trace', () => {
  it('is what it was when it is whole', () => {
    writeFileSync(path, whole);
    const stored = readTrace(path, '1.0.0');
    expect([stored.identity, stored.facts]).toEqual([identity, { seed: 1 }]);
    expect(calls(stored)).toEqual(told);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  it(
    'is refused, whatever is damaged',
    async () => {
      await draw(content => {
        const error = outcome(content);
        expect(error).toBeInstanceOf(ReplaybookError);
        if (!(error instanceof ReplaybookError)) return;
        expect(error.place.offset).toBeGreaterThanOrEqual(0);
        expect(error.place.offset).toBeLessThanOrEqual(content.length);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  it(
    'with its checksum made again gives a typed error, or the trace as it was',
    async () => {
      await draw(content => {
        const stored = outcome(sealedAgain(content));
        if (stored instanceof ReplaybookError) return;
        expect([stored.identity, stored.facts]).toEqual([identity, { seed: 1 }]);
        expect(calls(stored)).toEqual(told);
      });
    },
    DRAWS_TIMEOUT_MS,
  );
});

function sealedAgain(content: Buffer): Buffer {
  let seal: number;
  try {
    seal = footerStart(content) - 16;
  } catch {
    return content;
  }
  if (seal < 8) return content;
  const copy = Buffer.from(content);
  copy.writeUInt32LE(crc32(copy.subarray(seal + 16), crc32(copy.subarray(0, seal))), seal + 8);
  return copy;
}
