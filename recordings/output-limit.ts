/** How much may come out of a compressed file, so that a small one cannot fill the memory. */
import { ReplaybookError } from '../core/errors.ts';

/** Most bytes that may come out of a compressed file, unless the caller says otherwise. */
export const MAX_OUTPUT_BYTES = 1_073_741_824;
/**
 * Of market data comes out some 10 to 30 times what went in. Where much more has come out than this many bytes already, the
 * file was made to fill the memory.
 */
const UNSUSPICIOUS_BYTES = 33_554_432;
const MAX_EXPANSION = 200;

/** Throws `format`, with the offset `consumed`, where too much has come out of the first `consumed` bytes of a file. */
export function checkOutput(packer: string, consumed: number, produced: number, maxBytes: number): void {
  const isBomb = produced > UNSUSPICIOUS_BYTES && produced > consumed * MAX_EXPANSION;
  if (produced <= maxBytes && !isBomb) return;
  const what = isBomb
    ? `more than ${MAX_EXPANSION} times what went in comes out`
    : `more than ${maxBytes} bytes come out`;
  throw new ReplaybookError('format', `${packer}: ${what} (up to byte ${consumed})`, { offset: consumed });
}
