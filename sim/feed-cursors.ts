/**
 * The tape's two cursors, as sources of the kernel: one in exchange order, at exchange times, which moves the true market;
 * one in receive order, at receive times, which delivers to the core. Neither touches the heap.
 */
import { frameCount, type Tape } from '../recordings/tape.ts';
import { CLASS_DELIVERY, CLASS_MARKET, type Source } from './kernel/kernel.ts';

/** Walks over frames in an order in which their times never fall. */
export class FeedCursor implements Source {
  readonly eventClass: number;
  headNs = Infinity;
  readonly #timesNs: Float64Array;
  readonly #frames: Uint32Array;
  readonly #onFrame: (frame: number) => void;
  #position: number;

  /** `timesNs` and `frames` run in parallel: frame `frames[i]` happens at `timesNs[i]`. */
  constructor(
    eventClass: number,
    timesNs: Float64Array,
    frames: Uint32Array,
    position: number,
    onFrame: (frame: number) => void,
  ) {
    this.eventClass = eventClass;
    this.#timesNs = timesNs;
    this.#frames = frames;
    this.#onFrame = onFrame;
    this.#position = position;
    this.#readHead();
  }

  dispatch(): void {
    this.#onFrame(this.next());
  }

  /** The next frame's number; the cursor moves on. */
  next(): number {
    const frame = this.#frames[this.#position++];
    this.#readHead();
    return frame;
  }

  #readHead(): void {
    const at = this.#position;
    this.headNs = at < this.#timesNs.length ? this.#timesNs[at] : Infinity;
  }

  /** Number of frames passed. */
  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
    this.#readHead();
  }
}

/** All frames in exchange order. */
export function exchangeCursor(tape: Tape, onFrame: (frame: number) => void): FeedCursor {
  const { exchangeOrder, frames } = tape;
  const timesNs = new Float64Array(exchangeOrder.length);
  for (let at = 0; at < timesNs.length; at++) timesNs[at] = frames.exchNs[exchangeOrder[at]];
  return new FeedCursor(CLASS_MARKET, timesNs, exchangeOrder, 0, onFrame);
}

/** The frames that were received at `fromNs` or later, in receive order. */
export function receiveCursor(tape: Tape, fromNs: number, onFrame: (frame: number) => void): FeedCursor {
  const { recvNs } = tape.frames;
  const frames = new Uint32Array(frameCount(tape));
  for (let frame = 0; frame < frames.length; frame++) frames[frame] = frame;
  let position = 0;
  while (position < recvNs.length && recvNs[position] < fromNs) position++;
  return new FeedCursor(CLASS_DELIVERY, recvNs, frames, position, onFrame);
}
