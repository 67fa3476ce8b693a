/**
 * `QuoteCycleArena` (playbook 4.2): the bytes that one quote cycle works in. Everything that a cycle makes lives here, side by side:
 * the ladder's levels, its quotes, and the specs of the orders to be sent.
 *
 *   reset ─▶ overhead │ levels, 64 B │ quotes, 16 B │ order specs, 205 B … │ free
 *
 * An allocation moves a mark and nothing else. What does not fit opens another chunk, which is slow and is given back by the next
 * `reset`: so a cycle that always needs more spills always, and the memory does not grow. Views handed out are valid until then.
 */

export interface ArenaSettings {
  /** Bytes of the chunk that is kept, and at least of each further one. A multiple of 8. */
  capacityBytes: number;
}

const FLOAT_BYTES = 8;

export class QuoteCycleArena {
  readonly #capacityBytes: number;
  readonly #kept: DataView<ArrayBuffer>;
  /** The chunk that is being filled, and how far. */
  #chunk: DataView<ArrayBuffer>;
  #mark = 0;
  /** Bytes and allocations of the cycle so far, and chunks that it had to open. */
  usedBytes = 0;
  allocations = 0;
  overflowChunks = 0;
  /** Bytes that others had taken when the cycle began. */
  takenBytes = 0;

  constructor({ capacityBytes }: ArenaSettings) {
    this.#capacityBytes = capacityBytes;
    this.#kept = new DataView(new ArrayBuffer(capacityBytes));
    this.#chunk = this.#kept;
  }

  get capacityBytes(): number {
    return this.#capacityBytes;
  }

  /** A cycle begins: all is free again but what others have taken. The first chunk stays, further ones are given back. */
  reset(takenBytes = 0): void {
    this.#chunk = this.#kept;
    this.#mark = takenBytes;
    this.takenBytes = takenBytes;
    this.usedBytes = 0;
    this.allocations = 0;
    this.overflowChunks = 0;
  }

  /**
   * Takes bytes. They lie in `chunk` at the returned offset, and hold what was there before.
   * @param records what they are, each an allocation of its own for the declared cost
   * @param alignment the offset is a multiple of it
   */
  take(bytes: number, records = 1, alignment = 1): number {
    this.allocations += records;
    this.usedBytes += bytes;
    this.#mark = Math.ceil(this.#mark / alignment) * alignment;
    if (this.#mark + bytes > this.#chunk.byteLength) this.#open(bytes);
    const offset = this.#mark;
    this.#mark += bytes;
    return offset;
  }

  #open(bytes: number): void {
    this.#chunk = new DataView(new ArrayBuffer(Math.max(this.#capacityBytes, bytes)));
    this.#mark = 0;
    this.overflowChunks++;
  }

  /** The chunk that the last allocation lies in. */
  get chunk(): DataView<ArrayBuffer> {
    return this.#chunk;
  }

  /** Numbers; their values are what was there before. */
  floats(count: number, records: number): Float64Array {
    const offset = this.take(count * FLOAT_BYTES, records, FLOAT_BYTES);
    return new Float64Array(this.#chunk.buffer, offset, count);
  }
}
