/** Walks over the frames of a live tape in the order in which they are received, as far as there are any. */
import { CLASS_DELIVERY, type Source } from '../kernel/kernel.ts';
import type { LiveTape } from './live-tape.ts';

export class LiveCursor implements Source {
  readonly eventClass = CLASS_DELIVERY;
  headNs = Infinity;
  readonly #tape: LiveTape;
  readonly #onFrame: (frame: number) => void;
  #position = 0;

  constructor(tape: LiveTape, onFrame: (frame: number) => void) {
    this.#tape = tape;
    this.#onFrame = onFrame;
  }

  dispatch(): void {
    const frame = this.#position++;
    this.readHead();
    this.#onFrame(frame);
  }

  /** To be called when frames have been written. */
  readHead(): void {
    this.headNs = this.#position < this.#tape.frameCount ? this.#tape.frames.recvNs[this.#position] : Infinity;
  }

  /** Number of frames passed. */
  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
    this.readHead();
  }
}
