/** The part of seedrandom that is used. Its published types describe only the whole package, which takes longer to load. */
declare module 'seedrandom/lib/tychei.js' {
  export interface TycheiState {
    a: number;
    b: number;
    c: number;
    d: number;
  }

  export interface Tychei {
    /** A number in (0, 1) with 53 random bits. */
    double(): number;
    /** A copy of the four words, int32 each. */
    state(): TycheiState;
  }

  /** `state: true` seeds from the text and lets the state be read; a state is taken over as it is. */
  export default function tychei(seed: string, options: { state: true | TycheiState }): Tychei;
}
