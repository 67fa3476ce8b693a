/**
 * A CRC-32 over a whole Arrow file, put where Arrow's readers do not look: between the last batch and the footer, which
 * they find from the file's end. With it, damage is noticed before anything of the file is believed. The two bytes of padding
 * after the opening magic say that there is a seal, so that a file of another program can be told from a damaged one.
 *
 *     ARROW1 │ RB │ schema, batches … │ seal: magic, CRC-32, 4 zero bytes │ footer │ its length │ ARROW1
 */
import { crc32 } from 'node:zlib';
import { ReplaybookError } from '../core/errors.ts';

const SEAL_MAGIC = Buffer.from('RPBKCRC1');
const SEAL_BYTES = 16;
const ARROW_MAGIC = Buffer.from('ARROW1');
const SEALED_MARK = Buffer.from('RB');
/** Opening magic and its padding. */
const OPENING_BYTES = 8;
/** Length of the footer, and the closing magic. */
const TAIL_BYTES = 10;

/** The file with its seal put in. Throws `format` where the bytes are not an Arrow file. */
export function sealArrow(file: Uint8Array): Buffer {
  const footer = footerStart(file);
  const sealed = Buffer.alloc(file.length + SEAL_BYTES);
  sealed.set(file.subarray(0, footer), 0);
  sealed.set(file.subarray(footer), footer + SEAL_BYTES);
  sealed.set(SEALED_MARK, ARROW_MAGIC.length);
  sealed.set(SEAL_MAGIC, footer);
  sealed.writeUInt32LE(checksum(sealed, footer), footer + SEAL_MAGIC.length);
  return sealed;
}

/**
 * Makes sure that the file is as we wrote it. Throws `format` where it is not an Arrow file, not one of ours, or its seal says
 * that it is damaged. `noSeal`: what a file without a seal cannot be, and what to do.
 */
export function checkSeal(file: Buffer, noSeal: string): void {
  const seal = footerStart(file) - SEAL_BYTES;
  const marked = standsAt(file, ARROW_MAGIC.length, SEALED_MARK);
  const sealed = seal >= OPENING_BYTES && standsAt(file, seal, SEAL_MAGIC);
  if (!marked && !sealed) {
    throw new ReplaybookError('format', `an Arrow file without Replaybook's checksum: ${noSeal}`, { offset: 0 });
  }
  const value = seal + SEAL_MAGIC.length;
  if (!marked || !sealed || file.readUInt32LE(value) !== checksum(file, seal) || file.readUInt32LE(value + 4) !== 0) {
    const offset = Math.max(0, seal);
    throw new ReplaybookError('format', `the checksum of the file differs (byte ${offset}): it is damaged`, { offset });
  }
}

/** Whether a file that begins with these bytes was sealed by us, so that it may be replaced by a tape; damaged or not. */
export function isSealed(head: Uint8Array): boolean {
  return standsAt(head, 0, ARROW_MAGIC) && standsAt(head, ARROW_MAGIC.length, SEALED_MARK);
}

function checksum(file: Uint8Array, seal: number): number {
  return crc32(file.subarray(seal + SEAL_BYTES), crc32(file.subarray(0, seal)));
}

/** Where the footer begins. Throws `format` where the bytes do not begin and end as an Arrow file does. */
export function footerStart(file: Uint8Array): number {
  const tail = file.length - TAIL_BYTES;
  if (tail < OPENING_BYTES || !standsAt(file, 0, ARROW_MAGIC) || !standsAt(file, tail + 4, ARROW_MAGIC)) {
    throw new ReplaybookError('format', 'the file does not begin and end as an Arrow file does: it is cut or damaged', {
      offset: file.length,
    });
  }
  const footer = tail - new DataView(file.buffer, file.byteOffset, file.byteLength).getInt32(tail, true);
  if (footer >= tail || footer < OPENING_BYTES) {
    throw new ReplaybookError('format', 'impossible length of the Arrow footer', { offset: tail });
  }
  return footer;
}

function standsAt(file: Uint8Array, at: number, text: Buffer): boolean {
  return text.equals(file.subarray(at, at + text.length));
}
